package valkeytest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/valkey-io/valkey-go"
)

// Server is a private server, on a free port of the loopback interface. Its data is in memory alone: a server that starts again is empty.
type Server struct {
	dir, program string
	port         int
	args         []string

	hold   io.Closer     // when it closes, the guard ends the server
	exited chan struct{} // closed when the guard has ended; nil before the first start
	log    bytes.Buffer
}

// Start starts a server for one test, with arguments of its program beside those that make it private. It ends with the test, or the test
// binary, however that ends. The program is valkey-server, or redis-server, in $PATH.
func Start(tb testing.TB, args ...string) *Server {
	tb.Helper()
	var err error
	for range 3 { // somebody else may have taken the port that was free
		s := prepare(tb, args...)
		if err = s.run(tb.Context()); err == nil {
			return s
		}
	}
	tb.Fatalf("valkeytest: the server does not start: %v", err)
	return nil
}

// prepare is a server that does not run yet.
func prepare(tb testing.TB, args ...string) *Server {
	tb.Helper()
	program, err := find()
	if err != nil {
		tb.Fatalf("valkeytest: %v", err)
	}
	s := &Server{dir: tb.TempDir(), program: program, port: freePort(tb), args: args}
	tb.Cleanup(s.end)
	return s
}

// Addr is where the server listens.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URL is that of the server.
func (s *Server) URL() string { return "valkey://" + s.Addr() }

// Kill ends the server as a crash does.
func (s *Server) Kill(tb testing.TB) {
	tb.Helper()
	s.Signal(tb, syscall.SIGKILL)
	s.end()
}

// Start starts a server that was killed, empty, and waits until it answers.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	if err := s.run(tb.Context()); err != nil {
		tb.Fatalf("valkeytest: the server does not start again: %v", err)
	}
}

// Signal sends a signal to the server: SIGSTOP has it hang, and SIGCONT go on.
func (s *Server) Signal(tb testing.TB, sig syscall.Signal) {
	tb.Helper()
	text, err := os.ReadFile(s.pidFile())
	if err != nil {
		tb.Fatalf("valkeytest: %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err == nil {
		err = syscall.Kill(pid, sig)
	}
	if err != nil {
		tb.Fatalf("valkeytest: %v", err)
	}
}

// Do sends a command to the server, past every client under test, and returns what it answers as text.
func (s *Server) Do(tb testing.TB, command ...string) string {
	tb.Helper()
	got, err := s.do(tb.Context(), command...)
	if err != nil {
		tb.Fatalf("valkeytest: %s: %v", command[0], err)
	}
	return got
}

func (s *Server) do(ctx context.Context, command ...string) (string, error) {
	client, err := valkey.NewClient(valkey.ClientOption{InitAddress: []string{s.Addr()}, ForceSingleClient: true, DisableCache: true, DisableRetry: true})
	if err != nil {
		return "", err
	}
	defer client.Close()
	m, err := client.Do(ctx, client.B().Arbitrary(command...).Build()).ToMessage()
	if err != nil {
		return "", err
	}
	if n, err := m.ToInt64(); err == nil {
		return strconv.FormatInt(n, 10), nil
	}
	return m.ToString()
}

func (s *Server) pidFile() string { return filepath.Join(s.dir, "pid") }

// guard waits for its input to end, which the end of the test binary sees to, and then ends the server. A server that a test ended
// before ends the guard too.
const guard = `"$0" "$@" & server=$!
(cat >/dev/null; kill -CONT $server 2>/dev/null; kill -KILL $server 2>/dev/null) <&3 & cat=$!
exec 3<&-
wait $server
kill $cat 2>/dev/null
exit 0`

func (s *Server) run(ctx context.Context) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	own := []string{
		"--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--dir", s.dir, "--pidfile", s.pidFile(), "--save", "", "--appendonly", "no",
	}
	if s.sentinel() {
		own = []string{s.conf(), "--sentinel"}
	}
	args := slices.Concat([]string{"-c", guard, s.program}, own, s.args)
	c := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", args...) //nolint:gosec // the arguments are those of a test
	c.Dir, c.Stdout, c.Stderr, c.ExtraFiles = s.dir, &s.log, &s.log, []*os.File{read}
	if err := c.Start(); err != nil {
		return errors.Join(err, write.Close())
	}
	s.hold, s.exited = write, make(chan struct{})
	go func() {
		defer close(s.exited)
		_ = c.Wait() // it always ends with 0
	}()
	return s.answers(ctx)
}

// answers waits for the server, which writes its file when it listens.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if text, err := os.ReadFile(s.pidFile()); err == nil && len(text) > 0 {
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr())
			if err == nil {
				return conn.Close()
			}
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-s.exited:
			return errors.New(s.log.String())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// end ends the guard and with it the server, if it still runs.
func (s *Server) end() {
	if s.exited == nil {
		return
	}
	_ = s.hold.Close() // a second time at most
	<-s.exited
	_ = os.Remove(s.pidFile())
}

func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("valkeytest: %v", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func find() (string, error) {
	for _, name := range []string{"valkey-server", "redis-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither valkey-server nor redis-server is in $PATH (make setup installs it on Debian)")
}
