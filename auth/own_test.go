package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type post struct {
	ID     int    `json:"id"`
	Author string `json:"author"`
}

type byID struct {
	ID int `path:"id"`
}

var errNoPost = problem.Define(http.StatusNotFound, "no-post", "There is no such post.")

func loadNone(context.Context, *byID, auth.Whose) (*post, error) { return nil, nil }

func posts() auth.Objects[post] {
	return auth.Objects[post]{Name: "post", Owner: func(p *post) string { return p.Author }, All: auth.Role("editor"), Missing: errNoPost}
}

// load is a table of two rows. Where careful is false its statement forgets the owner.
func load(careful bool) func(context.Context, *byID, auth.Whose) (*post, error) {
	rows := map[int]*post{1: {1, "ada"}, 2: {2, "bob"}, 3: {3, ""}}
	return func(_ context.Context, in *byID, whose auth.Whose) (*post, error) {
		row := rows[in.ID]
		if owner, restricted := whose.Only(); careful && restricted && row != nil && row.Author != owner {
			return nil, nil
		}
		return row, nil
	}
}

type ofPost struct {
	Post auth.Owned[post] `dep:""`
}

func getPost(_ context.Context, in *ofPost) (*post, error) { return in.Post.Row(), nil }

type ofPosts struct {
	Whose auth.WhoseOf[post] `dep:""`
}

// listPosts says whose posts it would list.
func listPosts(_ context.Context, in *ofPosts) (*who, error) {
	subject, restricted := in.Whose.Only()
	if !restricted {
		subject = "all"
	}
	return &who{Subject: subject, Roles: []string{}}, nil
}

func postApp(t *testing.T, careful bool) *tenon.App {
	t.Helper()
	verify := func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		subject, roles, _ := strings.Cut(text(key), " ")
		return auth.NewPrincipal(auth.Identity{Subject: subject, Roles: strings.Fields(roles)})
	}
	app := tenon.New(quiet(), storeRoles(), auth.Required(auth.APIKey(auth.APIKeyConfig{Header: "X-Test", Verify: verify})), posts().Load(load(careful)))
	app.Get("/posts/{id}", getPost)
	app.Get("/me", me)
	app.Get("/posts", listPosts)
	return compile(t, app)
}

// TestSD075RowsOfOthersAreNotThere compares the answer of somebody else's row with that of one that is missing.
func TestSD075RowsOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	app := postApp(t, true)
	missing := ""
	for _, tt := range []struct {
		caller string
		id     int
		status int
	}{
		{"ada user", 1, 200}, {"ada user", 2, 404}, {"ada user", 3, 404}, {"ada user", 9, 404}, {"bob", 2, 200}, {"bob", 1, 404},
		{"eve editor", 1, 200}, {"eve editor", 2, 200}, {"eve editor", 9, 404}, {"eve admin", 1, 200}, {"eve", 1, 404},
	} {
		w := call(t, app, "GET", fmt.Sprintf("/posts/%d", tt.id), "X-Test: "+tt.caller)
		if w.Code != tt.status {
			t.Errorf("%s, post %d: %d, want %d", tt.caller, tt.id, w.Code, tt.status)
		}
		if tt.status == 404 {
			body, _, _ := strings.Cut(w.Body.String(), `"instance"`)
			if missing == "" {
				missing = body
			}
			if body != missing || !strings.Contains(body, "no-post") {
				t.Errorf("%s can tell a row of somebody else: %s and %s", tt.caller, body, missing)
			}
		}
	}
	if w := call(t, app, "GET", "/posts/1"); w.Code != 401 {
		t.Errorf("nobody: %d", w.Code)
	}
	if got := app.Operations()[0].Rule; got != "signed in; own post, every post with role editor" {
		t.Errorf("the rule says %q", got)
	}
	if got := app.Operations()[1].Rule; got != "signed in" {
		t.Errorf("the rule of an operation without a post says %q", got)
	}
}

// TestAStatementThatForgetsTheOwner still shows no row of others, and fails tests.
func TestAStatementThatForgetsTheOwner(t *testing.T) {
	t.Parallel()
	app := postApp(t, false)
	if w := call(t, app, "GET", "/posts/2", "X-Test: ada"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
	if w := call(t, app, "GET", "/posts/3", "X-Test: ada"); w.Code != 404 {
		t.Errorf("a row without an owner: %d", w.Code)
	}
	if w := call(t, app, "GET", "/posts/1", "X-Test: ada"); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	found := ""
	tenontest.New(finding{t, &found}, app).With("X-Test", "ada").Get("/posts/2")
	if !strings.Contains(found, "auth-owner") {
		t.Errorf("a test would not notice: %q", found)
	}
}

// finding keeps what a test would fail with.
type finding struct {
	testing.TB
	text *string
}

func (f finding) Errorf(format string, args ...any) { *f.text += fmt.Sprintf(format, args...) }
func (f finding) Error(args ...any)                 { *f.text += fmt.Sprint(args...) }

func TestWhoseIsNobodysByItself(t *testing.T) {
	t.Parallel()
	if subject, restricted := (auth.Whose{}).Only(); subject != "" || !restricted {
		t.Error("the zero value reaches something")
	}
	if (auth.Owned[post]{}).Row() != nil {
		t.Error("the zero value has a row")
	}
}

// TestSD075ListsAreFilteredByTheSameRule asks whose posts a caller may list.
func TestSD075ListsAreFilteredByTheSameRule(t *testing.T) {
	t.Parallel()
	app := postApp(t, true)
	for caller, want := range map[string]string{"ada": "ada", "bob user": "bob", "eve editor": "all", "eve admin": "all"} {
		if w := call(t, app, "GET", "/posts", "X-Test: "+caller); w.Code != 200 || !strings.Contains(w.Body.String(), `"subject":"`+want+`"`) {
			t.Errorf("%s lists %d %s, want %s", caller, w.Code, w.Body, want)
		}
	}
	if w := call(t, app, "GET", "/posts"); w.Code != 401 {
		t.Errorf("nobody: %d", w.Code)
	}
	m := auth.Matrix(app)
	if row := m.Rows[2]; row.Rule != "signed in; lists own post, every post with role editor" || row.Object != "" || row.Verdicts[1] != auth.Allowed {
		t.Errorf("%+v", row)
	}
}

// TestAListNeedsACaller lists in a service that does not ask who calls.
func TestAListNeedsACaller(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]tenon.Option{"no scheme": nil, "public": {auth.Required(scheme(t)), auth.Public("x")}} {
		app := tenon.New(quiet(), storeRoles())
		app.Group("", posts().Lists()).Get("/posts", listPosts, opts...)
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "the caller's own post") && !strings.Contains(err.Error(), "about the caller's own post") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
