// Package unions has a body and an answer that are one of several variants.
package unions

import (
	"context"

	"github.com/tenon-go/tenon"
)

// Payment is made in one of two ways.
type Payment struct {
	_    struct{} `discriminator:"method"`
	Card *Card    `variant:"card"`
	IBAN *IBAN    `variant:"iban"`
}

// Card is a variant.
type Card struct {
	Number string `json:"number" pattern:"^[0-9]{16}$"`
}

// IBAN is a variant.
type IBAN struct {
	Account string `json:"account" minLength:"15"`
}

// Order holds unions in all places.
type Order struct {
	Payment  Payment            `json:"payment"`
	Refund   *Payment           `json:"refund"`
	Attempts []Payment          `json:"attempts"`
	Named    map[string]Payment `json:"named"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Unions", Version: "1.0.0"})
	app.Post("/orders", func(_ context.Context, in *Order) (*Order, error) { return in, nil })
	app.Put("/payment", func(_ context.Context, in *Payment) (*Payment, error) { return in, nil })
	return app
}
