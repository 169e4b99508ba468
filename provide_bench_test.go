package tenon_test

import (
	"context"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon"
)

// Three values, each of which needs the one before.
type (
	layer1   struct{ n int }
	layer2   struct{ below *layer1 }
	layer3   struct{ below *layer2 }
	onLayer1 struct {
		Below *layer1 `dep:""`
	}
	onLayer2 struct {
		Below *layer2 `dep:""`
	}
	onLayer3 struct {
		Top *layer3 `dep:""`
	}
)

// BenchmarkProviders answers a GET without providers, with one, with three that need each other, and with three of which one is finished.
func BenchmarkProviders(b *testing.B) {
	for _, tt := range []struct{ name, path string }{{"none", "/none"}, {"one", "/one"}, {"three", "/three"}, {"finished", "/finished"}} {
		b.Run(tt.name, func(b *testing.B) {
			app := layersApp(b)
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, tt.path, nil)
			w := &unread{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				app.ServeHTTP(w, r)
			}
			if w.status != http.StatusOK {
				b.Fatal(w.status)
			}
		})
	}
}

func layersApp(tb testing.TB) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Provide(func(context.Context, *struct{}) (*layer1, error) { return &layer1{1}, nil })
	app.Provide(func(_ context.Context, in *onLayer1) (*layer2, error) { return &layer2{in.Below}, nil })
	app.Provide(func(_ context.Context, in *onLayer2) (*layer3, error) { return &layer3{in.Below}, nil })
	app.Singleton(func(context.Context, *struct{}) (*pool, error) { return &pool{trail: &trail{}}, nil })
	app.Provide(func(context.Context, *struct{}) (*ended, error) { return &ended{}, nil })
	ok := &fine{true}
	app.Get("/none", func(context.Context, *struct{}) (*fine, error) { return ok, nil })
	app.Get("/one", func(context.Context, *onLayer1) (*fine, error) { return ok, nil })
	app.Get("/three", func(context.Context, *onLayer3) (*fine, error) { return ok, nil })
	app.Get("/finished", func(context.Context, *struct {
		Ended *ended  `dep:""`
		Top   *layer3 `dep:""`
	},
	) (*fine, error) {
		return ok, nil
	})
	if err := app.Compile(); err != nil {
		tb.Fatal(err)
	}
	return app
}

// ended has an end that does nothing.
type ended struct{}

func (*ended) Finish(context.Context, error) error { return nil }

// unread is an answer that nobody reads.
type unread struct {
	header http.Header
	status int
}

func (d *unread) Header() http.Header         { return d.header }
func (d *unread) WriteHeader(status int)      { d.status = status }
func (d *unread) Write(b []byte) (int, error) { return io.Discard.Write(b) }

// TestProvidersCost holds what a provider costs: its input and its value, and the context of a Finish.
func TestProvidersCost(t *testing.T) { //nolint:paralleltest // it counts the allocations of the process
	app := layersApp(t)
	allocs := func(path string) float64 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		w := &unread{header: http.Header{}}
		least := math.Inf(1)
		for range 200 { // the race detector makes pools forget at times, so the least is what it costs
			least = min(least, testing.AllocsPerRun(1, func() { app.ServeHTTP(w, r) }))
		}
		return least
	}
	none := allocs("/none")
	for path, most := range map[string]float64{"/one": 1, "/three": 5, "/finished": 20} {
		if got := allocs(path) - none; got > most {
			t.Errorf("%s: %v allocations more than without providers, want %v or fewer", path, got, most)
		}
	}
}
