package tenon_test

import (
	"context"
	"errors"
	"io"
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
		var plain http.Protocols
		plain.SetUnencryptedHTTP2(true)
		listener := make(pipes)
		server := &http.Server{Handler: app, Protocols: &plain, ReadTimeout: 20 * time.Second, WriteTimeout: 50 * time.Second}
		go func() { _ = server.Serve(listener) }()
		transport := &http.Transport{DialContext: listener.dial, Protocols: &plain}
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
		transport.CloseIdleConnections()
		close(listener)
		_ = server.Close()
	})
}
