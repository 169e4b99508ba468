package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/tenontest"
)

const (
	adaSecret   = "ada-k3Xv9QbT7wLm2RzD5nYc8HsFp4Gj6"
	carolSecret = "carol-u8Wq2ZtN5xKb7VmE4rPd9LgSj3"
)

func made(t *testing.T) (*tenon.App, auth.Root) {
	t.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	machines, err := auth.Machines(
		auth.Machine{Identity: auth.Identity{Subject: "ada", Kind: auth.KindUser}, Secret: auth.NewSecret(adaSecret)},
		auth.Machine{Identity: auth.Identity{Subject: "carol", Kind: auth.KindUser, Roles: []string{"admin"}}, Secret: auth.NewSecret(carolSecret)},
	)
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(root, machines)
	if err != nil {
		t.Fatal(err)
	}
	return app, root
}

func TestSession(t *testing.T) {
	t.Parallel()
	app, _ := made(t)
	session.Run(t, app)
}

// region: access
func TestAccess(t *testing.T) {
	t.Parallel()
	app, root := made(t)
	tokens, _, err := newTokens(root)
	if err != nil {
		t.Fatal(err)
	}
	note := tenontest.AccessObject{Own: "/v1/notes/3", Other: "/v1/notes/2", Missing: "/v1/notes/9"}
	tenontest.Access(t, app, tenontest.AccessConfig{
		Show: func(r *http.Request, of auth.Identity) {
			token, _, err := tokens.Issue(of)
			if err != nil {
				t.Error(err)
			}
			_ = token.Use(func(b []byte) error { r.Header.Set("Authorization", "Bearer "+string(b)); return nil })
		},
		Objects: map[string]tenontest.AccessObject{"GET /v1/notes/{id}": note, "DELETE /v1/notes/{id}": note},
		Skip:    map[string]string{"POST /token": "it takes a password, not a token"},
		Golden:  "access",
	})
}

// endregion: access

// region: explain
func TestExplain(t *testing.T) {
	t.Parallel()
	app, _ := made(t)
	callers := make([]tenon.Caller, 4)
	for i, text := range []string{"nobody", "auditor", "admin", "admin scope="} {
		if err := callers[i].UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	e, err := app.Explain(httptest.NewRequest(http.MethodDelete, "/v1/notes/3", http.NoBody), callers...)
	if err != nil {
		t.Fatal(err)
	}
	kept(t, "explain", whoMayCall(e.String()))
}

// endregion: explain

// kept holds a text against a file, which TENON_UPDATE=1 in the environment writes anew.
func kept(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name + ".golden"
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || string(want) != got {
		t.Errorf("%v; got\n%s\nwant\n%s", err, got, want)
	}
}

// whoMayCall is that part of an explanation.
func whoMayCall(text string) string {
	_, text, _ = strings.Cut(text, "Who may call\n")
	text, _, _ = strings.Cut(text, "What is read\n")
	return text
}

// region: literal
func TestGet(t *testing.T) {
	t.Parallel()
	n := &notes{}
	out, err := n.get(context.Background(), &OfNote{Note: auth.InsecureOwned(&Note{ID: 7}, auth.Whose{})})
	if err != nil || out.ID != 7 {
		t.Error(out, err)
	}
}

// endregion: literal
