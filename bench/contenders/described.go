package contenders

import (
	"time"

	"github.com/tenon-go/tenon/bench/work"
)

// The inputs of the contenders that make a document: the tags are words of JSON Schema, the same for both.
type (
	describedUser struct {
		Name  string `json:"name" minLength:"1" maxLength:"100"`
		Email string `json:"email" format:"email"`
		Age   int    `json:"age" minimum:"1" maximum:"149"`
	}

	describedOrder struct {
		Reference    string           `json:"reference" minLength:"1" maxLength:"40"`
		CustomerID   string           `json:"customer_id" format:"uuid"`
		Email        string           `json:"email" format:"email"`
		Phone        string           `json:"phone" minLength:"5" maxLength:"30"`
		Currency     string           `json:"currency" enum:"EUR,USD,GBP,SEK"`
		Channel      string           `json:"channel" enum:"web,app,phone"`
		Priority     int              `json:"priority" minimum:"1" maximum:"5"`
		Gift         bool             `json:"gift"`
		Note         string           `json:"note" maxLength:"500"`
		Coupon       string           `json:"coupon" maxLength:"20"`
		PlacedAt     time.Time        `json:"placed_at"`
		DeliverBy    time.Time        `json:"deliver_by"`
		Subtotal     float64          `json:"subtotal" minimum:"0"`
		Discount     float64          `json:"discount" minimum:"0" maximum:"1"`
		ShippingCost float64          `json:"shipping_cost" minimum:"0"`
		Total        float64          `json:"total" minimum:"0"`
		Shipping     describedAddress `json:"shipping"`
		Billing      describedAddress `json:"billing"`
		Tags         []string         `json:"tags" maxItems:"10"`
		Items        []describedItem  `json:"items" minItems:"1" maxItems:"100"`
	}

	describedAddress struct {
		Name     string `json:"name" minLength:"1" maxLength:"100"`
		Line1    string `json:"line1" minLength:"1" maxLength:"200"`
		Line2    string `json:"line2" maxLength:"200"`
		City     string `json:"city" minLength:"1" maxLength:"100"`
		Postcode string `json:"postcode" minLength:"3" maxLength:"10"`
		Country  string `json:"country" minLength:"2" maxLength:"2"`
	}

	describedItem struct {
		SKU       string  `json:"sku" minLength:"1" maxLength:"40"`
		Title     string  `json:"title" minLength:"1" maxLength:"200"`
		Quantity  int     `json:"quantity" minimum:"1" maximum:"1000"`
		Unit      string  `json:"unit" enum:"piece,pack,litre,metre"`
		UnitPrice float64 `json:"unit_price" minimum:"0" maximum:"100000"`
		Taxed     bool    `json:"taxed"`
	}

	describedOrderView struct {
		describedOrder

		ID        int64     `json:"id"`
		CreatedAt time.Time `json:"created_at"`
	}
)

func (o *describedOrder) view() *describedOrderView {
	return &describedOrderView{ID: work.NewID, CreatedAt: work.Now(), describedOrder: *o}
}
