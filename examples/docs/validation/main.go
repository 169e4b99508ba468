// Command validation is the program of the page "Validation": tags, a format, a type with values of its own, and a rule across
// fields.
package main

import (
	"context"
	"log"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// region: tags

// NewProduct is the body of a POST.
type NewProduct struct {
	Name     string              `json:"name" minLength:"1" maxLength:"40"`
	SKU      string              `json:"sku" format:"sku" example:"TN-0042"`
	Colour   Colour              `json:"colour" default:"plain"`
	Cents    int                 `json:"cents" minimum:"1" maximum:"1000000"`
	Discount tenon.Null[float64] `json:"discount" minimum:"0" maximum:"1"`
	Tags     []string            `json:"tags" maxItems:"3" uniqueItems:"true" pattern:"^[a-z]+$"`
}

// endregion: tags

// region: enum

// Colour is one of a few words.
type Colour string

// Enum lists the values; the check and the schema both ask for it.
func (Colour) Enum() []Colour { return []Colour{"plain", "red", "green"} }

// endregion: enum

// region: validate

// Validate holds the price after the discount at one cent or more. It runs when cents and discount are valid by themselves.
func (p NewProduct) Validate(context.Context) error {
	if float64(p.Cents)*(1-p.Discount.Or(0)) < 1 {
		return problem.Fault{Pointer: "/discount", Code: "final-price", Message: "must leave a price of 1 cent or more"}
	}
	return nil
}

// ValidateNeeds names the members that Validate looks at.
func (NewProduct) ValidateNeeds() []string { return []string{"cents", "discount"} }

// endregion: validate

// Product is what a client sees.
type Product struct {
	SKU   string `json:"sku"`
	Cents int    `json:"cents"`
}

func create(_ context.Context, in *NewProduct) (*Product, error) {
	return &Product{SKU: in.SKU, Cents: int(float64(in.Cents) * (1 - in.Discount.Or(0)))}, nil
}

// region: format

func isSKU(text string) bool {
	digits, ok := strings.CutPrefix(text, "TN-")
	return ok && len(digits) == 4 && strings.Trim(digits, "0123456789") == ""
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Products", Version: "1.0.0"})
	app.Format("sku", isSKU, "must be a stock number such as TN-0042")
	app.Post("/products", create)
	return app
}

// endregion: format

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
