package store

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
)

// Role is what a user may do.
type Role string

// The roles, each with all that the ones below it may do.
const (
	roleAdmin  = "admin"  // all
	roleEditor = "editor" // change the posts of others
	roleUser   = "user"   // write posts, and order
	roleGuest  = "guest"  // read
)

// Enum lists them.
func (Role) Enum() []Role { return []Role{roleAdmin, roleEditor, roleUser, roleGuest} }

// roles says which role includes which.
func roles() tenon.Option {
	return auth.Roles(
		auth.RoleGrant{Name: roleAdmin, Includes: []string{roleEditor}},
		auth.RoleGrant{Name: roleEditor, Includes: []string{roleUser}},
		auth.RoleGrant{Name: roleUser, Includes: []string{roleGuest}},
		auth.RoleGrant{Name: roleGuest},
	)
}

// byKey is the rule that a program calls, by an API key with a scope.
func byKey(scope string) tenon.Option {
	return auth.And(auth.When("an API key", func(p *auth.Principal) bool { return p.Kind() == auth.KindMachine }), auth.Scope(scope))
}

// byPerson is the rule that no program calls.
func byPerson() tenon.Option {
	return auth.When("no API key", func(p *auth.Principal) bool { return p.Kind() != auth.KindMachine })
}

// one reads the first row of a selection; nil is that there is none.
func one[R any](ctx context.Context, db *database, which data.Selection[R]) (*R, error) {
	row, err := which.One(ctx, db)
	if errors.Is(err, data.ErrNoRows) {
		return nil, nil //nolint:nilnil // What is not there is no failure: what follows from it differs.
	}
	return &row, err
}
