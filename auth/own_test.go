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

func postApp(t *testing.T, careful bool) *tenon.App {
	t.Helper()
	verify := func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		subject, roles, _ := strings.Cut(text(key), " ")
		return auth.NewPrincipal(auth.Identity{Subject: subject, Roles: strings.Fields(roles)})
	}
	app := tenon.New(quiet(), storeRoles(), auth.Required(auth.APIKey(auth.APIKeyConfig{Header: "X-Test", Verify: verify})), posts().Load(load(careful)))
	app.Get("/posts/{id}", getPost)
	app.Get("/me", me)
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
	if _, err := posts().Whose(context.Background()); err == nil {
		t.Error("nobody reaches something")
	}
	p, _ := auth.NewPrincipal(auth.Identity{Subject: "ada"})
	whose, err := posts().Whose(auth.With(context.Background(), p))
	if subject, restricted := whose.Only(); err != nil || subject != "ada" || !restricted {
		t.Errorf("%q, %v, %v", subject, restricted, err)
	}
}
