// Package described says everything that a document can say about an API.
package described

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// Note is a body.
type Note struct {
	Text string `json:"text" maxLength:"20"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{
		Title: "Described", Version: "2.1.0", Description: "All **words**.", TermsOfService: "https://example.com/terms",
		Contact:      &openapi.Contact{Name: "Ann", Email: "ann@example.com"},
		License:      &openapi.License{Name: "MIT", Identifier: "MIT"},
		ExternalDocs: &openapi.ExternalDocs{URL: "https://example.com/docs", Description: "More."},
		Servers:      []openapi.Server{{URL: "https://api.example.com/v2", Description: "Production."}},
		TagInfo:      []openapi.Tag{{Name: "notes", Description: "Short texts."}},
		Extensions:   map[string]any{"x-audience": "partners"},
	})
	app.Post("/notes", func(_ context.Context, in *Note) (*Note, error) { return in, nil },
		tenon.Summary("Write a note"), tenon.Description("It is kept."), tenon.Tags("notes"), tenon.OperationID("writeNote"), tenon.Deprecated(),
		tenon.ExternalDocs("https://example.com/notes", "Of notes."), tenon.Extension("x-cost", 2))
	app.Get("/hidden", func(context.Context, *struct{}) (*Note, error) { return &Note{}, nil }, tenon.Hidden())
	return app
}
