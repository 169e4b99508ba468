package tenontest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	memo struct {
		ID    int    `json:"id"`
		Owner string `json:"owner"`
	}
	memoID struct {
		ID int `path:"id"`
	}
	ofMemo struct {
		Memo auth.Owned[memo] `dep:""`
	}
	newMemo struct {
		Text string `json:"text"`
	}
)

// memos is an app with rules of every kind, and memo 1 of the caller, 2 of somebody else. leak has it show what it should not.
func memos(t testing.TB, leak string, more ...func(*tenon.App)) *tenon.App {
	t.Helper()
	verify := func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		var of auth.Identity
		_ = key.Use(func(b []byte) error {
			roles, scopes, _ := strings.Cut(string(b), "/")
			of = auth.Identity{Subject: "caller", Roles: strings.Fields(roles), Scopes: strings.Fields(scopes)}
			return nil
		})
		return auth.NewPrincipal(of)
	}
	owner := func(m *memo) string { return m.Owner }
	if leak == "row" {
		owner = func(*memo) string { return "caller" }
	}
	objects := auth.Objects[memo]{Name: "memo", Owner: owner, All: auth.Role("editor")}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)},
		auth.Required(auth.APIKey(auth.APIKeyConfig{Verify: verify})),
		auth.Roles(auth.RoleGrant{Name: "admin", Includes: []string{"editor"}}, auth.RoleGrant{Name: "editor"}),
		objects.Load(func(_ context.Context, in *memoID, whose auth.Whose) (*memo, error) {
			m := map[int]*memo{1: {1, "caller"}, 2: {2, "other"}}[in.ID]
			subject, restricted := whose.Only()
			switch {
			case leak == "told" && in.ID == 2 && restricted:
				return nil, problem.NotFound("It is not yours.")
			case leak != "row" && restricted && m != nil && m.Owner != subject:
				return nil, nil
			}
			return m, nil
		}))
	get := func(_ context.Context, in *ofMemo) (*memo, error) { return in.Memo.Row(), nil }
	none := func(context.Context, *struct{}) (*memo, error) { return &memo{}, nil }
	app.Get("/memos/{id}", get)
	app.Delete("/memos/{id}", func(context.Context, *ofMemo) (*tenon.NoContent, error) { return nil, nil }, auth.Scope("memos:write"))
	app.Post("/memos", func(_ context.Context, _ *struct {
		Memo newMemo `body:""`
	}) (*memo, error) {
		return &memo{}, nil
	})
	app.Get("/stats", none, auth.Role("admin"))
	app.Get("/about", none, auth.Public("who we are"))
	app.Get("/hello", none, auth.Optional("greets whom it knows"))
	for _, register := range more {
		register(app)
	}
	return app
}

func accessOf(change ...func(*tenontest.AccessConfig)) tenontest.AccessConfig {
	object := tenontest.AccessObject{Own: "/memos/1", Other: "/memos/2", Missing: "/memos/9"}
	cfg := tenontest.AccessConfig{
		Show: func(r *http.Request, of auth.Identity) {
			r.Header.Set("X-Api-Key", strings.Join(of.Roles, " ")+"/"+strings.Join(of.Scopes, " "))
		},
		Objects: map[string]tenontest.AccessObject{"GET /memos/{id}": object, "DELETE /memos/{id}": object},
		Golden:  "access",
	}
	for _, f := range change {
		f(&cfg)
	}
	return cfg
}

// TestN07TheMatrixIsWhatHappens calls every operation as everybody.
func TestN07TheMatrixIsWhatHappens(t *testing.T) {
	t.Parallel()
	prepared := 0
	tenontest.Access(t, memos(t, ""), accessOf(func(c *tenontest.AccessConfig) { c.Prepare = func() { prepared++ } }))
	if prepared < 30 {
		t.Errorf("%d requests", prepared)
	}
}

func TestN07DeviationsAreFound(t *testing.T) {
	t.Parallel()
	answers := func(status int) func(*tenon.App) {
		return func(app *tenon.App) {
			app.Get("/odd", func(context.Context, *struct{}) (*memo, error) { return &memo{}, nil }, tenon.AfterAuth(func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			}), tenon.Hidden())
		}
	}
	open := func(app *tenon.App) { // it lets everybody in, whatever the rule says
		app.Get("/odd", func(context.Context, *struct{}) (*memo, error) { return &memo{}, nil }, auth.Role("admin"), func(o *tenon.Operation) {
			if len(o.Auth) > 0 {
				o.Auth = nil
			}
			o.Part[opener]()
		})
	}
	noGolden := func(c *tenontest.AccessConfig) { c.Golden = "" }
	for _, tt := range []struct {
		name, leak string
		more       func(*tenon.App)
		change     func(*tenontest.AccessConfig)
		text       string
	}{
		{"a row of somebody else is shown", "row", nil, noGolden, `as "no role": /memos/2 is answered 200, but what is somebody else's is answered as what is not there`},
		{"a row of somebody else is told of", "told", nil, noGolden, "can be told from what is not there"},
		{"a rule that is not asked", "", open, noGolden, `GET /odd as "nobody": /odd is answered 200, but nobody is answered 401`},
		{"another refusal", "", answers(403), noGolden, `GET /odd as "no role": /odd is answered 403, but the rule lets the caller in: signed in`},
		{"an error", "", answers(500), noGolden, "is answered 500, but the rule lets the caller in"},
		{"a change of the matrix", "", answers(200), nil, "who may call what has changed"},
		{"an operation of which nothing is said", "", nil, func(c *tenontest.AccessConfig) { delete(c.Objects, "GET /memos/{id}") }, "AccessConfig.Objects must say how it is called"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.more == nil {
				tt.more = func(*tenon.App) {}
			}
			if tt.change == nil {
				tt.change = func(*tenontest.AccessConfig) {}
			}
			got := strings.Join(failures(t, func(f *fake) { tenontest.Access(f, memos(t, tt.leak, tt.more), accessOf(tt.change)) }), "\n")
			if !strings.Contains(got, tt.text) {
				t.Errorf("got\n%s\nwant %s", got, tt.text)
			}
		})
	}
}

// opener takes away what guards an operation, after all else.
type opener struct{}

// Complete is called after the parts that were there before.
func (opener) Complete(o *tenon.Operation) { o.Auth = nil }

func TestAccessOfAnOperationWithoutARule(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/x", func(context.Context, *struct{}) (*memo, error) { return &memo{}, nil })
	expect(t, func(f *fake) { tenontest.Access(f, app, accessOf(func(c *tenontest.AccessConfig) { c.Golden = "" })) }, "GET /x: nobody says who may call it")
}
