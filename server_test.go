package tenon_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// running is an app that Serve runs on a free port.
type running struct {
	addr string
	log  *buffer
	stop context.CancelFunc
	done chan error
}

func run(t *testing.T, app func(*slog.Logger) *tenon.App, cfg tenon.ServerConfig) *running {
	t.Helper()
	log := &buffer{}
	logger := slog.New(slog.NewJSONHandler(log, nil))
	ctx, stop := context.WithCancel(t.Context())
	ready := make(chan string, 1)
	cfg.Addr = cmp.Or(cfg.Addr, "127.0.0.1:0")
	cfg.DrainDelay = cmp.Or(cfg.DrainDelay, time.Nanosecond)
	cfg.Ready = func(addr net.Addr) { ready <- addr.String() }
	r := &running{log: log, stop: stop, done: make(chan error, 1)}
	go func() { r.done <- tenon.Serve(ctx, app(logger), cfg) }()
	select {
	case r.addr = <-ready:
	case err := <-r.done:
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return r
}

// raw sends bytes on one connection and reads until the server closes it.
func (r *running) raw(t *testing.T, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func hello(logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger})
	app.Get("/hello/{name}", func(_ context.Context, in *struct {
		Name string `path:"name"`
	}) (*struct {
		Hello string `json:"hello"`
	}, error) {
		return &struct {
			Hello string `json:"hello"`
		}{in.Name}, nil
	})
	app.Post("/echo", func(_ context.Context, in *struct {
		Text string `json:"text"`
	}) (*struct {
		Text string `json:"text"`
	}, error) {
		return &struct {
			Text string `json:"text"`
		}{in.Text}, nil
	})
	return app
}

func TestServeWritesOneLogLineForEachRequest(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	res, err := http.Get("http://" + r.addr + "/hello/world?x=1")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	r.stop()
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	var line struct {
		Message   string  `json:"msg"`
		Method    string  `json:"method"`
		Route     string  `json:"route"`
		Status    int     `json:"status"`
		Bytes     int     `json:"bytes"`
		Duration  float64 `json:"duration"`
		RequestID string  `json:"request_id"`
	}
	if err := json.Unmarshal([]byte(r.log.String()), &line); err != nil {
		t.Fatalf("%v in %s", err, r.log)
	}
	if line.Message != "request" || line.Method != "GET" || line.Route != "/hello/{name}" || line.Status != res.StatusCode ||
		line.Bytes != len(body) || line.Duration <= 0 || line.RequestID != res.Header.Get("X-Request-Id") || line.RequestID == "" {
		t.Errorf("line %s for status %d, id %s", r.log, res.StatusCode, res.Header.Get("X-Request-Id"))
	}
	if !strings.Contains(string(body), `"instance":"urn:uuid:`+line.RequestID+`"`) { // ?x=1 is unknown, so this is a problem
		t.Errorf("body %s does not name the request %s", body, line.RequestID)
	}
}

func TestServeClosesTheConnectionAfterAChunkedRequest(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	smuggled := "GET /hello/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	answer := r.raw(t, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n{\"text\":\"a\"}\r\n0\r\n\r\n"+smuggled)
	if n := strings.Count(answer, "HTTP/1.1 "); n != 1 || strings.Contains(answer, "smuggled") {
		t.Errorf("%d answers to one request and one smuggled:\n%s", n, answer)
	}
}

func TestServeBoundsTheHeader(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	for _, tt := range []struct {
		name   string
		header string
		want   string
	}{
		{"a common header", "X-A: b\r\n", "HTTP/1.1 200 "},
		{"15 KiB of header", "X-A: " + strings.Repeat("a", 15<<10) + "\r\n", "HTTP/1.1 200 "},
		{"17 KiB of header, as a problem", "X-A: " + strings.Repeat("a", 17<<10) + "\r\n", "HTTP/1.1 431 "},
		{"1 MiB of header", "X-A: " + strings.Repeat("a", 1<<20) + "\r\n", "HTTP/1.1 431 "},
		{"99 header values", strings.Repeat("X-A: b\r\n", 98), "HTTP/1.1 200 "},
		{"150 header values, as a problem", strings.Repeat("X-A: b\r\n", 150), "HTTP/1.1 431 "},
		{"300 header values", strings.Repeat("X-A: b\r\n", 300), "HTTP/1.1 431 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			go func() { // the server may answer and close before it has read all
				_, _ = fmt.Fprintf(conn, "GET /hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", tt.header)
			}()
			status, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.HasPrefix(status, tt.want) {
				t.Errorf("%q, %v, want %s", status, err, tt.want)
			}
		})
	}
	answer := r.raw(t, "GET /hello/x HTTP/1.1\r\nHost: x\r\nX-A: "+strings.Repeat("a", 17<<10)+"\r\n\r\n")
	if !strings.Contains(answer, "application/problem+json") || !strings.Contains(answer, `"code":"header-fields-too-large"`) {
		t.Errorf("no problem in %.400s", answer)
	}
}

func TestServeCutsASlowHeaderAndASlowBody(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{ReadHeaderTimeout: time.Second, ReadTimeout: 2 * time.Second})
	if answer := r.raw(t, "GET /hello/x HTTP/1.1\r\nHo"); answer != "" && !strings.HasPrefix(answer, "HTTP/1.1 4") {
		t.Errorf("a header that never ends: %q", answer)
	}
	answer := r.raw(t, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	if !strings.HasPrefix(answer, "HTTP/1.1 408 ") || !strings.Contains(answer, `"code":"request-timeout"`) {
		t.Errorf("a body that never ends: %q", answer)
	}
}

func TestServeClosesAnIdleConnection(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{IdleTimeout: 200 * time.Millisecond})
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, "GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200 ") || strings.Contains(string(answer), "Connection: close") {
		t.Errorf("%v, %q; want an answer on a connection that stays, and then its end", err, answer)
	}
}

func TestServeLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	entered, finish := make(chan struct{}), make(chan struct{})
	slow := func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/slow", func(context.Context, *struct{}) (*found, error) {
			close(entered)
			<-finish
			return &found{Route: "slow"}, nil
		})
		return app
	}
	r := run(t, slow, tenon.ServerConfig{})
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + r.addr + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		answer <- res.Status
	}()
	<-entered
	r.stop()
	close(finish)
	if got := <-answer; got != "200 OK" {
		t.Errorf("the request under way got %s", got)
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

func TestServeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	logger := slog.New(slog.DiscardHandler)
	broken := tenon.New(tenon.Config{Limits: tenon.Limits{Body: -1}})
	for _, tt := range []struct {
		name string
		app  *tenon.App
		cfg  tenon.ServerConfig
		want []string
	}{
		{"an address in use", hello(logger), tenon.ServerConfig{Addr: busy.Addr().String()}, []string{"address already in use"}},
		{"all wrong settings and faults at once", broken, tenon.ServerConfig{Drain: -1, ReadTimeout: -1}, []string{"Limits.Body", "Drain", "ReadTimeout"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tenon.Serve(t.Context(), tt.app, tt.cfg)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want one with %q", err, want)
				}
			}
		})
	}
}

func logTo(b *buffer) *slog.Logger { return slog.New(slog.NewJSONHandler(b, nil)) }
