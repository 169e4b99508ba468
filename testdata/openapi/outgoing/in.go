// Package outgoing has webhooks and callbacks.
package outgoing

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
)

// Order is what a client orders.
type Order struct {
	Item   string `json:"item"`
	Notify string `json:"notify" format:"uri"`
}

// Placed is what a client is told of an order.
type Placed struct {
	ID int `json:"id"`
}

// Paid is what a client is told later.
type Paid struct {
	ID     int    `json:"id" minimum:"1"`
	Amount string `json:"amount"`
}

// Signed is a body with a signature.
type Signed struct {
	Signature string `header:"Webhook-Signature" doc:"HMAC-SHA256 of the body."`
	Body      Paid   `body:""`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Outgoing", Version: "1.0.0"})
	app.Post("/orders", func(context.Context, *Order) (*Placed, error) { return &Placed{}, nil },
		tenon.Callback[Signed]("paid", "{$request.body#/notify}", http.MethodPost, tenon.Summary("The order is paid.")),
		tenon.Callback[struct{}]("gone", "{$request.body#/notify}/{$response.body#/id}", http.MethodDelete))
	app.Webhook[Paid]("order-paid", http.MethodPost, tenon.Tags("orders"), tenon.RequestExample("small", `{"id":7,"amount":"1.50"}`))
	app.Webhook[Signed]("order-refunded", http.MethodPost, tenon.OperationID("refunded"), tenon.Deprecated())
	return app
}
