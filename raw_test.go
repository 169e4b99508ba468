package tenon_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	hypertext struct {
		Body string `body:"text/html; charset=utf-8"`
	}
	picture struct {
		Type string `header:"Content-Type"`
		Body []byte `body:"image/png,image/jpeg"`
	}
	export struct {
		Rows io.Reader `body:"text/csv; charset=utf-8; header=present"`
	}
	versioned struct {
		Body found `body:"application/vnd.shop.found+json"`
	}
)

func answerOf[O any](t *testing.T, out *O) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(context.Context, *none) (*O, error) { return out, nil })
	return tenontest.New(t, app)
}

func TestFA22RawBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		server            *tenontest.Server
		contentType, body string
	}{
		{"HTML", answerOf(t, &hypertext{"<p>é & ü"}), "text/html; charset=utf-8", "<p>é & ü"},
		{"an empty text", answerOf(t, &hypertext{}), "text/html; charset=utf-8", ""},
		{"bytes of the first type", answerOf(t, &picture{Body: []byte("\x89PNG\x00")}), "image/png", "\x89PNG\x00"},
		{"bytes of the type that they say", answerOf(t, &picture{"image/jpeg", []byte{0xff, 0xd8}}), "image/jpeg", "\xff\xd8"},
		{"a reader", answerOf(t, &export{strings.NewReader("a,b\n1,2\n")}), "text/csv; charset=utf-8; header=present", "a,b\n1,2\n"},
		{"JSON by another name", answerOf(t, &versioned{}), "application/vnd.shop.found+json", `{"route":"","a":"","b":""}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tt.server.Get("/x").Status(200).Header("Content-Type", tt.contentType).Text(tt.body)
			if !strings.Contains(tt.contentType, "json") {
				got.Header("X-Content-Type-Options", "nosniff")
			}
			tt.server.Head("/x").Status(200).Header("Content-Type", tt.contentType).Text("")
			tt.server.With("Accept", "application/xml").Get("/x").Status(406).Problem("not-acceptable")
		})
	}
	answerOf(t, &picture{Type: "image/svg+xml"}).Get("/x").Status(500).Problem("internal")
	answerOf(t, &export{}).Get("/x").Status(500).Problem("internal")
}

func TestDR09Negotiation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		accept string
		want   int
	}{
		{"image/png", 200}, {"image/*;q=0.1", 200}, {"image/jpeg;q=0.2, */*;q=0", 200}, {"*/*", 200}, {"", 200},
		{"image/png;q=0, image/jpeg;q=0, image/*", 406}, {"application/json", 406}, {"*/*;q=0", 406},
	} {
		answerOf(t, &picture{}).With("Accept", tt.accept).Get("/x").Status(tt.want)
	}
}

func TestRawBodiesAreDocumented(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/picture", func(context.Context, *none) (*picture, error) { return nil, nil })
	app.Get("/export", func(context.Context, *none) (*export, error) { return nil, nil })
	app.Get("/named", func(context.Context, *none) (*versioned, error) { return nil, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/picture": {"image/png", "image/jpeg"}, "/export": {"text/csv"}, "/named": {"application/vnd.shop.found+json"},
	} {
		r := app.OpenAPI().Paths[path].Get.Responses["200"]
		for _, name := range want {
			if r.Content[name] == nil || (r.Content[name].Schema != nil) != (path == "/named") {
				t.Errorf("%s: content %v, want %s", path, r.Content, name)
			}
		}
		if len(r.Content) != len(want) || r.Headers != nil {
			t.Errorf("%s: content %v, headers %v", path, r.Content, r.Headers)
		}
	}
}

// broken fails after its text, and counts how often it is closed.
type broken struct {
	io.Reader

	err    error
	closed *atomic.Int32
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.err != nil {
		err = b.err
	}
	return n, err
}

func (b *broken) Close() error {
	b.closed.Add(1)
	return nil
}

func TestAReaderThatFailsCutsTheConnection(t *testing.T) {
	t.Parallel()
	var closed atomic.Int32
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/x", func(context.Context, *none) (*export, error) {
		return &export{&broken{strings.NewReader(strings.Repeat("x", 10_000)), errors.New("disk gone"), &closed}}, nil
	})
	server := httptest.NewTestServer(t, app)
	answer, err := server.Client().Get("http://example.com/x")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err == nil || len(body) == 0 {
		t.Errorf("%d bytes, %v: the end is not to be seen", len(body), err)
	}
	if closed.Load() != 1 || !strings.Contains(log.String(), "disk gone") {
		t.Errorf("closed %d times, log %s", closed.Load(), log)
	}
}

func TestAReaderIsClosedOnceInEveryCase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		trace        string
	}{
		{"sent", "GET", "t"}, {"HEAD", "HEAD", "t"}, {"a header that cannot be sent", "GET", "a\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var closed atomic.Int32
			app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
			app.Get("/x", func(context.Context, *none) (*struct {
				Trace string        `header:"X-Trace"`
				Body  io.ReadCloser `body:"application/octet-stream"`
			}, error) {
				return &struct {
					Trace string        `header:"X-Trace"`
					Body  io.ReadCloser `body:"application/octet-stream"`
				}{tt.trace, &broken{strings.NewReader("x"), nil, &closed}}, nil
			})
			serve(t, app, tt.method, "/x")
			if closed.Load() != 1 {
				t.Errorf("closed %d times", closed.Load())
			}
		})
	}
}

func TestRawBodiesAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"a struct as an image", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A found `body:"image/png"`
			}, error) {
				return nil, nil
			})
		}, "is a string, []byte or io.Reader, as it will be sent"},
		{"several types and nobody says which", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A []byte `body:"image/png,image/jpeg"`
			}, error) {
				return nil, nil
			})
		}, "says which it is"},
		{"a type said twice", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				T string `header:"Content-Type"`
				A []byte `body:"image/png"`
			}, error) {
				return nil, nil
			})
		}, "otherwise the tag body says it"},
		{"a reader as JSON", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A io.Reader `body:""`
			}, error) {
				return nil, nil
			})
		}, "io.Reader has no JSON form"},
		{"a reader as a member", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct{ A io.Reader }, error) { return nil, nil })
		}, "io.Reader has no JSON form"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "raw_test.go:") {
				t.Errorf("fault %v, want one with %q and its call site", err, tt.want)
			}
		})
	}
}

// raw sends bytes to an app over a socket and returns the answers with their bodies.
func raw(t *testing.T, app *tenon.App, request string, methods ...string) []*http.Response {
	t.Helper()
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	var answers []*http.Response
	for _, method := range methods {
		answer, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body = io.NopCloser(strings.NewReader(string(body)))
		answers = append(answers, answer)
	}
	return answers
}

// TestABodyOfHeadIsNeverOnTheWire sends HEAD and GET over one connection: a byte too many would be read as the second answer.
func TestABodyOfHeadIsNeverOnTheWire(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/x", func(context.Context, *none) (*export, error) { return &export{strings.NewReader("a,b\n")}, nil })
	app.Get("/y", func(context.Context, *none) (*hypertext, error) { return &hypertext{"<p>"}, nil })
	answers := raw(t, app, "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nHEAD /y HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD", "HEAD", "GET")
	if got := answers[1]; got.StatusCode != 200 || got.ContentLength != 3 {
		t.Errorf("HEAD: %d, length %d", got.StatusCode, got.ContentLength)
	}
	if body, _ := io.ReadAll(answers[2].Body); string(body) != "<p>" {
		t.Errorf("GET: %q", body)
	}
}

func TestFR05AcceptPicksTheForm(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Codec("application/x-hex", hexCodec())
	app.Codec("application/x-fails", tenon.Codec{FromJSON: func([]byte) ([]byte, error) { return nil, errors.New("no") }})
	app.Codec("application/x-read-only", tenon.Codec{ToJSON: hexCodec().ToJSON})
	app.Get("/x", func(context.Context, *none) (*queued, error) { return &queued{After: 1, Job: job{"7"}}, nil })
	app.Get("/page", func(context.Context, *none) (*hypertext, error) { return &hypertext{"<p>"}, nil })
	s := tenontest.New(t, app)
	const asJSON = `{"id":"7"}`
	asHex := hex.EncodeToString([]byte(asJSON))
	for _, tt := range []struct{ accept, contentType, body string }{
		{"", "application/json", asJSON},
		{"*/*", "application/json", asJSON},
		{"application/x-hex", "application/x-hex", asHex},
		{"application/json;q=0.5, application/x-hex;q=0.6", "application/x-hex", asHex},
		{"application/json;q=0.6, application/x-hex;q=0.5", "application/json", asJSON},
		{"application/json;q=0, application/*;q=0.1", "application/x-hex", asHex},
	} {
		got := s.With("Accept", tt.accept).Get("/x").Status(200).Header("Content-Type", tt.contentType).Header("Vary", "Accept").Text(tt.body)
		got.Header("Content-Length", strconv.Itoa(len(tt.body)))
	}
	s.With("Accept", "application/x-read-only").Get("/x").Status(406).Problem("not-acceptable")
	s.With("Accept", "application/x-fails").Get("/x").Status(500).Problem("internal").Header("Retry-After", "").Header("Vary", "")
	s.With("Accept", "application/x-hex").Get("/page").Status(406)
	s.Get("/page").Header("Vary", "")
}
