package main

import (
	"context"
	"log/slog"
	"strconv"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
)

// memberRow is a row of the table members.
type memberRow struct {
	ID           int64
	Email        string
	Active       bool
	PasswordHash password.Hash
}

var (
	members     = data.NewTable[memberRow]("members", "id")
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
	_, err := tx.Exec(ctx, data.SQL(`UPDATE members SET password_hash = ? WHERE id = CAST(? AS INTEGER)`, hash, subject))
	return err
}

func account(row memberRow, err error) (accounts.Account, error) {
	return accounts.Account{Subject: strconv.FormatInt(row.ID, 10), Active: row.Active, Password: row.PasswordHash}, err
}

// newApp is a service whose limit for addresses is out of the way: all come from one.
func newApp(db *data.DB) (*tenon.App, error) {
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		return nil, err
	}
	keys, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		return nil, err
	}
	silent := slog.New(slog.DiscardHandler)
	acc, err := accounts.New(db, accounts.Config{
		Users: users{}, Tokens: auth.TokensConfig[auth.Access]{Keys: keys, Issuer: "https://members.example", Audience: "members"},
		Limits: accounts.Limits{PerAddress: 1 << 20}, Logger: silent,
	})
	if err != nil {
		return nil, err
	}
	app := tenon.New(tenon.Config{Title: "Members", Logger: silent})
	v1 := app.Group("/v1", auth.Required(auth.Bearer(acc.Tokens(), auth.BearerConfig{})))
	acc.Routes(v1.Group("/auth"))
	v1.Get("/count", counter{db}.count, auth.Public("is asked while others sign in"))
	return app, app.Compile()
}

type counter struct{ db *data.DB }

// counted says how many members there are.
type counted struct {
	Members int64 `json:"members"`
}

func (c counter) count(ctx context.Context, _ *struct{}) (*counted, error) {
	var out counted
	err := c.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		out.Members, err = members.Where().Count(ctx, v)
		return err
	})
	return &out, err
}
