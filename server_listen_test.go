package tenon_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// ask sends a GET over a connection of its own, for /hello/x unless path says more, and returns all that is answered.
func ask(t *testing.T, network, addr string, path ...string) string {
	t.Helper()
	conn, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", append(path, "/hello/x")[0])
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func TestServeListensOnAUnixSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.sock")
	left, err := net.Listen("unix", path) // by a process that was killed
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = left.Close()

	r := run(t, hello, tenon.ServerConfig{Addr: "unix:" + path})
	if answer := ask(t, "unix", path); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("answer %.60q", answer)
	}
	file, err := os.Lstat(path)
	if err != nil || file.Mode() != fs.ModeSocket|0o660 || r.addr != path {
		t.Errorf("the file is %v with %v, address %s", file.Mode(), err, r.addr)
	}
	err = tenon.Serve(t.Context(), hello(slog.New(slog.DiscardHandler)), tenon.ServerConfig{Addr: "unix:" + path})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("a second server on the socket: %v", err)
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) > 0 {
		t.Errorf("files are left: %v", entries)
	}
}

func TestServeListensOnSeveralAddresses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.sock")
	r := run(t, hello, tenon.ServerConfig{Addrs: []string{"unix:" + path}})
	for network, addr := range map[string]string{"tcp": r.addr, "unix": path} {
		if answer := ask(t, network, addr); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
			t.Errorf("%s: answer %.60q", addr, answer)
		}
	}
}

func TestServeRefusesWhatItCannotListenOn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	operations := http.NotFoundHandler()
	for _, tt := range []struct {
		name string
		cfg  tenon.ServerConfig
		want string
	}{
		{"a file that is no socket", tenon.ServerConfig{Addr: "unix:" + file}, "there is a file that is not a socket"},
		{"a folder that is not there", tenon.ServerConfig{Addr: "unix:" + file + "/x/api.sock"}, "api.sock"},
		{"a descriptor that is not a number", tenon.ServerConfig{Addr: "fd:x"}, "want the number of a descriptor, 3 or more"},
		{"a standard descriptor", tenon.ServerConfig{Addr: "fd:1"}, "want the number of a descriptor, 3 or more"},
		{"a descriptor that is not open", tenon.ServerConfig{Addr: "fd:65000"}, "listen fd:65000"},
		{"systemd that passes nothing", tenon.ServerConfig{Addr: "systemd"}, "no socket was passed to this process"},
		{"the second address", tenon.ServerConfig{Addr: "127.0.0.1:0", Addrs: []string{"fd:1"}}, "listen fd:1"},
		{"operations for everybody", tenon.ServerConfig{Operations: operations, OperationsAddr: ":8081"}, "InsecureOperations"},
		{"operations on a public address", tenon.ServerConfig{Operations: operations, OperationsAddr: "192.0.2.1:8081"}, "which others can reach"},
		{"operations on a name", tenon.ServerConfig{Operations: operations, OperationsAddr: "ops.example:8081"}, "which others can reach"},
		{"operations on no address", tenon.ServerConfig{Operations: operations, OperationsAddr: "8081"}, "want an address such as"},
		{"operations on an inherited socket", tenon.ServerConfig{Operations: operations, OperationsAddr: "fd:4"}, "which others can reach"},
		{"operations on the sockets of systemd", tenon.ServerConfig{Operations: operations, OperationsAddr: "systemd", InsecureOperations: true}, "one address"},
		{"an address of operations without them", tenon.ServerConfig{OperationsAddr: "127.0.0.1:0"}, "Operations, which is nil"},
		{"a delay as long as the drain", tenon.ServerConfig{DrainDelay: time.Second, Drain: time.Second}, "what requests have of Drain"},
		{"an answer in less time than an operation has", tenon.ServerConfig{WriteTimeout: time.Second}, "WriteTimeout is 1s, want 50s or more"},
		{"an answer in less time than a body and an operation have", tenon.ServerConfig{ReadTimeout: time.Minute, WriteTimeout: 50 * time.Second}, "WriteTimeout is 50s, want 1m30s or more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tenon.Serve(t.Context(), hello(slog.New(slog.DiscardHandler)), tt.cfg)
			if err == nil || !strings.Contains(err.Error(), tt.want) || tenon.ExitCode(err) != 3 {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	if text, err := os.ReadFile(file); string(text) != "kept" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestServeKeepsOperationsApart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ops.sock")
	entered, finish := make(chan struct{}), make(chan struct{})
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := hello(logger)
		app.Get("/slow", func(context.Context, *struct{}) (*found, error) {
			close(entered)
			<-finish
			return &found{}, nil
		})
		return app
	}, tenon.ServerConfig{OperationsAddr: "unix:" + path, Operations: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "operations")
	})})
	if answer := ask(t, "unix", path); !strings.Contains(answer, "operations") {
		t.Errorf("answer %.60q", answer)
	}
	if answer := ask(t, "tcp", r.addr); strings.Contains(answer, "operations") {
		t.Errorf("the public listener answers %.60q", answer)
	}
	go func() {
		if answer, err := http.Get("http://" + r.addr + "/slow"); err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-entered
	r.stop()
	until(t, "the public listener closing", func() bool {
		conn, err := net.Dial("tcp", r.addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	if answer := ask(t, "unix", path); !strings.Contains(answer, "operations") {
		t.Errorf("while the server stops: %.60q", answer)
	}
	close(finish)
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

func TestServeBoundsConnections(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{Connections: 2})
	var open []net.Conn
	answered := func(conn net.Conn) bool {
		_ = conn.SetDeadline(time.Now().Add(200 * time.Millisecond))
		_, _ = fmt.Fprintf(conn, "GET /hello/x HTTP/1.1\r\nHost: x\r\n\r\n")
		status, err := bufio.NewReader(conn).ReadString('\n')
		return err == nil && strings.Contains(status, " 200 ")
	}
	for i := range 3 {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		open = append(open, conn)
		if got := answered(conn); got != (i < 2) {
			t.Errorf("connection %d is answered: %t", i+1, got)
		}
	}
	_ = open[0].Close()
	_ = open[2].SetDeadline(time.Now().Add(20 * time.Second))
	if status, err := bufio.NewReader(open[2]).ReadString('\n'); err != nil || !strings.Contains(status, " 200 ") {
		t.Errorf("when one is closed, the one that waited gets %q, %v", status, err)
	}
}

func TestUV11ServeWritesDateAndNeverServer(t *testing.T) {
	t.Parallel()
	for _, omit := range []bool{false, true} {
		answer := run(t, hello, tenon.ServerConfig{OmitDate: omit}).raw(t, "GET /hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if strings.Contains(answer, "\r\nDate: ") == omit || strings.Contains(answer, "\r\nServer: ") {
			t.Errorf("OmitDate %t: %q", omit, answer)
		}
	}
}

// halved notes that a server closed one direction of a connection.
type halved struct {
	*net.TCPConn

	done chan struct{}
}

func (c halved) CloseWrite() error {
	close(c.done)
	return c.TCPConn.CloseWrite()
}

type halving struct {
	net.Listener

	done chan struct{}
}

func (l halving) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return halved{conn.(*net.TCPConn), l.done}, nil
}

// TestServeClosesOneDirectionFirst has a client that is answered while it sends: it must not lose the answer to a reset.
func TestServeClosesOneDirectionFirst(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	ready := make(chan net.Addr, 1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- tenon.Serve(ctx, hello(slog.New(slog.DiscardHandler)), tenon.ServerConfig{
			Listener: halving{listener, done}, DrainDelay: time.Nanosecond, Ready: func(addr net.Addr) { ready <- addr },
		})
	}()
	r := running{addr: (<-ready).String()}
	answer := r.raw(t, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n"+strings.Repeat("x", 3000))
	if !strings.HasPrefix(answer, "HTTP/1.1 413 ") {
		t.Errorf("answer %.60q", answer)
	}
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("the server closed both directions at once")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
