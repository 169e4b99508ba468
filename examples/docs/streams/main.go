// Command streams is the program of the page "Streams": events, lines, and work after the answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/tenon-go/tenon"
)

// region: lines

// Reading is what a sensor measured.
type Reading struct {
	Hour    int     `json:"hour"`
	Celsius float64 `json:"celsius"`
}

// Export is an answer that is sent line by line.
type Export struct {
	Body iter.Seq2[Reading, error] `body:"application/x-ndjson"`
}

func export(ctx context.Context, _ *struct{}) (*Export, error) {
	return &Export{func(yield func(Reading, error) bool) {
		for hour := range 3 {
			r, err := measured(ctx, hour)
			if !yield(r, err) || err != nil {
				return
			}
		}
	}}, nil
}

// endregion: lines

// region: broken

// exportBroken finds out in the middle that the rest cannot be read.
func exportBroken(context.Context, *struct{}) (*Export, error) {
	return &Export{func(yield func(Reading, error) bool) {
		_ = yield(Reading{0, 4.5}, nil) && yield(Reading{}, errors.New("the disk is gone"))
	}}, nil
}

// endregion: broken

// region: events

// Follow is a request for what is measured from now on, or after the last reading that the client has.
type Follow struct {
	Last int `header:"Last-Event-ID" default:"-1" minimum:"-1"`
}

// Live is an answer of events.
type Live struct {
	Body iter.Seq2[tenon.Event[Reading], error] `body:"text/event-stream"`
}

func follow(ctx context.Context, in *Follow) (*Live, error) {
	return &Live{func(yield func(tenon.Event[Reading], error) bool) {
		for hour := in.Last + 1; hour < 3; hour++ {
			r, err := measured(ctx, hour)
			e := tenon.Event[Reading]{Name: "reading", ID: strconv.Itoa(hour), Data: r}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}}, nil
}

// endregion: events

// region: after

// Order is what is ordered.
type Order struct {
	Item string `json:"item" minLength:"1"`
}

func order(ctx context.Context, in *Order) (*Order, error) {
	tenon.After(ctx, func(context.Context) error {
		return notify(in.Item)
	})
	return in, nil
}

// endregion: after

// measured stands for a query; it gives up when ctx ends.
func measured(ctx context.Context, hour int) (Reading, error) {
	return Reading{Hour: hour, Celsius: 4.5 + float64(hour)}, ctx.Err()
}

// notify stands for a mail.
func notify(item string) error {
	_, err := fmt.Fprintf(os.Stderr, "%s: %s was ordered\n", time.Now().Format(time.TimeOnly), item)
	return err
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Readings", Version: "1.0.0"})
	app.Get("/export", export)
	app.Get("/export/broken", exportBroken)
	app.Get("/live", follow)
	app.Post("/orders", order)
	return app
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
