// Package linear_test measures how the cost of a request grows with its body.
package linear_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/bench/work"
)

type (
	line struct {
		SKU      string  `json:"sku" minLength:"1" maxLength:"40"`
		Title    string  `json:"title" minLength:"1" maxLength:"200"`
		Quantity int     `json:"quantity" minimum:"1" maximum:"1000"`
		Price    float64 `json:"price" minimum:"0"`
		Taxed    bool    `json:"taxed"`
	}
	lines struct {
		Lines []line `json:"lines" maxItems:"100000"`
	}
	count struct {
		Lines int `json:"lines"`
	}
)

const one = `{"sku":"TN-1334-J","title":"Oak board, planed on both sides","quantity":12,"price":13.75,"taxed":true}`

// body has bytes of about the given size.
func body(size int) string {
	return `{"lines":[` + strings.Repeat(one+",", max(0, size/(len(one)+1)-1)) + one + `]}`
}

func service(tb testing.TB) http.Handler {
	tb.Helper()
	app := tenon.New(tenon.Config{Title: "Lines", Limits: tenon.Limits{Body: 4 << 20}})
	app.Post("/lines", func(_ context.Context, in *lines) (*count, error) { return &count{len(in.Lines)}, nil })
	if err := app.Compile(); err != nil {
		tb.Fatal(err)
	}
	return app
}

func sizes() []int { return []int{1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20} }

// BenchmarkBody decodes and checks bodies of 1 KB to 1 MB: MB/s stays what it is, or the cost does not grow linearly.
func BenchmarkBody(b *testing.B) {
	app := service(b)
	for _, size := range sizes() {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			text := body(size)
			r, err := work.NewRequest(http.MethodPost, "/lines", text)
			if err != nil {
				b.Fatal(err)
			}
			w := work.NewWriter()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				w.Reset()
				app.ServeHTTP(w, r.Next())
			}
			if w.Status != http.StatusCreated {
				b.Fatalf("status %d", w.Status)
			}
		})
	}
}

// TestAllocationsGrowLinearly holds what can be counted on any machine: the allocations for a kilobyte, whatever the size of the
// body.
//
//nolint:paralleltest // testing.AllocsPerRun counts those of other tests too
func TestAllocationsGrowLinearly(t *testing.T) {
	app := service(t)
	first := 0.0
	for _, size := range sizes() {
		r, err := work.NewRequest(http.MethodPost, "/lines", body(size))
		if err != nil {
			t.Fatal(err)
		}
		w := work.NewWriter()
		per := testing.AllocsPerRun(3, func() {
			w.Reset()
			app.ServeHTTP(w, r.Next())
		}) / float64(size>>10)
		if first == 0 {
			first = per
		}
		if w.Status != http.StatusCreated || per > 1.2*first {
			t.Errorf("%d KB: status %d with %.1f allocations for each KB, but %.1f at 1 KB", size>>10, w.Status, per, first)
		}
	}
}
