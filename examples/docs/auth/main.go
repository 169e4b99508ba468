// Program auth keeps notes of those who call, and shows them to nobody else.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"slices"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// region: tokens
func newTokens(root auth.Root) (*auth.Tokens[auth.Access], auth.Keys[auth.Access], error) {
	keys, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		return nil, keys, err
	}
	tokens, err := auth.NewTokens(auth.TokensConfig[auth.Access]{
		Keys: keys, Issuer: "https://notes.example", Audience: "notes",
	})
	return tokens, keys, err
}

// endregion: tokens

// region: app
func newApp(root auth.Root, machines auth.Verify) (*tenon.App, error) {
	tokens, keys, err := newTokens(root)
	if err != nil {
		return nil, err
	}
	n := &notes{tokens: tokens, rows: []Note{{1, "ada", "Buy milk."}, {2, "bob", "Call Eve."}, {3, "caller", "Test."}}}
	app := tenon.New(tenon.Config{Title: "Notes", Version: "1.0.0"}, auth.Roles(
		auth.RoleGrant{Name: "admin", Includes: []string{"auditor"}},
		auth.RoleGrant{Name: "auditor", Permissions: []string{"notes:count"}},
	))
	app.Get("/.well-known/jwks.json", auth.JWKS(keys), auth.Public("others verify our tokens"))
	app.Post("/token", n.token, tenon.Status(200), auth.Required(auth.Basic(auth.BasicConfig{Verify: machines})))

	v1 := app.Group("/v1", auth.Required(auth.Bearer(tokens, auth.BearerConfig{})), n.owned().Load(n.find))
	v1.Get("/about", about, auth.Public("who we are"))
	v1.Get("/me", me)
	v1.Get("/notes", n.list)
	v1.Get("/notes/{id}", n.get)
	v1.Delete("/notes/{id}", n.remove, auth.Scope("notes:write"))
	v1.Get("/count", n.count, auth.Or(auth.Permission("notes:count"), auth.Scope("stats")))
	return app, app.Compile()
}

// endregion: app

// region: me

// WithCaller is a request that needs nothing but who calls.
type WithCaller struct {
	Caller *auth.Principal `dep:""`
}

// Me is who calls.
type Me struct {
	Subject string   `json:"subject"`
	Roles   []string `json:"roles"`
}

func me(_ context.Context, in *WithCaller) (*Me, error) {
	return &Me{in.Caller.Subject(), append([]string{}, in.Caller.Roles()...)}, nil
}

// endregion: me

// Note is a text of somebody.
type Note struct {
	ID    int    `json:"id"`
	Owner string `json:"owner"`
	Text  string `json:"text"`
}

type notes struct {
	tokens *auth.Tokens[auth.Access]
	rows   []Note
}

// region: token

// Token is what a client shows from now on.
type Token struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	} `body:""`
}

func (n *notes) token(_ context.Context, in *WithCaller) (*Token, error) {
	text, _, err := n.tokens.Issue(in.Caller.Identity())
	if err != nil {
		return nil, err
	}
	out := &Token{CacheControl: "no-store"}
	out.Body.TokenType, out.Body.ExpiresIn = "bearer", int(n.tokens.Lifetime().Seconds())
	return out, text.Use(func(b []byte) error { out.Body.AccessToken = string(b); return nil })
}

// endregion: token

// region: owned

// ErrNoNote is answered for notes that are not there, and for those of others.
var ErrNoNote = problem.Define(http.StatusNotFound, "no-note", "There is no such note.")

func (n *notes) owned() auth.Objects[Note] {
	return auth.Objects[Note]{
		Name: "note", Owner: func(n *Note) string { return n.Owner }, All: auth.Role("admin"), Missing: ErrNoNote,
	}
}

// NoteID names a note.
type NoteID struct {
	ID int `path:"id"`
}

// find is the SELECT … WHERE id = ? AND (owner = ? OR ?) of this program.
func (n *notes) find(_ context.Context, in *NoteID, whose auth.Whose) (*Note, error) {
	owner, only := whose.Only()
	i := slices.IndexFunc(n.rows, func(row Note) bool { return row.ID == in.ID && (row.Owner == owner || !only) })
	if i < 0 {
		return nil, nil
	}
	row := n.rows[i]
	return &row, nil
}

// OfNote is a request about a note that the caller may reach.
type OfNote struct {
	Note auth.Owned[Note] `dep:""`
}

func (n *notes) get(_ context.Context, in *OfNote) (*Note, error) { return in.Note.Row(), nil }

// endregion: owned

func (n *notes) remove(_ context.Context, _ *OfNote) (*tenon.NoContent, error) { return nil, nil }

// region: list

// ListNotes asks for a page of them.
type ListNotes struct {
	page.Query

	Whose auth.WhoseOf[Note] `dep:""`
}

func (n *notes) list(_ context.Context, in *ListNotes) (*page.Of[Note], error) {
	owner, only := in.Whose.Only()
	var rows []Note
	for _, row := range n.rows { // SELECT … WHERE owner = ? OR ?
		if row.Owner == owner || !only {
			rows = append(rows, row)
		}
	}
	return page.New(in.Query, rows, int64(len(rows))), nil
}

// endregion: list

// Count says how many notes there are.
type Count struct {
	Notes int `json:"notes"`
}

func (n *notes) count(context.Context, *struct{}) (*Count, error) { return &Count{len(n.rows)}, nil }

// About says who we are.
type About struct {
	Name string `json:"name"`
}

func about(context.Context, *struct{}) (*About, error) { return &About{"Notes"}, nil }

// region: main
func run(ctx context.Context) error {
	root, err := auth.ParseRoot(os.Getenv("NOTES_ROOT_KEY"))
	if err != nil {
		return err
	}
	robot := auth.Machine{Identity: auth.Identity{Subject: "ada"}, Secret: auth.NewSecret(os.Getenv("NOTES_ROBOT_SECRET"))}
	machines, err := auth.Machines(robot)
	if err != nil {
		return err
	}
	app, err := newApp(root, machines)
	if err != nil {
		return err
	}
	return tenon.Serve(ctx, app, tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}

// endregion: main

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
