package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenon-go/tenon"
)

// TestAnAnnouncedBodyClaimsNoMemory sends the length of a large body and then nothing.
//
//nolint:paralleltest // it counts the memory of the whole process
func TestAnAnnouncedBodyClaimsNoMemory(t *testing.T) {
	app := tenon.New(tenon.Config{Limits: tenon.Limits{Body: 8 << 20}, Logger: logTo(&buffer{})})
	app.Put("/x", func(context.Context, *struct {
		Body []byte `body:"image/png"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	send := func() {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/x", iotest.ErrReader(errors.New("gone")))
		r.ContentLength = 8 << 20
		r.Header.Set("Content-Type", "image/png")
		w := httptest.NewRecorder()
		if app.ServeHTTP(w, r); w.Code != 400 {
			t.Fatalf("status %d", w.Code)
		}
	}
	send()
	const requests = 16
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range requests {
		send()
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / requests; each > 256<<10 {
		t.Errorf("each request claims %d KiB, want 256 or less", each>>10)
	}
}

func TestBodiesOfEveryLengthAreRead(t *testing.T) {
	t.Parallel()
	var got []byte
	app := tenon.New(tenon.Config{Limits: tenon.Limits{Body: 200_000}})
	app.Put("/x", func(_ context.Context, in *struct {
		Body []byte `body:"image/png"`
	}) (*tenon.NoContent, error) {
		got = in.Body
		return nil, nil
	})
	for _, size := range []int{1, 1000, 64 << 10, 64<<10 + 1, 65<<10 + 1, 128 << 10, 199_999, 200_000, 200_001} {
		for _, announced := range []bool{true, false} {
			sent := strings.Repeat("a", size-1) + "z"
			var body io.Reader = strings.NewReader(sent)
			if !announced {
				body = io.MultiReader(body)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/x", body)
			r.Header.Set("Content-Type", "image/png")
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			if size > 200_000 {
				if w.Code != 413 {
					t.Errorf("%d bytes: status %d, want 413", size, w.Code)
				}
				continue
			}
			if w.Code != 204 || !bytes.Equal(got, []byte(sent)) {
				t.Errorf("%d bytes: status %d and %d bytes", size, w.Code, len(got))
			}
		}
	}
}
