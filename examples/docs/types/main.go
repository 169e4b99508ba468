// Command types is the program of the page "Types": exact decimals, transforms, unions and any JSON.
package main

import (
	"context"
	"encoding/json/jsontext"
	"log"
	"strings"

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

// region: transform

// Guest is somebody who signs a book.
type Guest struct {
	Name  string   `json:"name" transform:"collapse" minLength:"1" maxLength:"60"`
	Email string   `json:"email" transform:"trim,lower" format:"email"`
	Tags  []string `json:"tags" transform:"slug" uniqueItems:"true" pattern:"^[a-z-]+$"`
}

func slug(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(text), "-"))
}

func addGuests(app *tenon.App) {
	app.Transform("slug", slug)
	app.Post("/guests", func(_ context.Context, in *Guest) (*Guest, error) { return in, nil })
}

// endregion: transform

// region: union

// Payment is money by card or by transfer.
type Payment struct {
	_        struct{}  `discriminator:"method"`
	Card     *Card     `variant:"card"`
	Transfer *Transfer `variant:"transfer"`
}

// Card is a payment by card.
type Card struct {
	Number string `json:"number" pattern:"^[0-9]{16}$"`
}

// Transfer is a payment by transfer.
type Transfer struct {
	IBAN string `json:"iban" minLength:"15" maxLength:"34"`
}

func pay(_ context.Context, in *Payment) (*Payment, error) {
	if in.Card != nil {
		return &Payment{Transfer: &Transfer{IBAN: "DE02120300000000202051"}}, nil
	}
	return in, nil
}

// endregion: union

// region: any

// Event is kept for somebody else, who knows what its payload means.
type Event struct {
	Name    string         `json:"name"`
	Payload any            `json:"payload"`
	Raw     jsontext.Value `json:"raw"`
}

func keep(_ context.Context, in *Event) (*Event, error) {
	if payload, ok := in.Payload.(map[string]any); ok {
		payload["seen"] = true
	}
	return in, nil
}

// endregion: any

// region: names

// Traveller leaves its names to the app.
type Traveller struct {
	FirstName string `minLength:"1"`
	UserID    int
	Seat      string `json:"seat_no"`
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Types", Version: "1.0.0", Names: tenon.CamelCase})
	app.Post("/travellers", func(_ context.Context, in *Traveller) (*Traveller, error) { return in, nil })
	// endregion: names
	app.Post("/prices", price, tenon.Status(200))
	addGuests(app)
	app.Post("/payments", pay)
	app.Post("/events", keep)
	return app
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
