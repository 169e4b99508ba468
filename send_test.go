package tenon_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// scribbler writes into the values of the header, in place, just before they are sent.
type scribbler struct{ http.ResponseWriter }

func (s scribbler) WriteHeader(status int) {
	for _, values := range s.Header() {
		for i := range values {
			values[i] = "scribbled"
		}
	}
	s.ResponseWriter.WriteHeader(status)
}

func TestAnAnswerSharesNoHeaderValues(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	scribble := tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Scribble") != "" {
				w = scribbler{w}
			}
			next.ServeHTTP(w, r)
		})
	})
	app.Get("/text", func(context.Context, *none) (*hypertext, error) { return &hypertext{"x"}, nil }, scribble)
	app.Get("/json", func(context.Context, *none) (*found, error) { return &found{}, nil }, scribble)
	app.Get("/file", func(context.Context, *none) (*tenon.File, error) { return letters(), nil }, scribble)
	app.Get("/problem", func(context.Context, *none) (*found, error) { return nil, errors.New("no") }, scribble)
	for path, contentType := range map[string]string{
		"/text": "text/html; charset=utf-8", "/json": "application/json", "/file": "text/plain; charset=utf-8", "/problem": "application/problem+json",
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		request.Header.Set("X-Scribble", "yes")
		scribbled := httptest.NewRecorder()
		app.ServeHTTP(scribbled, request)
		if got := scribbled.Header().Get("Content-Type"); got != "scribbled" {
			t.Fatalf("%s: Content-Type %q", path, got)
		}
		header := serve(t, app, http.MethodGet, path).Header()
		if got := header.Get("Content-Type"); got != contentType {
			t.Errorf("%s: Content-Type %q after another answer, want %q", path, got, contentType)
		}
		for name, values := range header {
			if values[0] == "scribbled" {
				t.Errorf("%s: %s is that of another answer", path, name)
			}
		}
	}
}

// trap panics when it is read after its text, or closed.
type trap struct {
	io.ReadSeeker

	onRead, onClose bool
	closed          *atomic.Int32
}

func (p *trap) Read(b []byte) (int, error) {
	n, err := p.ReadSeeker.Read(b)
	if p.onRead && err != nil {
		panic("trap on read")
	}
	return n, err
}

func (p *trap) Close() error {
	p.closed.Add(1)
	if p.onClose {
		panic("trap on close")
	}
	return nil
}

func TestAPanicWhileABodyIsSent(t *testing.T) {
	t.Parallel()
	const long = 100_000
	for _, tt := range []struct {
		name            string
		size            int
		onRead, onClose bool
		ifNoneMatch     string // or "ranges"
		status          int    // 0: the connection is cut
	}{
		{"a reader, midway", long, true, false, "", 0},
		{"a reader, at once", 0, true, false, "", 500},
		{"Close, after all of it", long, false, true, "", 0},
		{"reader and Close", long, true, true, "", 0},
		{"Close, and nothing is wanted", 0, false, true, `"v"`, 500},
		{"several ranges, midway", long, true, false, "ranges", 0},
	} {
		for _, kind := range []string{"reader", "file"} {
			if kind == "file" && tt.size == 0 && tt.onRead {
				continue // an empty file is not read
			}
			t.Run(tt.name+" of a "+kind, func(t *testing.T) {
				t.Parallel()
				var closed atomic.Int32
				log := &buffer{}
				app := tenon.New(tenon.Config{Logger: logTo(log)})
				body := &trap{strings.NewReader(strings.Repeat("x", tt.size)), tt.onRead, tt.onClose, &closed}
				if kind == "file" {
					body.ReadSeeker = io.NewSectionReader(strings.NewReader(strings.Repeat("x", tt.size)), 0, int64(tt.size)+min(int64(tt.size), 1))
				}
				type tagged struct {
					ETag tenon.ETag `header:"ETag"`
					Body io.Reader  `body:"text/plain"`
				}
				app.Get("/reader", func(context.Context, *none) (*tagged, error) { return &tagged{tenon.NewETag("v"), body}, nil })
				type filed struct {
					ETag tenon.ETag  `header:"ETag"`
					File *tenon.File `body:"text/plain"`
				}
				app.Get("/file", func(context.Context, *none) (*filed, error) {
					return &filed{tenon.NewETag("v"), &tenon.File{Content: body}}, nil
				})
				server := httptest.NewTestServer(t, app)
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com/"+kind, nil)
				if err != nil {
					t.Fatal(err)
				}
				if tt.ifNoneMatch == "ranges" {
					request.Header.Set("Range", "bytes=0-9,50000-100000")
				} else if tt.ifNoneMatch != "" {
					request.Header.Set("If-None-Match", tt.ifNoneMatch)
				}
				answer, err := server.Client().Do(request)
				if err != nil {
					if tt.status != 0 {
						t.Fatal(err)
					}
					return // cut before any of it arrived
				}
				defer answer.Body.Close()
				text, err := io.ReadAll(answer.Body)
				if tt.status == 0 && err == nil && answer.ContentLength < 0 {
					t.Errorf("%d bytes, the last %q: the end is not to be seen", len(text), text[max(0, len(text)-100):])
				}
				if tt.status == 0 && strings.Contains(string(text), "urn:uuid") {
					t.Errorf("a problem stands in the middle of a %d", answer.StatusCode)
				}
				if tt.status != 0 && (answer.StatusCode != tt.status || strings.Count(string(text), "urn:uuid") != 1 || answer.Header.Get("ETag") != "") {
					t.Errorf("status %d, ETag %s, %s; want %d", answer.StatusCode, answer.Header.Get("ETag"), text, tt.status)
				}
				if closed.Load() != 1 || !strings.Contains(log.String(), "trap on") {
					t.Errorf("closed %d times, log %s", closed.Load(), log)
				}
			})
		}
	}
}

// crumb sets header fields as a middleware does that keeps sessions.
func crumb(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "session=1")
		w.Header().Set("Vary", "Origin")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-site")
		next.ServeHTTP(w, r)
	})
}

func TestABodyThatFailsBeforeItsFirstByteIsAProblem(t *testing.T) {
	t.Parallel()
	type session struct {
		Cookie http.Cookie `cookie:"ours"`
		Vary   string      `header:"Vary"`
		Policy string      `header:"Cross-Origin-Resource-Policy"`
		File   *tenon.File `body:"text/plain"`
	}
	type plain struct {
		Cookie http.Cookie `cookie:"ours"`
		Body   io.Reader   `body:"text/plain"`
	}
	gone := errors.New("disk gone")
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})}, tenon.BeforeAuth(crumb))
	ours := http.Cookie{Name: "ours", Value: "1"}
	app.Get("/file", func(context.Context, *none) (*session, error) {
		return &session{ours, "Accept-Language", "cross-origin", &tenon.File{ETag: tenon.NewETag("v"), Content: strings.NewReader(alphabet)}}, nil
	})
	app.Get("/broken", func(context.Context, *none) (*session, error) {
		sick := io.NewSectionReader(readerAt{gone}, 0, 100)
		return &session{ours, "Accept-Language", "cross-origin", &tenon.File{Content: sick}}, nil
	})
	app.Get("/reader", func(context.Context, *none) (*plain, error) { return &plain{ours, iotest.ErrReader(gone)}, nil })
	for _, tt := range []struct {
		name, path, header, value string
		status                    int
	}{
		{"a range that is none", "/file", "Range", "bytes=99-", 416},
		{"another state", "/file", "If-Match", `"w"`, 412},
		{"a file that cannot be read", "/broken", "", "", 500},
		{"a reader that fails at once", "/reader", "", "", 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.path, nil)
			if tt.header != "" {
				request.Header.Set(tt.header, tt.value)
			}
			answer := httptest.NewRecorder()
			app.ServeHTTP(answer, request)
			h := answer.Header()
			if answer.Code != tt.status || h.Get("Content-Type") != "application/problem+json" {
				t.Errorf("status %d, %s", answer.Code, answer.Body)
			}
			if c := h["Set-Cookie"]; len(c) != 1 || c[0] != "session=1" || h.Get("Vary") != "Origin" || h.Get("Cross-Origin-Resource-Policy") != "same-site" {
				t.Errorf("what middleware set is not as it was: %v", h)
			}
			if h.Get("Content-Disposition") != "" || h.Get("ETag") != "" {
				t.Errorf("what the file says is sent with a problem: %v", h)
			}
		})
	}
	h := serve(t, app, http.MethodGet, "/file").Header()
	if len(h["Set-Cookie"]) != 2 || len(h["Vary"]) != 2 || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("a success has not what middleware and the output set: %v", h)
	}
}

// readerAt fails.
type readerAt struct{ err error }

func (r readerAt) ReadAt([]byte, int64) (int, error) { return 0, r.err }
