package contenders

import (
	"time"

	"github.com/tenon-go/tenon/bench/work"
)

// The inputs of all contenders but those that make a document: the tag validate is read by chi's, gin's and echo's
// validator; the hand-written contender reads the names alone. Members that may be zero have no "required", because that
// word refuses false, 0 and "".
type (
	newUser struct {
		Name  string `json:"name" validate:"min=1,max=100"`
		Email string `json:"email" validate:"required,email"`
		Age   int    `json:"age" validate:"min=1,max=149"`
	}

	listUsers struct {
		Page int `form:"page" query:"page" json:"page" validate:"min=1"`
		Size int `form:"size" query:"size" json:"size" validate:"min=1,max=100"`
	}

	newOrder struct {
		Reference    string      `json:"reference" validate:"min=1,max=40"`
		CustomerID   string      `json:"customer_id" validate:"uuid"`
		Email        string      `json:"email" validate:"email"`
		Phone        string      `json:"phone" validate:"min=5,max=30"`
		Currency     string      `json:"currency" validate:"oneof=EUR USD GBP SEK"`
		Channel      string      `json:"channel" validate:"oneof=web app phone"`
		Priority     int         `json:"priority" validate:"min=1,max=5"`
		Gift         bool        `json:"gift"`
		Note         string      `json:"note" validate:"max=500"`
		Coupon       string      `json:"coupon" validate:"max=20"`
		PlacedAt     time.Time   `json:"placed_at" validate:"required"`
		DeliverBy    time.Time   `json:"deliver_by" validate:"required"`
		Subtotal     float64     `json:"subtotal" validate:"min=0"`
		Discount     float64     `json:"discount" validate:"min=0,max=1"`
		ShippingCost float64     `json:"shipping_cost" validate:"min=0"`
		Total        float64     `json:"total" validate:"min=0"`
		Shipping     address     `json:"shipping"`
		Billing      address     `json:"billing"`
		Tags         []string    `json:"tags" validate:"max=10"`
		Items        []orderItem `json:"items" validate:"min=1,max=100,dive"`
	}

	address struct {
		Name     string `json:"name" validate:"min=1,max=100"`
		Line1    string `json:"line1" validate:"min=1,max=200"`
		Line2    string `json:"line2" validate:"max=200"`
		City     string `json:"city" validate:"min=1,max=100"`
		Postcode string `json:"postcode" validate:"min=3,max=10"`
		Country  string `json:"country" validate:"len=2"`
	}

	orderItem struct {
		SKU       string  `json:"sku" validate:"min=1,max=40"`
		Title     string  `json:"title" validate:"min=1,max=200"`
		Quantity  int     `json:"quantity" validate:"min=1,max=1000"`
		Unit      string  `json:"unit" validate:"oneof=piece pack litre metre"`
		UnitPrice float64 `json:"unit_price" validate:"min=0,max=100000"`
		Taxed     bool    `json:"taxed"`
	}

	orderView struct {
		*newOrder

		ID        int64     `json:"id"`
		CreatedAt time.Time `json:"created_at"`
	}
)

func (o *newOrder) view() *orderView {
	return &orderView{ID: work.NewID, CreatedAt: work.Now(), newOrder: o}
}

func pageOf(store *work.Store, page, size int) *work.Page {
	return &work.Page{
		Items: store.Users(page, size),
		Total: work.Total, Page: page, Size: size, Pages: (work.Total + size - 1) / size,
	}
}
