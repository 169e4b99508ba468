// Package problems declares what its operations fail with.
package problems

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// What may go wrong.
var (
	ErrTaken = problem.Define(http.StatusConflict, "name-taken", "The name is in use.")
	ErrGone  = problem.Define(http.StatusConflict, "name-gone", "The name was in use.")
	ErrMany  = problem.Define(http.StatusTooManyRequests, "too-many", "There are enough.")
)

// Name is a body.
type Name struct {
	Name string `json:"name"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Problems", Version: "1.0.0", ProblemBase: "https://example.com/problems/"})
	group := app.Group("/v1", tenon.Fails(ErrMany.WithHeader("Retry-After", "60")))
	group.Post("/names", func(_ context.Context, in *Name) (*Name, error) { return in, nil }, tenon.Fails(ErrTaken, ErrGone))
	group.Delete("/names/{name}", func(context.Context, *struct {
		Name string `path:"name"`
	},
	) (*tenon.NoContent, error) {
		return nil, nil
	}, tenon.Fails(problem.NotFound("There is no such name.")))
	return app
}
