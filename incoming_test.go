package tenon_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

func gzipped(parts ...string) string {
	var all bytes.Buffer
	for _, part := range parts {
		w := gzip.NewWriter(&all)
		_, _ = io.WriteString(w, part)
		_ = w.Close()
	}
	return all.String()
}

// TestDecompress takes gzip where it is allowed, for every kind of body, bounded as it was sent and as what it becomes.
func TestDecompress(t *testing.T) {
	t.Parallel()
	bomb := gzipped(`"` + strings.Repeat(" ", 10<<20) + `"`)
	flood := strings.Repeat(gzipped(""), 100)
	whole := gzipped(`"Ada"`)
	mangled := []byte(whole)
	mangled[len(mangled)-5] ^= 1 // of the checksum
	for _, tt := range []struct {
		name, coding, body string
		status             int
		seen               string // or the code of a fault
	}{
		{"gzip", "gzip", whole, 201, "{Body:Ada}"},
		{"gzip in capitals", "GZIP", whole, 201, "{Body:Ada}"},
		{"its old name", "x-gzip", whole, 201, "{Body:Ada}"},
		{"gzip in two members", "gzip", gzipped(`"A`, `da"`), 201, "{Body:Ada}"},
		{"no coding", "", `"Ada"`, 201, "{Body:Ada}"},
		{"the coding of none", "identity", `"Ada"`, 201, "{Body:Ada}"},
		{"as much as the limit", "gzip", gzipped(`"` + strings.Repeat("a", 998) + `"`), 201, ""},
		{"refuses a byte more than the limit", "gzip", gzipped(`"` + strings.Repeat("a", 999) + `"`), 413, ""},
		{"refuses a bomb", "gzip", bomb, 413, ""},
		{"refuses a flood of nothing", "gzip", flood, 413, ""},
		{"refuses another coding", "deflate", whole, 415, ""},
		{"refuses brotli", "br", whole, 415, ""},
		{"refuses two codings", "gzip, gzip", gzipped(whole), 415, ""},
		{"refuses what is not gzip", "gzip", `"Ada"`, 400, "syntax"},
		{"refuses half of it", "gzip", whole[:len(whole)/2], 400, "syntax"},
		{"refuses a wrong checksum", "gzip", string(mangled), 400, "syntax"},
		{"refuses what follows it", "gzip", whole + "x", 400, "syntax"},
		{"refuses zlib", "gzip", "\x78\x9c\x03\x00\x00\x00\x00\x01", 400, "syntax"},
		{"judges what it becomes", "gzip", gzipped(`7`), 422, "type"},
		{"refuses nothing compressed", "gzip", gzipped(""), 400, "json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, seeing[scalarBody[string]](t, tenon.BodyLimit(1000), tenon.Decompress("gzip")))
			for _, body := range []any{tt.body, io.MultiReader(strings.NewReader(tt.body))} {
				r := s.With("Content-Type", "application/json").With("Content-Encoding", tt.coding).Post("/x", body).Status(tt.status)
				switch {
				case tt.status == 415:
					r.Header("Accept-Encoding", "gzip, identity")
				case tt.status >= 400 && tt.seen != "":
					r.Fault("body", "", tt.seen)
				case tt.seen != "":
					r.At("/seen", `"`+tt.seen+`"`)
				}
			}
		})
	}
}

// TestDecompressOtherBodies compresses what is not JSON.
func TestDecompressOtherBodies(t *testing.T) {
	t.Parallel()
	gz := func(s *tenontest.Server, contentType string) *tenontest.Server {
		return s.With("Content-Type", contentType).With("Content-Encoding", "gzip")
	}
	allow := tenon.Decompress("gzip")
	raw := tenontest.New(t, seeing[rawBytes](t, allow, tenon.BodyLimit(100)))
	gz(raw, "image/png").Post("/x", gzipped("ab")).Status(201).At("/seen", `"{Body:[97 98]}"`)
	gz(raw, "image/png").Post("/x", gzipped(strings.Repeat("a", 101))).Status(413)
	form := tenontest.New(t, seeing[signUp](t, allow))
	gz(form, urlencoded).Post("/x", gzipped("name=Ada")).Status(201)
	gz(form, "multipart/form-data; boundary=B").Post("/x", gzipped(mpValue("name", "Ada")+mpEnd)).Status(201)
	gz(form, "multipart/form-data; boundary=B").Post("/x", gzipped(mpValue("name", strings.Repeat("a", 65<<10))+mpEnd)).Status(422)
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(_ context.Context, in *rawStream) (*echoed, error) {
		n, err := io.Copy(io.Discard, in.Body)
		return &echoed{strconv.FormatInt(n, 10)}, err
	}, allow, tenon.BodyLimit(10<<20))
	stream := gz(tenontest.New(t, app), "application/octet-stream")
	stream.Post("/x?id=1", gzipped(strings.Repeat("a", 10<<20))).Status(201).At("/seen", `"10485760"`)
	stream.Post("/x?id=1", gzipped(strings.Repeat("a", 10<<20+1))).Status(413)
	stream.Post("/x?id=1", "nonsense").Status(400)

	want := `{"description":"How the body is compressed.","in":"header","name":"Content-Encoding","schema":{"enum":["gzip","identity"],"type":"string"}}`
	if got := documentAt(t, raw, "/paths/~1x/post/parameters/0"); got != want {
		t.Errorf("the document says %s, want %s", got, want)
	}
	plain := tenontest.New(t, seeing[rawBytes](t))
	gz(plain, "image/png").Post("/x", gzipped("ab")).Status(415).Header("Accept-Encoding", "identity")
	checkFaults(t, []faulty{{"another coding", line(), func(a *tenon.App) { a.Post("/x", takes[fine](), tenon.Decompress("br")) }, `"br" is not a content coding`}})
}

// TestExpectContinue asks before it sends a body: only a request that has passed the guards, the media type and the length is told to
// go on.
func TestExpectContinue(t *testing.T) {
	t.Parallel()
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		deny := func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") == "" {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
		app.Post("/json", func(context.Context, *fine) (*echoed, error) { return &echoed{}, nil }, tenon.Auth(deny), tenon.BodyLimit(100))
		app.Post("/file", func(context.Context, *twoFiles) (*echoed, error) { return &echoed{}, nil }, tenon.Auth(deny))
		app.Post("/stream", func(_ context.Context, in *rawStream) (*echoed, error) {
			if in.ID == 0 {
				return nil, problem.NotFound("no such thing")
			}
			_, err := io.Copy(io.Discard, in.Body)
			return &echoed{}, err
		}, tenon.Fails(problem.NotFound("")))
		return app
	}, tenon.ServerConfig{})
	const auth = "Authorization: x\r\n"
	for _, tt := range []struct {
		name, target, header string
		length               int
		want                 string // the first line of the answer
	}{
		{"what is taken", "/json", auth + "Content-Type: application/json\r\n", 11, "HTTP/1.1 100 Continue"},
		{"a caller who may not", "/json", "Content-Type: application/json\r\n", 11, "HTTP/1.1 401 Unauthorized"},
		{"another media type", "/json", auth + "Content-Type: text/plain\r\n", 11, "HTTP/1.1 415 Unsupported Media Type"},
		{"another coding", "/json", auth + "Content-Type: application/json\r\nContent-Encoding: br\r\n", 11, "HTTP/1.1 415 Unsupported Media Type"},
		{"an answer that is not accepted", "/json", auth + "Content-Type: application/json\r\nAccept: text/html\r\n", 11, "HTTP/1.1 406 Not Acceptable"},
		{"a body that is too long", "/json", auth + "Content-Type: application/json\r\n", 101, "HTTP/1.1 413 Request Entity Too Large"},
		{"a form that is too long", "/file", auth + "Content-Type: multipart/form-data; boundary=B\r\n", 1 << 30, "HTTP/1.1 413 Request Entity Too Large"},
		{"a file for a wrong parameter", "/stream?id=x", "Content-Type: application/octet-stream\r\n", 11, "HTTP/1.1 422 Unprocessable Entity"},
		{"a file that the handler does not want", "/stream?id=0", "Content-Type: application/octet-stream\r\n", 11, "HTTP/1.1 404 Not Found"},
		{"a file that it wants", "/stream?id=1", "Content-Type: application/octet-stream\r\n", 11, "HTTP/1.1 100 Continue"},
		{"no such path", "/none", "Content-Type: application/json\r\n", 11, "HTTP/1.1 404 Not Found"},
		{"another expectation", "/json", auth + "Content-Type: application/json\r\nExpect: wonders\r\n", 11, "HTTP/1.1 417 Expectation Failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect := "Expect: 100-continue\r\n"
			if strings.Contains(tt.header, "Expect") {
				expect = ""
			}
			head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%sContent-Length: %d\r\n\r\n", tt.target, expect, tt.header, tt.length)
			if got := r.first(t, head); got != tt.want {
				t.Errorf("the answer begins %q, want %q", got, tt.want)
			}
		})
	}
}

// slow gives so many bytes, every so often, so many times.
type slow struct {
	bytes, times int
	every        time.Duration
	stop         <-chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	if s.times == 0 {
		return 0, io.EOF
	}
	s.times--
	select {
	case <-time.After(s.every):
	case <-s.stop:
	}
	return copy(p, make([]byte, s.bytes)), nil
}

// TestPace sends large bodies slowly. One that gets on has more time than the server gives to a request; one that does not is cut off,
// with 408 for a client that still listens.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body *slow
		want string // the code of what the handler reads
	}{
		{"two minutes at 2 KiB/s", &slow{bytes: 4 << 10, times: 60, every: 2 * time.Second}, ""},
		{"two minutes at 1/2 KiB/s", &slow{bytes: 1 << 10, times: 60, every: 2 * time.Second}, "request-timeout"},
		{"a byte in each minute", &slow{bytes: 1, times: 10, every: 59 * time.Second}, "request-timeout"},
		{"more than a minute of silence", &slow{bytes: 1 << 20, times: 2, every: 61 * time.Second}, "request-timeout"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				stop := make(chan struct{})
				defer close(stop)
				tt.body.stop = stop
				read := make(chan error, 1)
				app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
				app.Post("/x", func(_ context.Context, in *rawStream) (*echoed, error) {
					_, err := io.Copy(io.Discard, in.Body)
					read <- err
					return &echoed{}, err
				}, tenon.BodyLimit(10<<20))
				server := httptest.NewTestServer(t, app)
				server.Config.ReadTimeout, server.Config.WriteTimeout = 20*time.Second, 50*time.Second
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://example.com/x?id=1", tt.body)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/octet-stream")
				res, err := server.Client().Do(req)
				if err == nil {
					_ = res.Body.Close()
				}
				if tt.want == "" && (err != nil || res.StatusCode != http.StatusCreated) {
					t.Errorf("answer %v, %v, want a 201", res, err)
				}
				err = <-read
				told, _ := errors.AsType[*problem.Error](err)
				if tt.want == "" && err != nil || tt.want != "" && (told == nil || told.Code() != tt.want) {
					t.Errorf("the handler reads %v, want %q", err, tt.want)
				}
			})
		})
	}
}
