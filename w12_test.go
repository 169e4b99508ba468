package tenon_test

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon"
)

// row is one of the many that an answer lists.
type row struct {
	ID    int64             `json:"id"`
	Name  string            `json:"name"`
	Email tenon.Opt[string] `json:"email"`
	Tags  []string          `json:"tags"`
}

// TestW12AnAnswerIsWrittenInOnePass allocates as much for 10 rows as for 400: types decide at start what an answer holds, and nothing is
// made of it, or judged, but its bytes.
//
//nolint:paralleltest // testing.AllocsPerRun counts those of other tests too
func TestW12AnAnswerIsWrittenInOnePass(t *testing.T) {
	var rows struct {
		Items []row `json:"items"`
	}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/rows", func(context.Context, *struct{}) (*struct {
		Items []row `json:"items"`
	}, error,
	) {
		return &rows, nil
	})
	r := httptest.NewRequest(http.MethodGet, "/rows", nil)
	allocations := func(n int) float64 {
		rows.Items = make([]row, n)
		for i := range rows.Items {
			rows.Items[i] = row{int64(i), "Ada Lovelace", tenon.Some("ada@example.com"), []string{"a", "b"}}
		}
		least := math.Inf(1) // the race detector empties pools at random, so what a warm run costs is the least of many
		for range 50 {
			least = min(least, testing.AllocsPerRun(1, func() { app.ServeHTTP(forgetful{http.Header{}}, r) }))
		}
		return least
	}
	if few, many := allocations(10), allocations(400); many > few+2 { // its length, which an answer this long states itself
		t.Errorf("%v allocations for 10 rows, and %v for 400", few, many)
	}
}

// forgetful is where an answer goes that nobody looks at.
type forgetful struct{ header http.Header }

func (f forgetful) Header() http.Header       { return f.header }
func (forgetful) Write(p []byte) (int, error) { return len(p), nil }
func (forgetful) WriteHeader(int)             {}
