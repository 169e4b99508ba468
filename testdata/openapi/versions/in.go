// Package versions has two versions, told by a header.
package versions

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
)

// Note is what people keep.
type Note struct {
	Text  string `json:"text" maxLength:"280"`
	Title string `json:"title" maxLength:"40"`
}

// NoteV1 had no title.
type NoteV1 struct {
	Text string `json:"text" maxLength:"280"`
}

// Keep is a request to keep a note.
type Keep struct {
	ID   int64 `path:"id"`
	Note Note  `body:""`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Versions", Version: "1.0.0"})
	g := app.Versions("/api", tenon.Versions{By: tenon.ByHeader("API-Version"), Default: "-", List: []tenon.Version{
		{
			Name: "v1", Deprecated: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sunset: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
			Link: "https://example.com/v1", Gone: true, Options: []tenon.Option{tenon.Tags("v1")},
		},
		{Name: "v2", Options: []tenon.Option{tenon.Tags("v2")}, Changes: []tenon.VersionChange{{
			Doc: "A note has a title.",
			Migrations: []tenon.Migration{
				tenon.Upgrade(func(_ context.Context, n *NoteV1) (*Note, error) { return &Note{Text: n.Text}, nil }),
				tenon.Downgrade(func(_ context.Context, n *Note) (*NoteV1, error) { return &NoteV1{Text: n.Text}, nil }),
			},
		}}},
	}})
	g.Put("/notes/{id}", func(_ context.Context, in *Keep) (*Note, error) { return &in.Note, nil })
	app.Get("/health", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
	return app
}
