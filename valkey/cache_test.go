package valkey_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// counted is what a service that keeps its answers answers.
type counted struct {
	N int64 `json:"n"`
}

// shelf is a number that several replicas of a service read and write.
type shelf struct{ n, runs atomic.Int64 }

func (s *shelf) replica(t *testing.T, cfg valkey.Config, patience time.Duration) *tenon.App {
	t.Helper()
	kept, err := cache.New(cache.Config{Store: open(t, cfg), Timeout: patience, Pause: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	app := tenon.New(tenon.Config{}, cache.Use(kept))
	app.Get("/", func(context.Context, *struct{}) (*counted, error) {
		s.runs.Add(1)
		return &counted{s.n.Load()}, nil
	}, cache.For(time.Hour), cache.Tag("n"))
	app.Put("/", func(context.Context, *struct{}) (*tenon.NoContent, error) {
		s.n.Add(1)
		return &tenon.NoContent{}, nil
	}, cache.Invalidates("n"))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app
}

func answer(t *testing.T, app http.Handler, method string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/", http.NoBody))
	return w
}

// TestLS06Answers has a hundred requests at once to three replicas: the handler runs once in each at most, what one has kept the others serve, and
// what one invalidates none serves.
func TestLS06Answers(t *testing.T) {
	t.Parallel()
	server, s := valkeytest.Start(t), &shelf{}
	var apps []*tenon.App
	for range 3 {
		apps = append(apps, s.replica(t, patient(server.URL()), time.Minute))
	}
	for round := range 3 {
		s.runs.Store(0)
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
		if got := s.runs.Load(); got < 1 || got > 3 {
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
}

// TestFC05AnswersWithoutTheServer: while it is gone everything is answered, and nothing that was changed is served as it was; when it is back, answers are
// kept again.
func TestFC05AnswersWithoutTheServer(t *testing.T) {
	t.Parallel()
	server, s := valkeytest.Start(t), &shelf{}
	app := s.replica(t, quick(server.URL()), 2*time.Second)
	until(t, func() bool {
		return strings.Contains(answer(t, app, http.MethodGet).Header().Get("Cache-Status"), "; hit")
	})
	server.Kill(t)
	for range 20 {
		if w := answer(t, app, http.MethodPut); w.Code != http.StatusNoContent {
			t.Errorf("PUT: %d %s", w.Code, w.Body)
		}
		if w := answer(t, app, http.MethodGet); w.Code != http.StatusOK || w.Body.String() != `{"n":`+strconv.FormatInt(s.n.Load(), 10)+`}` {
			t.Errorf("GET: %d %s after %d changes", w.Code, w.Body, s.n.Load())
		}
	}
	server.Start(t)
	until(t, func() bool {
		w := answer(t, app, http.MethodGet)
		if w.Code != http.StatusOK || w.Body.String() != `{"n":20}` {
			t.Fatalf("GET: %d %s", w.Code, w.Body)
		}
		return strings.Contains(w.Header().Get("Cache-Status"), "; hit")
	})
}
