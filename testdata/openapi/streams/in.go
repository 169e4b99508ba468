// Package streams has answers that come item by item.
package streams

import (
	"context"
	"iter"

	"github.com/tenon-go/tenon"
)

// Tick is an item.
type Tick struct {
	N int `json:"n" minimum:"0"`
}

// Lines is a stream of lines of JSON.
type Lines struct {
	Body iter.Seq2[Tick, error] `body:"application/x-ndjson"`
}

// Events is a stream of Server-Sent Events.
type Events struct {
	Body iter.Seq2[tenon.Event[Tick], error] `body:"text/event-stream"`
}

// Watch says where to go on.
type Watch struct {
	Last tenon.Opt[string] `header:"Last-Event-ID"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Streams", Version: "1.0.0"})
	app.Get("/lines", func(context.Context, *struct{}) (*Lines, error) { return &Lines{}, nil })
	app.Get("/events", func(context.Context, *Watch) (*Events, error) { return &Events{}, nil })
	return app
}
