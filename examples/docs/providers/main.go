// Command providers is the program of the page "Providers": values of a request, values of the app, and their ends.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// region: provider

// Account is who pays.
type Account struct{ Name string }

// WithKey is what a request needs to have an account.
type WithKey struct {
	Key    string  `header:"X-Key" minLength:"4" doc:"The key of your account."`
	Ledger *Ledger `dep:""`
}

// ErrUnknownKey is answered to a key that nobody has.
var ErrUnknownKey = problem.Define(http.StatusUnauthorized, "unknown-key", "The key is not known.")

func account(_ context.Context, in *WithKey) (*Account, error) {
	name, ok := in.Ledger.keys[in.Key]
	if !ok {
		return nil, ErrUnknownKey
	}
	return &Account{name}, nil
}

// endregion: provider

// region: finish

// Draft is a change of the ledger that counts only when the request succeeds.
type Draft struct {
	ledger *Ledger
	lines  []string
}

// Finish keeps what was noted, or drops it.
func (d *Draft) Finish(_ context.Context, err error) error {
	if err != nil {
		return nil // nothing was kept, so there is nothing to take back
	}
	d.ledger.mu.Lock()
	defer d.ledger.mu.Unlock()
	if len(d.ledger.lines)+len(d.lines) > 2 {
		return ErrFull
	}
	d.ledger.lines = append(d.ledger.lines, d.lines...)
	return nil
}

// ErrFull is found out at the very end.
var ErrFull = problem.Define(http.StatusInsufficientStorage, "ledger-full", "The ledger is full.")

// endregion: finish

// region: singleton

// Ledger lives as long as the app.
type Ledger struct {
	keys map[string]string

	mu    sync.Mutex
	lines []string
}

func openLedger(context.Context, *struct{}) (*Ledger, error) {
	return &Ledger{keys: map[string]string{"key-of-ada": "ada"}}, nil
}

// endregion: singleton

// WithLedger is all that a draft needs.
type WithLedger struct {
	Ledger *Ledger `dep:""`
}

func draft(_ context.Context, in *WithLedger) (*Draft, error) { return &Draft{ledger: in.Ledger}, nil }

// region: handler

// Pay is a request to pay somebody.
type Pay struct {
	Account *Account `dep:""`
	Draft   *Draft   `dep:""`
	Payment Payment  `body:""`
}

// Payment says whom.
type Payment struct {
	To string `json:"to" minLength:"1"`
}

func pay(_ context.Context, in *Pay) (*Payment, error) {
	in.Draft.lines = append(in.Draft.lines, in.Account.Name+" pays "+in.Payment.To)
	return &in.Payment, nil
}

// endregion: handler

// region: app
func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Ledger"})
	app.Singleton(openLedger)
	app.Provide(account, tenon.Fails(ErrUnknownKey), guarded)
	app.Provide(draft, tenon.Fails(ErrFull))
	app.Post("/payments", pay)
	return app
}

// guarded says in the document what the provider of accounts asks for.
func guarded(o *tenon.Operation) {
	o.Secure(tenon.Security{Name: "key", Scheme: &openapi.SecurityScheme{Type: "apiKey", In: "header", Name: "X-Key"}})
}

// endregion: app

// region: call

// audit is no request: it runs with what the app provides, and is cleaned up in the same way.
func audit(ctx context.Context, app *tenon.App) error {
	_, err := app.Call(ctx, func(_ context.Context, in *WithLedger) (*tenon.NoContent, error) {
		in.Ledger.mu.Lock()
		defer in.Ledger.mu.Unlock()
		log.Printf("%d lines in the ledger", len(in.Ledger.lines))
		return nil, nil
	})
	return err
}

// endregion: call

func main() {
	app := newApp()
	if len(os.Args) > 1 && os.Args[1] == "audit" {
		if err := audit(context.Background(), app); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := tenon.Serve(context.Background(), app, tenon.ServerConfig{}); err != nil {
		log.Fatal(err)
	}
}
