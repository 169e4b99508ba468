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

// Count says how many items there are.
type Count struct {
	To int `query:"to" default:"2" minimum:"0" maximum:"9"`
}

// Watch says where to go on.
type Watch struct {
	Last tenon.Opt[string] `header:"Last-Event-ID"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Streams", Version: "1.0.0"})
	app.Get("/lines", func(_ context.Context, in *Count) (*Lines, error) {
		return &Lines{func(yield func(Tick, error) bool) {
			for n := range in.To {
				if !yield(Tick{n}, nil) {
					return
				}
			}
		}}, nil
	})
	app.Get("/events", func(context.Context, *Watch) (*Events, error) {
		return &Events{func(yield func(tenon.Event[Tick], error) bool) { yield(tenon.Event[Tick]{Data: Tick{1}}, nil) }}, nil
	})
	return app
}
