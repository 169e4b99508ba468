// Package files has files, text and redirects as answers.
package files

import (
	"context"
	"strings"

	"github.com/tenon-go/tenon"
)

// GetFile names a file.
type GetFile struct {
	Name string `path:"name" doc:"As in the list."`
}

// HTML is a page.
type HTML struct {
	Language string `header:"Content-Language"`
	Body     string `body:"text/html; charset=utf-8"`
}

// Badge is a picture.
type Badge struct {
	Body []byte `body:"image/svg+xml"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Files", Version: "1.0.0"})
	file := app.Get("/files/{name}", func(context.Context, *GetFile) (*tenon.File, error) {
		return &tenon.File{Content: strings.NewReader("")}, nil
	})
	app.Get("/", func(context.Context, *struct{}) (*HTML, error) { return &HTML{}, nil })
	app.Get("/badge", func(context.Context, *struct{}) (*Badge, error) { return &Badge{}, nil })
	app.Get("/latest", func(context.Context, *struct{}) (*tenon.Redirect, error) {
		return file.Redirect(GetFile{Name: "z"}), nil
	})
	return app
}
