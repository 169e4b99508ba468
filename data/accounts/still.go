package accounts

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// Still judges the caller of an operation once more, within the transaction that does what they ask for: between the guard and the transaction somebody may
// have ended their session or key, kept them out, or taken the role from them. Those are answered 401, with a challenge, and 403; what the transaction did
// is rolled back with it. It is for callers by Tokens and VerifyKey, and belongs before what is written, above all where that is for an admin.
//
// The transaction is one of data.DB.Write or data.DB.Tx with its default isolation: it behaves as if it ran alone, so of two admins who take the role from each
// other at once, one finds that it is gone.
func (a *Accounts) Still(ctx context.Context, tx *data.Tx, p *auth.Principal) error {
	now, live, err := a.nowIs(ctx, tx, p)
	switch {
	case err != nil:
		return err
	case !live:
		return a.revoked()
	case !p.Lets(now):
		a.event(ctx, "authz_fail", p.Subject(), errNoMore)
		return problem.New(problem.CodeForbidden, "").Wrap(errNoMore)
	}
	return nil
}

// errNoMore is why a caller is refused whom the guard let in.
var errNoMore = errors.New("accounts: the caller has lost what the rule asks for since the guard asked")

// nowIs is who a caller is now, and whether what they show still counts.
func (a *Accounts) nowIs(ctx context.Context, q data.Querier, p *auth.Principal) (now auth.Identity, live bool, err error) {
	if p.Subject() == "" {
		return now, false, nil
	}
	if p.Kind() == auth.KindMachine {
		row, who, err := a.key(ctx, q, keyKID.Is(p.Credential()))
		if errors.Is(err, data.ErrNoRows) {
			return now, false, nil
		}
		return a.keyIdentity(row, who), !row.Ended.Valid && who.Active && row.Subject == p.Subject() && a.now().Before(row.Expires), err
	}
	who, live, err := a.stands(ctx, q, p)
	now = p.Identity()
	now.Roles = who.Roles
	return now, live, err
}
