package cache_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
)

// TestWhatIsNotKeptIsConditional too: the operation gets no conditions, so the cache sees to them.
func TestWhatIsNotKeptIsConditional(t *testing.T) {
	t.Parallel()
	const at = "Mon, 01 Jan 2035 00:00:00 GMT"
	unkept := func(fields ...string) tenon.Option {
		return scripted(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Add("Set-Cookie", "a=b")
			for i := 0; i < len(fields); i += 2 {
				w.Header().Set(fields[i], fields[i+1])
			}
			_, _ = w.Write([]byte("x"))
		})
	}
	long := func(context.Context, *struct{}) (*page, error) {
		return &page{strings.Repeat("x", cache.MaxBody+1)}, nil
	}
	app := compiled(t, func(app *tenon.App) {
		n := &counter{}
		app.Get("/tagged", n.next, cache.For(time.Minute), unkept("ETag", `"a"`))
		app.Get("/dated", n.next, cache.For(time.Minute), unkept("Last-Modified", at))
		app.Get("/neither", n.next, cache.For(time.Minute), unkept())
		app.Get("/long", long, cache.For(time.Minute), tenon.BodyETag())
	}, cache.Use(newCache(t, cache.Config{})))
	long1 := send(app, get("/long")).Header().Get("ETag")
	for _, tt := range []struct {
		path, name, value string
		want              int
	}{
		{"/tagged", "If-None-Match", `"a"`, 304}, {"/tagged", "If-None-Match", `"b"`, 200}, {"/tagged", "If-Match", `"b"`, 412}, {"/tagged", "If-Match", `"a"`, 200},
		{"/dated", "If-Modified-Since", at, 304}, {"/dated", "If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT", 412},
		{"/neither", "If-None-Match", "*", 200}, {"/neither", "If-Match", `"b"`, 200},
		{"/long", "If-None-Match", long1, 304}, {"/long", "If-Match", `"b"`, 412}, {"/long", "If-None-Match", `"b"`, 200},
	} {
		w := send(app, get(tt.path, tt.name, tt.value))
		h := w.Header()
		if w.Code != tt.want || h.Get("Cache-Status") != "tenon; fwd=miss" || h.Get("Age") != "" {
			t.Errorf("%s with %s: %s: %d, want %d; %v", tt.path, tt.name, tt.value, w.Code, tt.want, h)
		}
		if w.Code == http.StatusNotModified && (w.Body.Len() > 0 || h.Get("Content-Type") != "" || tt.path != "/long" && h.Get("Set-Cookie") != "a=b") {
			t.Errorf("%s: %d bytes, %v", tt.path, w.Body.Len(), h)
		}
	}
}

// TestFC06WhoseHandlerHangsIsAnswered: what stands in for a deadline leaves while the handler goes on, and the connection with it.
func TestFC06WhoseHandlerHangsIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		hang := make(chan struct{})
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*number, error) {
				if n.Add(1) > 1 {
					<-hang
				}
				return &number{1}, nil
			}, cache.For(10*time.Second), cache.StaleIfError(time.Minute), tenon.Deadline(2*time.Second))
		}, cache.Use(newCache(t, cache.Config{})))
		send(app, get("/data"))
		time.Sleep(15 * time.Second) //nolint:forbidigo // in the time of the test
		w := httptest.NewRecorder()
		go app.ServeHTTP(w, get("/data"))
		time.Sleep(4 * time.Second) //nolint:forbidigo // in the time of the test
		synctest.Wait()
		if !w.Flushed || w.Code != http.StatusOK || w.Body.String() != `{"n":1}` || w.Header().Get("Connection") != "close" || w.Header().Get("Age") != "18" {
			t.Errorf("flushed: %v, %d %s %v", w.Flushed, w.Code, w.Body, w.Header())
		}
		close(hang)
		synctest.Wait()
	})
}

// patient is a connection whose deadline can be moved.
type patient struct {
	*httptest.ResponseRecorder

	until time.Time
}

func (w *patient) SetWriteDeadline(t time.Time) error {
	w.until = t
	return nil
}

// TestALongDeadlineReachesTheConnection, or the server would cut it.
func TestALongDeadlineReachesTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &counter{}
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", n.next, cache.For(time.Minute), cache.StaleIfError(time.Minute), tenon.Deadline(time.Minute))
		}, cache.Use(newCache(t, cache.Config{})))
		w := &patient{ResponseRecorder: httptest.NewRecorder()}
		app.ServeHTTP(w, get("/data"))
		if left := time.Until(w.until); left < time.Minute {
			t.Errorf("the connection ends in %v", left)
		}
	})
}
