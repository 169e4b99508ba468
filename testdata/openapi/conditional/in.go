// Package conditional has reads that may answer 304, and writes that name the state that they change.
package conditional

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
)

// Item is a resource.
type Item struct {
	Name string `json:"name"`
}

// Tagged is an answer with a tag and a date.
type Tagged struct {
	ETag     tenon.ETag `header:"ETag"`
	Modified time.Time  `header:"Last-Modified"`
	Body     Item       `body:""`
}

// Change is a conditional write.
type Change struct {
	tenon.IfMatch
	Body Item `body:""`
}

// Put creates or changes.
type Put struct {
	tenon.Precondition
	Body Item `body:""`
}

// Create creates.
type Create struct {
	tenon.IfNoneMatch
	Body Item `body:""`
}

// Some is one of two answers.
type Some struct {
	Item   *Item            `status:"200"`
	None   *tenon.NoContent `status:"204"`
	Expiry string           `header:"Cache-Control"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Conditions", Version: "1.0.0"})
	app.Get("/tagged", func(context.Context, *struct{}) (*Tagged, error) { return &Tagged{}, nil })
	app.Get("/hashed", func(context.Context, *struct{}) (*Item, error) { return &Item{}, nil }, tenon.BodyETag())
	app.Put("/tagged", func(context.Context, *Change) (*Tagged, error) { return &Tagged{}, nil })
	app.Put("/either", func(context.Context, *Put) (*Tagged, error) { return &Tagged{}, nil })
	app.Put("/created", func(context.Context, *Create) (*Tagged, error) { return &Tagged{}, nil })
	app.Get("/some", func(context.Context, *struct{}) (*Some, error) { return &Some{}, nil }, tenon.BodyETag())
	return app
}
