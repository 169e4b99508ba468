package auth_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// TestRequiredTakesBackWhatOpened opens an operation and guards it again: the rules of its group hold.
func TestRequiredTakesBackWhatOpened(t *testing.T) {
	t.Parallel()
	required := auth.Required(scheme(t))
	for name, opened := range map[string]tenon.Option{"public": auth.Public("x"), "optional": auth.Optional("x")} {
		app := tenon.New(quiet(), storeRoles(), required)
		app.Group("/g", auth.Role("admin")).Get("/x", me, opened, required)
		compile(t, app)
		if got := app.Operations()[0].Rule; got != "role admin" {
			t.Errorf("%s: the rule is %q", name, got)
		}
		if code := call(t, app, "GET", "/g/x", "X-Test: user").Code; code != http.StatusForbidden {
			t.Errorf("%s: %d for a user", name, code)
		}
	}
}

// ticket is what a provider makes.
type ticket struct{}

type ofTicket struct {
	Ticket *ticket `dep:""`
}

func useTicket(context.Context, *ofTicket) (*who, error) { return &who{Roles: []string{}}, nil }

// TestAProviderNarrowsAndNeverOpens gives a provider options of every kind.
func TestAProviderNarrowsAndNeverOpens(t *testing.T) {
	t.Parallel()
	required := auth.Required(scheme(t))
	for _, tt := range []struct {
		name         string
		provider     tenon.Option
		group        []tenon.Option
		own          []tenon.Option
		fault, rules string
	}{
		{"a rule", auth.Role("admin"), nil, nil, "", "role admin"},
		{"a rule beside one of the group and one of the operation", auth.Role("admin"), []tenon.Option{auth.Role("user")}, []tenon.Option{auth.Scope("x")}, "", "role user and role admin and scope x"},
		{"a rule at a public operation", auth.Role("admin"), []tenon.Option{auth.Role("user")}, []tenon.Option{auth.Public("x")}, "anybody may call it (x), and yet only with role admin", ""},
		{"a rule at an optional operation", auth.Role("admin"), nil, []tenon.Option{auth.Optional("x")}, "anybody may call it (x), and yet only with role admin", ""},
		{"public", auth.Public("why"), nil, nil, "auth.Public stands at an operation", ""},
		{"public where the operation guards itself", auth.Public("why"), nil, []tenon.Option{required}, "auth.Public stands at an operation", ""},
		{"optional", auth.Optional("why"), nil, nil, "auth.Optional stands at an operation", ""},
		{"another scheme", required, nil, nil, "auth.Required stands at an operation", ""},
		{"other roles", storeRoles(), nil, nil, "auth.Roles stands at an operation", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(quiet(), storeRoles(), required)
			app.Provide(func(context.Context, *struct{}) (*ticket, error) { return &ticket{}, nil }, tt.provider)
			app.Group("/g", tt.group...).Get("/x", useTicket, tt.own...)
			err := app.Compile()
			if tt.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fault) || !strings.Contains(err.Error(), "open_test.go:") {
					t.Errorf("got %v, want %q with its line", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := app.Operations()[0].Rule; got != tt.rules {
				t.Errorf("the rule is %q, want %q", got, tt.rules)
			}
		})
	}
}

// TestGuardIsAllOfItsOptions makes guards of options that say more, or are wrong.
func TestGuardIsAllOfItsOptions(t *testing.T) {
	t.Parallel()
	required := auth.Required(scheme(t))
	for _, tt := range []struct {
		name  string
		opts  []tenon.Option
		fault string
	}{
		{"nil", []tenon.Option{required, nil}, "auth.Guard: option 1 is nil"},
		{"a fault of another option", []tenon.Option{required, tenon.Status(900)}, "status 900"},
		{"a need", []tenon.Option{required, tenon.Needs[ticket]()}, "an option says more than who may call"},
		{"nobody says who calls", []tenon.Option{tenon.Auth(deny)}, "auth.Guard needs auth.Required"},
		{"public", []tenon.Option{required, auth.Public("x")}, "auth.Guard needs auth.Required"},
	} {
		if _, err := auth.Guard(tt.opts...); err == nil || !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.fault)
		}
	}
	var order []string
	step := func(name string) tenon.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, name)
				next.ServeHTTP(w, r)
			})
		}
	}
	guard, err := auth.Guard(tenon.AfterAuth(step("after")), tenon.Auth(step("own")), tenon.BeforeAuth(step("before")), required)
	if err != nil {
		t.Fatal(err)
	}
	call(t, guard(step("last")(http.NotFoundHandler())), "GET", "/", "X-Test: x")
	if got := strings.Join(order, " "); got != "before own after last" {
		t.Errorf("ran %s", got)
	}
	order = nil
	if code := call(t, guard(step("last")(http.NotFoundHandler())), "GET", "/").Code; code != http.StatusUnauthorized || strings.Join(order, " ") != "before" {
		t.Errorf("nobody: %d, ran %v", code, order)
	}
}
