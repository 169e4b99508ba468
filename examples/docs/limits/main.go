// Command limits is the program of the page "Limits": how often operations may be called.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// Report is an answer.
type Report struct {
	Rows int `json:"rows"`
}

// One is a request for one report.
type One struct {
	ID int `path:"id"`
}

func report(context.Context, *One) (*Report, error)              { return &Report{7}, nil }
func search(context.Context, *struct{}) (*Report, error)         { return &Report{3}, nil }
func alive(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }

// region: app
func newApp(k *ratelimit.Keeper) (*tenon.App, error) {
	app := tenon.New(tenon.Config{}, ratelimit.In(k), ratelimit.Per("60/minute"))
	app.Get("/reports/{id}", report, ratelimit.Per("2/minute"))
	app.Get("/livez", alive, ratelimit.NoLimit("the load balancer asks all the time"))

	searches := ratelimit.Shared("search", ratelimit.Limit{
		Per:      "10/second; 1000/day",
		By:       ratelimit.Caller(),
		Strategy: ratelimit.TokenBucket,
		Cost:     5,
	})
	app.Get("/search", search, searches)
	app.Get("/suggest", search, searches)
	return app, app.Compile()
}

// endregion: app

// region: plans

// byPlan has callers of two kinds, and one kind of request that is not counted.
func byPlan() tenon.Option {
	return ratelimit.Limit{
		By: ratelimit.Tenant(),
		Choose: func(r *http.Request) string {
			if paying(r.Context()) {
				return "paid"
			}
			return "free"
		},
		Plans: []ratelimit.Plan{
			{Name: "free", Per: "60/hour", Concurrent: 2},
			{Name: "paid", Per: "600/minute", Strategy: ratelimit.TokenBucket, Burst: 100, Concurrent: 20},
		},
		Except: []ratelimit.Exception{{Reason: "exports of one's own data", When: func(r *http.Request) bool { return r.URL.Path == "/export" }}},
	}.Option()
}

// endregion: plans

func paying(context.Context) bool { return false }

// region: meter

// Reset is a request for a mail with which to choose another password.
type Reset struct {
	Email string `json:"email" format:"email"`
}

type accounts struct{ resets *ratelimit.Meter }

func (a *accounts) reset(ctx context.Context, in *Reset) (*tenon.NoContent, error) {
	if err := a.resets.Take(ctx, in.Email); err != nil {
		return nil, err // whether somebody has the address or not
	}
	return nil, send(ctx, in.Email)
}

func resets(app *tenon.App, k *ratelimit.Keeper) error {
	meter, err := k.Meter("resets of an account", ratelimit.ResetsPerAccount)
	if err != nil {
		return err
	}
	a := &accounts{meter}
	app.Post("/password/reset", a.reset, ratelimit.Reset(), tenon.Fails(ratelimit.ErrLimited))
	return nil
}

// endregion: meter

// send sends a mail, in a program that has somewhere to send it.
func send(ctx context.Context, _ string) error { return ctx.Err() }

// region: wrong
func wrong() error {
	app := tenon.New(tenon.Config{})
	app.Get("/a", search, ratelimit.Per("10/fortnight"))
	app.Get("/b", search, ratelimit.Limit{Per: "0/minute", Burst: 5}.Option())
	return app.Compile()
}

// endregion: wrong

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// region: keeper
func run(ctx context.Context) error {
	k, err := ratelimit.New(ratelimit.Config{}) // Store: what all replicas share
	if err != nil {
		return err
	}
	app, err := newApp(k)
	if err != nil {
		return err
	}
	return tenon.Serve(ctx, app, tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}

// endregion: keeper
