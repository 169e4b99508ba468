// Package formats has answers whose form is picked by name.
package formats

import (
	"context"

	"github.com/tenon-go/tenon"
)

// Item is a resource.
type Item struct {
	Name string `json:"name"`
}

// GetItem is what a request for one item supplies.
type GetItem struct {
	ID string `path:"id"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Formats", Version: "1.0.0"})
	same := func(text []byte) ([]byte, error) { return text, nil }
	app.Codec("application/yaml", tenon.Codec{FromJSON: same})
	both := app.Group("/both", tenon.FormatParameter("format"), tenon.FormatSuffix())
	both.Get("/items", func(context.Context, *struct{}) (*Item, error) { return &Item{}, nil })
	both.Get("/items/{id}", func(context.Context, *GetItem) (*Item, error) { return &Item{}, nil })
	both.Delete("/items/{id}", func(context.Context, *GetItem) (*tenon.NoContent, error) { return nil, nil })
	app.Get("/accept", func(context.Context, *struct{}) (*Item, error) { return &Item{}, nil })
	return app
}
