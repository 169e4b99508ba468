// Package bodies has bodies that are not JSON, further media types, scalars, bodies that may be absent, and patches.
package bodies

import (
	"context"
	"io"

	"github.com/tenon-go/tenon"
)

// Raw is a body as it was sent.
type Raw struct {
	Body []byte `body:"image/png,image/*" doc:"A picture."`
}

// Text is text with rules.
type Text struct {
	Body string `body:"text/plain" maxLength:"100"`
}

// Stream is read by the handler.
type Stream struct {
	Type string    `header:"Content-Type"`
	Body io.Reader `body:"*/*"`
}

// Scalar is a number by itself, which may be absent.
type Scalar struct {
	Body tenon.Opt[int] `body:"" minimum:"1"`
}

// Change is a patch.
type Change struct {
	Name tenon.Opt[string]             `json:"name" minLength:"1"`
	Note tenon.Opt[tenon.Null[string]] `json:"note"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Bodies", Version: "1.0.0"})
	same := func(text []byte) ([]byte, error) { return text, nil }
	app.Codec("application/vnd.same+json", tenon.Codec{ToJSON: same, FromJSON: same})
	app.Put("/raw", func(context.Context, *Raw) (*tenon.NoContent, error) { return nil, nil })
	app.Put("/text", func(context.Context, *Text) (*tenon.NoContent, error) { return nil, nil })
	app.Put("/stream", func(context.Context, *Stream) (*tenon.NoContent, error) { return nil, nil }, tenon.BodyLimit(1<<30), tenon.Decompress("gzip"))
	app.Put("/scalar", func(context.Context, *Scalar) (*tenon.NoContent, error) { return nil, nil })
	app.Patch("/change", func(_ context.Context, in *Change) (*Change, error) { return in, nil })
	return app
}
