package tenon_test

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
)

// slowClient is a connection whose client sends some bytes each time; it never comes to an end.
type slowClient struct {
	*httptest.ResponseRecorder

	piece []byte
	every time.Duration

	mu       sync.Mutex
	deadline time.Time
	moved    chan struct{}
}

func newSlowClient(bytesEach int, every time.Duration) *slowClient {
	return &slowClient{ResponseRecorder: httptest.NewRecorder(), piece: bytes.Repeat([]byte("a"), bytesEach), every: every, moved: make(chan struct{}, 1)}
}

func (c *slowClient) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	select {
	case c.moved <- struct{}{}:
	default:
	}
	return nil
}

func (c *slowClient) Read(b []byte) (int, error) {
	sent := time.NewTimer(c.every)
	defer sent.Stop()
	for {
		c.mu.Lock()
		left := time.Until(c.deadline)
		c.mu.Unlock()
		if left <= 0 {
			return 0, os.ErrDeadlineExceeded
		}
		over := time.NewTimer(left)
		select {
		case <-sent.C:
			over.Stop()
			return copy(b, c.piece), nil
		case <-over.C:
		case <-c.moved:
			over.Stop()
		}
	}
}

type storeFile struct {
	Body io.Reader `body:"application/octet-stream"`
}

func pacedApp(limits tenon.Limits, failure *error) *tenon.App {
	limits.Body = 1 << 40
	app := tenon.New(tenon.Config{Limits: limits, Logger: logTo(&buffer{})})
	app.Put("/files", func(_ context.Context, in *storeFile) (*tenon.NoContent, error) {
		_, err := io.Copy(io.Discard, in.Body)
		*failure = err
		return nil, err
	})
	return app
}

// send puts a body that comes slowly, and returns the status, the code and how long it took.
func (c *slowClient) send(t *testing.T, app *tenon.App) (status int, code string, took time.Duration) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/files", c)
	r.Header.Set("Content-Type", "application/octet-stream")
	start := time.Now()
	app.ServeHTTP(c, r)
	var told struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(c.Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	return c.Code, told.Code, time.Since(start)
}

func TestPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		bytes  int
		every  time.Duration
		limits tenon.Limits
		least  time.Duration
		most   time.Duration
	}{
		{"a minute without a byte is too long", 1, time.Hour, tenon.Limits{}, 60 * time.Second, 60 * time.Second},
		{"half a minute of drips is all there is", 1, time.Second, tenon.Limits{}, 30 * time.Second, 33 * time.Second},
		{"a good pace lasts a quarter of an hour", 16 << 10, time.Second, tenon.Limits{}, 15 * time.Minute, 15 * time.Minute},
		{"or as long as the app says", 16 << 10, time.Second, tenon.Limits{BodyTime: 2 * time.Hour}, 2 * time.Hour, 2 * time.Hour},
		{"which may be short", 16 << 10, time.Second, tenon.Limits{BodyTime: 10 * time.Second}, 10 * time.Second, 10 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var failure error
				status, code, took := newSlowClient(tt.bytes, tt.every).send(t, pacedApp(tt.limits, &failure))
				if status != http.StatusRequestTimeout || code != "request-timeout" || took < tt.least || took > tt.most {
					t.Errorf("%d %s after %v, want 408 request-timeout after %v to %v", status, code, took, tt.least, tt.most)
				}
			})
		})
	}
}

// TestASlowHandlerIsNoSlowClient reads what has come already, a byte every ten seconds, for longer than a body may take.
func TestASlowHandlerIsNoSlowClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var failure error
		app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
		app.Put("/files", func(_ context.Context, in *storeFile) (*tenon.NoContent, error) {
			for range 200 {
				time.Sleep(10 * time.Second) //nolint:forbidigo // in the time of the test
				if _, failure = in.Body.Read(make([]byte, 1)); failure != nil {
					return nil, failure
				}
			}
			return nil, nil
		})
		c := newSlowClient(1, time.Millisecond)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/files", c)
		r.Header.Set("Content-Type", "application/octet-stream")
		if app.ServeHTTP(c, r); c.Code != http.StatusNoContent || failure != nil {
			t.Errorf("status %d and %v, want 204", c.Code, failure)
		}
	})
}

func TestASlowUploadIsToldThatTheServerStops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		every time.Duration
		after time.Duration // of the start
	}{
		{"while it is waited for", 50 * time.Second, 20 * time.Second},
		{"while it comes", 100 * time.Millisecond, 20*time.Second + 50*time.Millisecond},
		{"before it begins", time.Second, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var failure error
				app := pacedApp(tenon.Limits{}, &failure)
				if tt.after == 0 {
					app.EndStreams()
				} else {
					time.AfterFunc(tt.after, app.EndStreams)
				}
				c := newSlowClient(64<<10, tt.every)
				status, code, took := c.send(t, app)
				if status != http.StatusServiceUnavailable || code != "unavailable" || took != tt.after {
					t.Errorf("%d %s after %v, want 503 unavailable after %v", status, code, took, tt.after)
				}
				if !errors.Is(failure, tenon.ErrStopping) {
					t.Errorf("the handler got %v, want ErrStopping", failure)
				}
			})
		})
	}
}

func TestABodyThatCameWholeIsNotTold(t *testing.T) {
	t.Parallel()
	var failure error
	app := pacedApp(tenon.Limits{}, &failure)
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/files", bytes.NewReader([]byte("abc")))
	r.Header.Set("Content-Type", "application/octet-stream")
	app.ServeHTTP(w, r)
	if app.EndStreams(); w.Code != http.StatusNoContent || failure != nil {
		t.Errorf("status %d and %v, want 204", w.Code, failure)
	}
}
