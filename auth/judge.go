package auth

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// Judge says what becomes of a caller by the rules that the guard asks, and which of them decide. Rules of When are asked like the others; people have
// just signed in.
func (a *access) Judge(of tenon.Caller) tenon.Judgement {
	switch {
	case !a.said():
		return judged(Allowed, "nobody has said who may call: anybody")
	case a.public != "":
		return judged(Allowed, "public: "+a.public)
	case of.Nobody && a.optional == "":
		return judged(Anonymous, "shows no "+strings.Join(a.names(), " or "))
	case of.Nobody:
		return judged(Allowed, "anybody, signed in or not: "+a.optional)
	}
	identity := &Identity{Subject: of.Subject, Kind: of.Kind, Tenant: of.Tenant, Roles: of.Roles, Scopes: of.Scopes}
	if identity.Subject == "" {
		identity.Subject = "caller"
	}
	if identity.Kind == "" {
		identity.Kind = KindUser
	}
	if identity.Kind == KindUser {
		identity.Session = "session"
	}
	c := claimant{of: identity, by: a, allScopes: of.Scopes == nil, lately: identity.Kind != KindMachine}
	because := decisive(a.rule, &c)
	if !a.rule.allows(&c) {
		for i, rule := range because {
			because[i] = "fails: " + rule
		}
		return a.told(judged(Denied, because...), of)
	}
	if len(because) == 0 {
		because = []string{"signed in"}
	}
	return a.told(a.reach(judged(Allowed, because...), &c), of)
}

func judged(v Verdict, because ...string) tenon.Judgement {
	return tenon.Judgement{Verdict: string(v), Because: because}
}

// names are those of the schemes.
func (a *access) names() []string {
	var names []string
	for _, s := range a.schemes {
		names = append(names, s.Security().Name)
	}
	return names
}

// reach says what of the things that the operation is about the caller reaches.
func (a *access) reach(j tenon.Judgement, c *claimant) tenon.Judgement {
	for _, thing := range a.objects {
		var text string
		switch all := thing.all != nil && thing.all.allows(c); {
		case all:
			text = "every " + thing.name + " by " + strings.Join(decisive(thing.all, c), " and ")
		case thing.all == nil:
			text = "own " + thing.name + " alone"
		default:
			text = "own " + thing.name + " alone, as it fails: " + thing.all.String()
		}
		if thing.list {
			text = "lists " + text
		} else if strings.HasPrefix(text, "own ") {
			j.Verdict = string(OnlyOwn)
		}
		if !slices.Contains(j.Because, text) {
			j.Because = append(j.Because, text)
		}
	}
	return j
}

// told adds what the rules cannot know.
func (a *access) told(j tenon.Judgement, of tenon.Caller) tenon.Judgement {
	for _, name := range of.Roles {
		switch {
		case a.roles == nil:
			j.Because = append(j.Because, fmt.Sprintf("role %s is not known: the service has none", name))
		case !slices.Contains(a.roles.names, name):
			j.Because = append(j.Because, fmt.Sprintf("role %s is not known: there are %s", name, strings.Join(a.roles.names, ", ")))
		}
	}
	if a.besides && j.Verdict != string(Denied) {
		j.Because = append(j.Because, "other middleware of the slot Auth may refuse it")
	}
	return j
}

// decisive are the rules that decide: of one that holds, those by which it does; of one that does not, those that lack.
func decisive(r rule, c *claimant) []string {
	holds := r.allows(c)
	switch r := r.(type) {
	case andRule:
		var all []string
		for _, one := range r {
			if one.allows(c) == holds {
				all = append(all, decisive(one, c)...)
			}
		}
		return all
	case orRule:
		for _, one := range r {
			if holds && one.allows(c) {
				return decisive(one, c)
			}
		}
	}
	return []string{r.String()}
}
