package auth_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// scheme is a scheme whose credential names roles and scopes: "Test admin editor / items:read".
func scheme(t testing.TB) auth.Scheme { //nolint:ireturn // Schemes are known by what they do.
	t.Helper()
	return auth.APIKey(auth.APIKeyConfig{Header: "X-Test", Verify: func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		roles, scopes, _ := strings.Cut(text(key), "/")
		return auth.NewPrincipal(auth.Identity{Subject: "1", Roles: strings.Fields(roles), Scopes: strings.Fields(scopes)})
	}})
}

func quiet() tenon.Config { return tenon.Config{Logger: slog.New(slog.DiscardHandler)} }

// both is one option of two, as services write them.
func both(one, other tenon.Option) tenon.Option {
	return func(o *tenon.Operation) {
		one(o)
		other(o)
	}
}

func deny(http.Handler) http.Handler { return http.NotFoundHandler() }

// TestDR04Rules asks every rule, and rules of rules, for every set of roles and scopes that makes a difference.
func TestDR04Rules(t *testing.T) {
	t.Parallel()
	admin, editor, user := auth.Role("admin"), auth.Role("editor"), auth.Role("user")
	read, write := auth.Scope("read"), auth.Scope("write")
	callers := []string{" ", "guest", "user", "editor", "admin", "guest editor", "stranger", "/read", "/write", "/read write", "user/read", "admin/write", "editor/read write"}
	for _, tt := range []struct {
		name, text string
		rules      []tenon.Option
		allowed    []string
	}{
		{"none", "signed in", nil, callers},
		{"a role, and those that include it", "role editor", []tenon.Option{editor}, []string{"editor", "admin", "guest editor", "admin/write", "editor/read write"}},
		{"the role at the top", "role admin", []tenon.Option{admin}, []string{"admin", "admin/write"}},
		{"the role at the bottom", "role guest", []tenon.Option{auth.Role("guest")}, []string{"guest", "user", "editor", "admin", "guest editor", "user/read", "admin/write", "editor/read write"}},
		{"a permission", "permission posts:edit", []tenon.Option{auth.Permission("posts:edit")}, []string{"editor", "admin", "guest editor", "admin/write", "editor/read write"}},
		{"a permission of one", "permission users:delete", []tenon.Option{auth.Permission("users:delete")}, []string{"admin", "admin/write"}},
		{"a scope", "scope read", []tenon.Option{read}, []string{"/read", "/read write", "user/read", "editor/read write"}},
		{"two rules", "role user and scope read", []tenon.Option{user, read}, []string{"user/read", "editor/read write"}},
		{"and", "role user and scope read", []tenon.Option{auth.And(user, read)}, []string{"user/read", "editor/read write"}},
		{"or", "role admin or scope read", []tenon.Option{auth.Or(admin, read)}, []string{"admin", "/read", "/read write", "user/read", "admin/write", "editor/read write"}},
		{"not", "not role user", []tenon.Option{auth.Not(user)}, []string{" ", "guest", "stranger", "/read", "/write", "/read write"}},
		{"not a scope", "not scope write", []tenon.Option{auth.Not(write)}, []string{" ", "guest", "user", "editor", "admin", "guest editor", "stranger", "/read", "user/read"}},
		{"not of not", "not not role admin", []tenon.Option{auth.Not(auth.Not(admin))}, []string{"admin", "admin/write"}},
		{
			"not of or", "not (role user or scope read)", []tenon.Option{auth.Not(auth.Or(user, read))},
			[]string{" ", "guest", "stranger", "/write"},
		},
		{
			"not of and", "not (role user and scope read)", []tenon.Option{auth.Not(auth.And(user, read))},
			[]string{" ", "guest", "user", "editor", "admin", "guest editor", "stranger", "/read", "/write", "/read write", "admin/write"},
		},
		{
			"or of and", "(role editor and scope write) or role admin", []tenon.Option{auth.Or(auth.And(editor, write), admin)},
			[]string{"admin", "admin/write", "editor/read write"},
		},
		{
			"or of two in one option", "(role user and scope read) or role admin", []tenon.Option{auth.Or(both(user, read), admin)},
			[]string{"admin", "user/read", "admin/write", "editor/read write"},
		},
		{
			"not of two in one option", "not (role user and scope read)", []tenon.Option{auth.Not(both(user, read))},
			[]string{" ", "guest", "user", "editor", "admin", "guest editor", "stranger", "/read", "/write", "/read write", "admin/write"},
		},
		{
			"one's own", "of an even name", []tenon.Option{auth.When("of an even name", func(p *auth.Principal) bool { return len(p.Roles())%2 == 0 })},
			[]string{" ", "guest editor", "/read", "/write", "/read write"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(quiet(), storeRoles(), auth.Required(scheme(t)))
			app.Get("/x", me, tt.rules...)
			compile(t, app)
			if got := app.Operations()[0].Rule; got != tt.text {
				t.Errorf("the rule says %q, want %q", got, tt.text)
			}
			if got := app.OpenAPI().Paths["/x"].Get.Extensions["x-access"]; got != tt.text {
				t.Errorf("the document says %q, want %q", got, tt.text)
			}
			var allowed []string
			for _, caller := range callers {
				switch code := call(t, app, "GET", "/x", "X-Test: "+caller).Code; code {
				case 200:
					allowed = append(allowed, caller)
				case 403:
				default:
					t.Errorf("%q: %d", caller, code)
				}
			}
			if got, want := strings.Join(allowed, "; "), strings.Join(tt.allowed, "; "); got != want {
				t.Errorf("allowed\n%s, want\n%s", got, want)
			}
			if code := call(t, app, "GET", "/x").Code; code != 401 {
				t.Errorf("nobody: %d", code)
			}
		})
	}
}

// TestN07FaultsAtStart are rules that contradict each other, that say nothing, or that nobody can follow.
func TestN07FaultsAtStart(t *testing.T) {
	t.Parallel()
	type objects = auth.Objects[post]
	required := auth.Required(scheme(t))
	for _, tt := range []struct {
		name  string
		app   []tenon.Option
		group []tenon.Option
		own   []tenon.Option
		fault string // "": it starts
	}{
		{"public and a role", []tenon.Option{required}, nil, []tenon.Option{auth.Public("x"), auth.Role("admin")}, "anybody may call it (x), and yet only with role admin"},
		{"the other way round", []tenon.Option{required}, nil, []tenon.Option{auth.Role("admin"), auth.Public("x")}, "anybody may call it (x), and yet only with role admin"},
		{"optional and a role", []tenon.Option{required}, nil, []tenon.Option{auth.Optional("x"), auth.Role("admin")}, "anybody may call it (x), and yet only with role admin"},
		{"a public group and a role", []tenon.Option{required}, []tenon.Option{auth.Public("x")}, []tenon.Option{auth.Role("admin")}, "anybody may call it"},
		{"a group that is public and has a role", []tenon.Option{required}, []tenon.Option{auth.Public("x"), auth.Role("admin")}, nil, "anybody may call it"},
		{"a group with a role, and one that is public in it", []tenon.Option{required, auth.Role("admin")}, []tenon.Option{auth.Public("x")}, nil, "anybody may call it"},
		{"a group with a role and a public operation", []tenon.Option{required}, []tenon.Option{auth.Role("admin")}, []tenon.Option{auth.Public("x")}, ""},
		{"a public group and a guarded operation", []tenon.Option{required}, []tenon.Option{auth.Public("x")}, []tenon.Option{required, auth.Role("admin")}, ""},
		{"a role outside", nil, nil, []tenon.Option{auth.Role("admin")}, `the rule "role admin" needs auth.Required`},
		{"optional outside", nil, nil, []tenon.Option{auth.Optional("x")}, "auth.Optional needs auth.Required"},
		{"public outside", nil, nil, []tenon.Option{auth.Public("x")}, ""},
		{"an unknown role", []tenon.Option{required}, nil, []tenon.Option{auth.Role("root")}, `auth.Role("root"): no such role; there are admin, editor, user, guest`},
		{"an unknown role inside", []tenon.Option{required}, nil, []tenon.Option{auth.Not(auth.Or(auth.Role("admin"), auth.Role("root")))}, `auth.Role("root"): no such role`},
		{"an unknown permission", []tenon.Option{required}, nil, []tenon.Option{auth.Permission("fly")}, `auth.Permission("fly"): no role has it`},
		{"a scope with a space", []tenon.Option{required}, nil, []tenon.Option{auth.Scope("a b")}, "a scope is not of printable ASCII without space"},
		{"no reason", []tenon.Option{required}, nil, []tenon.Option{auth.Public("")}, "auth.Public wants a reason"},
		{"no reason of optional", []tenon.Option{required}, nil, []tenon.Option{auth.Optional("")}, "auth.Optional wants a reason"},
		{"no scheme", []tenon.Option{auth.Required()}, nil, nil, "auth.Required has no scheme"},
		{"two schemes of one place", []tenon.Option{auth.Required(scheme(t), scheme(t))}, nil, nil, "two schemes read X-Test"},
		{"a nil scheme", []tenon.Option{auth.Required(nil)}, nil, nil, "scheme 0 is nil"},
		{"a scheme without a function", []tenon.Option{auth.Required(auth.APIKey(auth.APIKeyConfig{}))}, nil, nil, "auth.APIKey has no Verify"},
		{"a scheme without tokens", []tenon.Option{auth.Required(auth.Bearer(nil, auth.BearerConfig{}))}, nil, nil, "auth.Bearer has no Tokens"},
		{"a realm that ends early", []tenon.Option{auth.Required(auth.Basic(auth.BasicConfig{Realm: `a"`}))}, nil, nil, "auth.Basic"},
		{"an empty or", []tenon.Option{required}, nil, []tenon.Option{auth.Or()}, "auth.Or has no rule"},
		{"an or of something else", []tenon.Option{required}, nil, []tenon.Option{auth.Or(auth.Role("admin"), tenon.Summary("x"))}, "option 1 is no rule"},
		{"an or of a rule and middleware", []tenon.Option{required}, nil, []tenon.Option{auth.Or(both(auth.Role("admin"), tenon.Auth(deny)), auth.Role("user"))}, "auth.Or: option 0 says more than a rule"},
		{"an or of a rule and a need", []tenon.Option{required}, nil, []tenon.Option{auth.Or(both(auth.Role("admin"), tenon.Needs[post]()))}, "auth.Or: option 0 says more than a rule"},
		{"an or of a rule and a fault", []tenon.Option{required}, nil, []tenon.Option{auth.Or(both(auth.Role("admin"), tenon.Status(900)))}, "status 900"},
		{"a scope of another space", []tenon.Option{required}, nil, []tenon.Option{auth.Scope("a\u2003b")}, "a scope is not of printable ASCII"},
		{"a not of public", []tenon.Option{required}, nil, []tenon.Option{auth.Not(auth.Public("x"))}, "option 0 is no rule"},
		{"an and of nil", []tenon.Option{required}, nil, []tenon.Option{auth.And(nil)}, "rule 0 is nil"},
		{"a when without a function", []tenon.Option{required}, nil, []tenon.Option{auth.When("x", nil)}, "auth.When wants a text and a function"},
		{"a role that includes itself", []tenon.Option{auth.Roles(auth.RoleGrant{Name: "a", Includes: []string{"b"}}, auth.RoleGrant{Name: "b", Includes: []string{"a"}})}, nil, nil, `role "a" includes itself`},
		{"a role that includes nothing known", []tenon.Option{auth.Roles(auth.RoleGrant{Name: "a", Includes: []string{"b"}})}, nil, nil, `includes "b", which is no role`},
		{"a role twice", []tenon.Option{auth.Roles(auth.RoleGrant{Name: "a"}, auth.RoleGrant{Name: "a"})}, nil, nil, `role "a" is there twice`},
		{"objects without a name", []tenon.Option{required, objects{}.Load(loadNone)}, nil, nil, "has no Name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(quiet(), append([]tenon.Option{storeRoles()}, tt.app...)...)
			app.Group("/g", tt.group...).Get("/x", open, tt.own...)
			err := app.Compile()
			if tt.fault == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.fault) || !strings.Contains(err.Error(), "rule_test.go:") {
				t.Errorf("got %v, want %q with its line", err, tt.fault)
			}
		})
	}
}

// TestFaultsOfAGroupAreToldOnce has two operations in a group that is wrong, and one that is wrong by itself twice.
func TestFaultsOfAGroupAreToldOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		group, own []tenon.Option
		text       string
		want       int
	}{
		"an unknown role":               {[]tenon.Option{auth.Role("root")}, nil, `auth.Role("root")`, 1},
		"no scheme":                     {[]tenon.Option{auth.Required()}, nil, "auth.Required has no scheme", 1},
		"a list of an unknown role":     {[]tenon.Option{auth.Objects[post]{Name: "post", Owner: func(*post) string { return "" }, All: auth.Role("root")}.Lists()}, nil, `auth.Role("root")`, 1},
		"an unknown role of operations": {nil, []tenon.Option{auth.Role("root")}, `auth.Role("root")`, 2},
	} {
		app := tenon.New(quiet(), storeRoles(), auth.Required(scheme(t)))
		g := app.Group("/g", tt.group...)
		g.Get("/x", listPosts, tt.own...)
		g.Get("/y", listPosts, tt.own...)
		err := app.Compile()
		if err == nil || strings.Count(err.Error(), tt.text) != tt.want {
			t.Errorf("%s: %v, want %d of %s", name, err, tt.want, tt.text)
		}
	}
}

func TestARoleWithoutRolesIsAFault(t *testing.T) {
	t.Parallel()
	app := tenon.New(quiet(), auth.Required(scheme(t)))
	app.Get("/x", open, auth.Role("admin"))
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "say them with auth.Roles") {
		t.Error(err)
	}
}

// TestACallerWhoMayBeAbsent is a handler that would be given nobody, which is refused at start.
func TestACallerWhoMayBeAbsent(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]tenon.Option{"public": auth.Public("x"), "optional": auth.Optional("x")} {
		app := tenon.New(quiet(), auth.Required(scheme(t)))
		app.Get("/x", me, opt)
		app.Get("/y", perhaps, opt)
		err := app.Compile()
		if err == nil || !strings.Contains(err.Error(), `field Caller: *auth.Principal may be absent here; tag it dep:"optional"`) || strings.Contains(err.Error(), "/y") {
			t.Errorf("%s: %v", name, err)
		}
	}
	app := tenon.New(quiet())
	app.Get("/x", me)
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "no provider for *auth.Principal") {
		t.Errorf("outside: %v", err)
	}
}

func TestTheNearestSchemesCount(t *testing.T) {
	t.Parallel()
	app := tenon.New(quiet(), auth.Required(auth.Basic(auth.BasicConfig{Verify: func(context.Context, string, auth.Secret, bool) (*auth.Principal, error) {
		return nil, auth.ErrUnknown
	}})))
	app.Group("/g", auth.Required(scheme(t))).Get("/x", me)
	compile(t, app)
	if w := call(t, app, "GET", "/g/x"); !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "ApiKey") {
		t.Error(w.Header())
	}
	if w := call(t, app, "GET", "/g/x", "X-Test: user"); w.Code != 200 {
		t.Error(w.Code)
	}
	if w := call(t, app, "HEAD", "/g/x"); w.Code != 401 {
		t.Errorf("HEAD: %d", w.Code)
	}
}
