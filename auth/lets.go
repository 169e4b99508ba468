package auth

// Lets reports whether the operation that p calls still lets the caller in who now is: by its rule, and, where a rule of Objects.All let p reach what is
// somebody else's, by that. It is for what an operation finds out once its guard has run, such as within the transaction of a write: accounts.Still
// asks it. Where p was not judged by a guard, as in the test of a handler, there is no rule to break. Nobody is never let in.
func (p *Principal) Lets(now Identity) bool {
	if p.who() == nil || now.Subject != p.of.Subject {
		return false
	}
	if p.by == nil {
		return true
	}
	now.AuthenticatedAt = p.of.AuthenticatedAt // which nothing changes
	before, is := claimant{of: p.of, by: p.by}, claimant{of: &now, by: p.by}
	if !p.by.rule.allows(&is) {
		return false
	}
	for _, thing := range p.by.objects {
		if thing.all != nil && thing.all.allows(&before) && !thing.all.allows(&is) {
			return false
		}
	}
	return true
}
