package sqlstore_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/sqlstore"
)

// counted is what a service that keeps its answers answers.
type counted struct {
	N int64 `json:"n"`
}

// TestRA01LS06Answers has three replicas of a service keep their answers in the database that they have anyway: a hundred requests at once run the
// handler once in each at most, what one has kept the others serve, and what one invalidates none serves.
func TestRA01LS06Answers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, open func() (*data.DB, *sqlstore.Store)) {
		t.Helper()
		var n, runs atomic.Int64
		var apps []*tenon.App
		for range 3 {
			_, s := open()
			kept, err := cache.New(cache.Config{Store: s, Timeout: time.Minute})
			ok(t, err)
			app := tenon.New(tenon.Config{}, cache.Use(kept))
			app.Get("/", func(context.Context, *struct{}) (*counted, error) {
				runs.Add(1)
				return &counted{n.Load()}, nil
			}, cache.For(time.Hour), cache.Tag("n"))
			app.Put("/", func(context.Context, *struct{}) (*tenon.NoContent, error) {
				n.Add(1)
				return &tenon.NoContent{}, nil
			}, cache.Invalidates("n"))
			ok(t, app.Compile())
			apps = append(apps, app)
		}
		for round := range 3 {
			runs.Store(0)
			want := `{"n":` + string(rune('0'+round)) + `}`
			var all sync.WaitGroup
			for i := range 100 {
				all.Go(func() {
					if w := answer(t, apps[i%3], http.MethodGet); w.Code != http.StatusOK || w.Body.String() != want {
						t.Errorf("round %d: %d %s, want %s", round, w.Code, w.Body, want)
					}
				})
			}
			all.Wait()
			if got := runs.Load(); got < 1 || got > 3 {
				t.Errorf("round %d: the handler ran %d times, want once in each replica at most", round, got)
			}
			for _, app := range apps {
				if w := answer(t, app, http.MethodGet); !strings.Contains(w.Header().Get("Cache-Status"), "; hit") {
					t.Errorf("round %d: %s", round, w.Header().Get("Cache-Status"))
				}
			}
			if w := answer(t, apps[round], http.MethodPut); w.Code != http.StatusNoContent {
				t.Errorf("round %d: %d %s", round, w.Code, w.Body)
			}
		}
	})
}

func answer(t *testing.T, app http.Handler, method string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/", http.NoBody))
	return w
}
