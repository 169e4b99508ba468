// Package extended declares problems that carry members of their own.
package extended

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Stock is what a client is told that orders too much. It is a request too, which refuses other members.
type Stock struct {
	Available int               `json:"available" minimum:"0" doc:"How many there are."`
	Cities    []string          `json:"cities"`
	Until     tenon.Opt[string] `json:"until" format:"date"`
}

// Limit is a part of another problem.
type Limit struct {
	Limit struct {
		Most int `json:"most"`
	} `json:"limit"`
}

// What may go wrong.
var (
	ErrOutOfStock = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough of it.").Members[Stock]()
	ErrLimit      = problem.Define(http.StatusConflict, "limit", "It is more than one may order.").Members[Limit]()
	ErrClosed     = problem.Define(http.StatusConflict, "closed", "The shop is closed.")
	ErrGone       = problem.Define(http.StatusGone, "gone", "It is no longer sold.").Members[Stock]()
)

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Members", Version: "1.0.0"})
	app.Post("/orders", func(context.Context, *Stock) (*tenon.NoContent, error) { return nil, nil },
		tenon.Fails(ErrClosed, ErrOutOfStock.With(Stock{Available: 3, Cities: []string{"Ulm"}}), ErrLimit, ErrGone))
	return app
}
