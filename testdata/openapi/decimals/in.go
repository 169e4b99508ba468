// Package decimals has numbers whose text is kept.
package decimals

import (
	"context"

	"github.com/tenon-go/tenon"
)

// Money is a decimal.
type Money string

// JSONNumber says that it is a number in JSON.
func (Money) JSONNumber() {}

// MarshalText returns the text.
func (m Money) MarshalText() ([]byte, error) { return []byte(m), nil }

// UnmarshalText keeps the text.
func (m *Money) UnmarshalText(text []byte) error {
	*m = Money(text)
	return nil
}

// Price is a body, and an answer.
type Price struct {
	Net   Money             `json:"net" minimum:"0.01" exclusiveMaximum:"1000000" multipleOf:"0.01"`
	Gross tenon.Null[Money] `json:"gross"`
	Tiers []Money           `json:"tiers" maxItems:"3" enum:"1.50,2"`
}

// Query is what a list of prices is filtered by.
type Query struct {
	Above Money `query:"above" minimum:"0" default:"0.10"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Decimals", Version: "1.0.0"})
	app.Post("/prices", func(_ context.Context, in *Price) (*Price, error) { return in, nil })
	app.Get("/price", func(context.Context, *Query) (*Price, error) { return &Price{Net: "1"}, nil })
	return app
}
