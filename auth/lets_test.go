package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/tenontest"
)

// TestSD074LetsAsksTheRuleAgain has a handler ask about what its caller may have become.
func TestSD074LetsAsksTheRuleAgain(t *testing.T) {
	t.Parallel()
	type row struct{ Owner string }
	type said struct {
		Lets bool `json:"lets"`
	}
	var now auth.Identity
	asks := func(_ context.Context, in *struct {
		Caller *auth.Principal `dep:""`
	},
	) (*said, error) {
		return &said{in.Caller.Lets(now)}, nil
	}
	rows := auth.Objects[row]{Name: "row", Owner: func(r *row) string { return r.Owner }, All: auth.Role("admin")}
	load := rows.Load(func(context.Context, *struct{}, auth.Whose) (*row, error) { return &row{"ada"}, nil })
	verify := func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) {
		return auth.NewPrincipal(auth.Identity{Subject: "ada", Roles: []string{"admin"}, Scopes: []string{"write"}, AuthenticatedAt: time.Now().Add(-time.Hour)})
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, auth.Required(auth.APIKey(auth.APIKeyConfig{Verify: verify})),
		auth.Roles(auth.RoleGrant{Name: "admin", Includes: []string{"user"}}, auth.RoleGrant{Name: "user"}))
	app.Get("/anybody", asks)
	app.Get("/admin", asks, auth.Role("admin"))
	app.Get("/lately", asks, auth.Or(auth.Role("admin"), auth.Within(5*time.Minute)))
	app.Get("/scope", asks, auth.Scope("write"))
	app.Get("/row", func(_ context.Context, in *struct {
		Caller *auth.Principal `dep:""`
		Row    auth.Owned[row] `dep:""`
	},
	) (*said, error) {
		return &said{in.Caller.Lets(now)}, nil
	}, auth.Role("user"), load)
	s := tenontest.New(t, app).With("X-Api-Key", "k")
	for _, tt := range []struct {
		path string
		now  auth.Identity
		want string
	}{
		{"/anybody", auth.Identity{Subject: "ada"}, "true"},
		{"/anybody", auth.Identity{Subject: "bob", Roles: []string{"admin"}}, "false"},
		{"/anybody", auth.Identity{}, "false"},
		{"/admin", auth.Identity{Subject: "ada", Roles: []string{"admin"}}, "true"},
		{"/admin", auth.Identity{Subject: "ada", Roles: []string{"user"}}, "false"},
		{"/lately", auth.Identity{Subject: "ada", Roles: []string{"admin"}}, "true"},
		{"/lately", auth.Identity{Subject: "ada"}, "false"}, // the login is an hour ago
		{"/lately", auth.Identity{Subject: "ada", AuthenticatedAt: time.Now()}, "false"},
		{"/scope", auth.Identity{Subject: "ada", Scopes: []string{"write"}}, "true"},
		{"/scope", auth.Identity{Subject: "ada", Roles: []string{"admin"}, Scopes: []string{"read"}}, "false"},
		{"/row", auth.Identity{Subject: "ada", Roles: []string{"admin"}}, "true"},
		{"/row", auth.Identity{Subject: "ada", Roles: []string{"user"}}, "false"}, // it was loaded by the rule for all
		{"/row", auth.Identity{Subject: "ada"}, "false"},
	} {
		now = tt.now
		s.Get(tt.path).Status(200).At("/lets", tt.want)
	}
	var nobody *auth.Principal
	free, err := auth.NewPrincipal(auth.Identity{Subject: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	if nobody.Lets(auth.Identity{}) || !free.Lets(auth.Identity{Subject: "ada"}) {
		t.Error("nobody is let in, or who was judged by no guard is not")
	}
}
