// Program accounts has members, who sign up, sign in and make API keys.
package main

import (
	"context"
	"embed"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strconv"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
)

// region: users

// MemberRow is a row of the table members.
type MemberRow struct {
	ID           int64
	Email        string
	Active       bool
	PasswordHash password.Hash
}

var (
	members     = data.NewTable[MemberRow]("members", "id")
	memberID    = data.NewColumn[int64]("id")
	memberEmail = data.NewColumn[string]("email")
)

// users tells accounts of the members.
type users struct{}

func (users) ByLogin(ctx context.Context, q data.Querier, email string) (accounts.Account, error) {
	return account(members.Where(memberEmail.Is(email)).One(ctx, q))
}

func (users) BySubject(ctx context.Context, q data.Querier, subject string) (accounts.Account, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return accounts.Account{}, data.ErrNoRows
	}
	return account(members.Where(memberID.Is(id)).One(ctx, q))
}

func (users) SetPassword(ctx context.Context, tx *data.Tx, subject string, hash password.Hash) error {
	_, err := tx.Exec(ctx, data.SQL("UPDATE members SET password_hash = ? WHERE id = CAST(? AS INTEGER)", hash, subject))
	return err
}

func account(row MemberRow, err error) (accounts.Account, error) {
	return accounts.Account{
		Subject: strconv.FormatInt(row.ID, 10), Active: row.Active, Password: row.PasswordHash, Words: []string{row.Email},
	}, err
}

// endregion: users

// region: app
func newApp(db *data.DB, root auth.Root) (*tenon.App, error) {
	keys, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		return nil, err
	}
	acc, err := accounts.New(db, accounts.Config{
		Users:  users{},
		Words:  []string{"members"},
		Tokens: auth.TokensConfig[auth.Access]{Keys: keys, Issuer: "https://members.example", Audience: "members"},
		Scopes: []accounts.Scope{{Name: "members:count"}},
	})
	if err != nil {
		return nil, err
	}
	app := tenon.New(tenon.Config{Title: "Members", Version: "1.0.0"})
	const form = "/v1/auth/token" // where the page of the documentation signs in
	v1 := app.Group("/v1", auth.Required(
		auth.Bearer(acc.Tokens(), auth.BearerConfig{TokenURL: form}),
		auth.APIKey(auth.APIKeyConfig{Verify: acc.VerifyKey}),
	))
	acc.Routes(v1.Group("/auth"))
	v1.Get("/count", club{db}.count, auth.Or(accounts.SignedIn(), auth.Scope("members:count")))
	return app, app.Compile()
}

// endregion: app

// region: signup

// Add keeps a member who signs up: POST /v1/auth/sign-up is there because of it.
func (users) Add(ctx context.Context, tx *data.Tx, email string, hash password.Hash) (string, error) {
	id, err := members.Insert(ctx, tx, MemberRow{Email: email, Active: true, PasswordHash: hash})
	return strconv.FormatInt(id, 10), err
}

// endregion: signup

type club struct{ db *data.DB }

// Count says how many members there are.
type Count struct {
	Members int64 `json:"members"`
}

func (c club) count(ctx context.Context, _ *struct{}) (*Count, error) {
	var out Count
	err := c.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		out.Members, err = members.Where().Count(ctx, v)
		return err
	})
	return &out, err
}

//go:embed migrations/*.sql
var migrations embed.FS

func open(ctx context.Context, file string) (*data.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return data.Open(ctx, "sqlite:"+file, data.Config{Migrations: files})
}

func run(ctx context.Context) error {
	root, err := auth.ParseRoot(os.Getenv("MEMBERS_ROOT_KEY"))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "members")
	if err != nil {
		return err
	}
	db, err := open(ctx, filepath.Join(dir, "members.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	app, err := newApp(db, root)
	if err != nil {
		return err
	}
	return tenon.Serve(ctx, app, tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}
