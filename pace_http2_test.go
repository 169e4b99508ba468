package tenon_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
)

// pipes is a listener whose connections are pipes.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	p <- server
	return client, nil
}

// TestASlowHandlerIsNoSlowClientOverHTTP2 reads late and slowly: there a deadline that passes ends the body although nobody waits.
func TestASlowHandlerIsNoSlowClientOverHTTP2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
		app.Put("/files", func(_ context.Context, in *storeFile) (*tenon.NoContent, error) {
			for {
				time.Sleep(70 * time.Second) //nolint:forbidigo // in the time of the test
				if _, err := in.Body.Read(make([]byte, 1)); err != nil {
					if errors.Is(err, io.EOF) {
						return nil, nil
					}
					return nil, err
				}
			}
		})
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		transport, stop := overHTTP2(app)
		defer stop()
		parts, body := io.Pipe()
		go func() {
			for range 5 {
				_, _ = body.Write([]byte("x"))
			}
			_ = body.Close()
		}()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://example.com/files", parts)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/octet-stream")
		answer, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusNoContent {
			t.Errorf("%s %s, want HTTP/2 and 204", answer.Proto, answer.Status)
		}
	})
}

// slowSource is a body of three bytes, each of which takes longer than any client may.
type slowSource struct{ left int }

func (s *slowSource) Read(b []byte) (int, error) {
	time.Sleep(70 * time.Second) //nolint:forbidigo // in the time of the test
	if s.left == 0 {
		return 0, io.EOF
	}
	s.left--
	return copy(b, "x"), nil
}

// flood is a source that always has more.
type flood struct{}

func (flood) Read(b []byte) (int, error) { return len(b), nil }

type downloaded struct {
	Body io.Reader `body:"application/octet-stream"`
}

type slowLine struct {
	N int `json:"n"`
}

type slowLines struct {
	Items iter.Seq2[slowLine, error] `body:"application/x-ndjson"`
}

// TestASlowSourceIsNoSlowClientOverHTTP2 sends what its source has late: there a deadline that passes ends the answer although nobody waits
// for the client. A client that takes nothing is cut off all the same.
func TestASlowSourceIsNoSlowClientOverHTTP2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
		app.Get("/body", func(context.Context, *none) (*downloaded, error) { return &downloaded{&slowSource{3}}, nil })
		app.Get("/lines", func(context.Context, *none) (*slowLines, error) {
			return &slowLines{func(yield func(slowLine, error) bool) {
				for n := range 3 {
					time.Sleep(70 * time.Second) //nolint:forbidigo // in the time of the test
					if !yield(slowLine{n}, nil) {
						return
					}
				}
				time.Sleep(70 * time.Second) //nolint:forbidigo // in the time of the test
			}}, nil
		})
		app.Get("/endless", func(context.Context, *none) (*downloaded, error) { return &downloaded{flood{}}, nil })
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		transport, stop := overHTTP2(app)
		defer stop()
		get := func(path string) *http.Response {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			return answer
		}
		for path, want := range map[string]string{"/body": "xxx", "/lines": `{"n":0}` + "\n" + `{"n":1}` + "\n" + `{"n":2}` + "\n"} {
			answer := get(path)
			body, err := io.ReadAll(answer.Body)
			if answer.ProtoMajor != 2 || err != nil || string(body) != want {
				t.Errorf("%s: %s, %q, %v; want HTTP/2 and %q", path, answer.Proto, body, err, want)
			}
		}
		answer := get("/endless")
		time.Sleep(2 * time.Minute) //nolint:forbidigo // in the time of the test
		if n, err := io.Copy(io.Discard, answer.Body); err == nil || n > 64<<20 {
			t.Errorf("a client that took nothing got %d bytes, %v", n, err)
		}
		_ = answer.Body.Close()
	})
}

// overHTTP2 serves an app without TLS over pipes, with the short times of a server for small requests.
func overHTTP2(app *tenon.App) (client *http.Transport, stop func()) {
	var plain http.Protocols
	plain.SetUnencryptedHTTP2(true)
	return overPipes(app, plain)
}

// overPipes serves an app so in a version of HTTP.
func overPipes(app *tenon.App, plain http.Protocols) (client *http.Transport, stop func()) {
	listener := make(pipes)
	server := &http.Server{Handler: app, Protocols: &plain, ReadTimeout: 20 * time.Second, WriteTimeout: 50 * time.Second}
	go func() { _ = server.Serve(listener) }()
	client = &http.Transport{DialContext: listener.dial, Protocols: &plain}
	return client, func() {
		client.CloseIdleConnections()
		close(listener)
		_ = server.Close()
	}
}
