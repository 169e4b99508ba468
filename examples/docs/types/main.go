// Command types is the program of the page "Types": exact decimals.
package main

import (
	"context"
	"log"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/decimal"
)

// region: decimal

// Line is one line of an order.
type Line struct {
	Price    decimal.Decimal `json:"price" exclusiveMinimum:"0" maximum:"100000" multipleOf:"0.001"`
	Quantity decimal.Decimal `json:"quantity" minimum:"0.1" multipleOf:"0.1"`
}

// Total is what a line costs.
type Total struct {
	Total decimal.Decimal `json:"total"`
}

func price(_ context.Context, in *Line) (*Total, error) {
	total, err := in.Price.Mul(in.Quantity)
	return &Total{Total: total}, err
}

// endregion: decimal

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Types", Version: "1.0.0"})
	app.Post("/prices", price, tenon.Status(200))
	return app
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
