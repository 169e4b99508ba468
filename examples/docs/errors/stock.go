package main

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/fastapi"
	"github.com/tenon-go/tenon/problem"
)

// region: members

// Stock is what the problem says beside the members of every problem.
type Stock struct {
	Available int `json:"available"`
}

// ErrOutOfStock is no error by itself, so it cannot be returned without its members.
var ErrOutOfStock = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough of it.").Members[Stock]()

func order(_ context.Context, in *Order) (*Order, error) {
	if in.Count > 3 {
		return nil, ErrOutOfStock.With(Stock{Available: 3})
	}
	return in, nil
}

// endregion: members

// region: text

var tooCheap = problem.DefineText("final-price", "must leave a price of {cents} cents or more").One("must leave a price of {cents} cent or more")

// Order is the body of an order.
type Order struct {
	Count    int `json:"count"    minimum:"1"`
	Discount int `json:"discount" minimum:"0" default:"0"`
}

// Validate is asked when each member by itself is right.
func (o *Order) Validate(context.Context) error {
	if o.Discount > 99*o.Count {
		return tooCheap.With(1).At("/discount")
	}
	return nil
}

// endregion: text

// region: write

// closed is a middleware of net/http, which knows nothing of the app around it.
func closed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Market") == "closed" {
			problem.Write(w, r, problem.New(problem.CodeForbidden, "The market is closed."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// endregion: write

func addOrders(app *tenon.App) {
	app.Post("/orders", order, tenon.Fails(ErrOutOfStock, problem.New(problem.CodeForbidden, "")), tenon.BeforeAuth(closed))
}

// region: fastapi

// moved is the same service for clients that expect the errors of FastAPI.
func moved() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Orders", Version: "1.0.0", Errors: fastapi.Errors()})
	addOrders(app)
	return app
}

// endregion: fastapi
