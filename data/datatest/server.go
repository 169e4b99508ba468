package datatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a private PostgreSQL server. Start one with StartPostgres where a test stops or kills it; others share one.
type Server struct {
	dir, programs string
	discard       string // a directory that goes with the server
	port          int
	as            *syscall.Credential // nil is the user of the test

	guard *exec.Cmd
	hold  io.Closer // when it closes, the guard ends the server
	log   bytes.Buffer

	templates sync.Map // sum of migrations to func() (name string, err error)
	databases atomic.Int64
}

// StartPostgres starts a server for one test. It ends with the test.
func StartPostgres(tb testing.TB) *Server {
	tb.Helper()
	s, err := cluster(tb.Context())
	if err == nil {
		err = s.run(tb.Context())
	}
	if err != nil {
		tb.Fatalf("datatest: PostgreSQL does not start: %v", err)
	}
	tb.Cleanup(func() {
		s.end()
		_ = os.RemoveAll(s.dir) // what is left lies in the temporary directory
	})
	return s
}

// URL is that of a database of the server.
func (s *Server) URL(database string) string {
	return fmt.Sprintf("postgres://tenon@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Stop ends the server as an administrator does: sessions are cut, the log is written (fast shutdown).
func (s *Server) Stop(tb testing.TB) { s.signal(tb, syscall.SIGINT) }

// Kill ends the server as a crash does: at once (immediate shutdown; the next start recovers).
func (s *Server) Kill(tb testing.TB) { s.signal(tb, syscall.SIGQUIT) }

// Start starts a server that was stopped or killed, and waits until it answers.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	if err := s.run(tb.Context()); err != nil {
		tb.Fatalf("datatest: PostgreSQL does not start again: %v", err)
	}
}

func (s *Server) signal(tb testing.TB, sig syscall.Signal) {
	tb.Helper()
	pid, err := s.pid()
	if err == nil {
		err = syscall.Kill(pid, sig)
	}
	if err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	s.end()
}

// pid is that of the server's first process.
func (s *Server) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}

// cluster makes a cluster of databases.
func cluster(ctx context.Context) (*Server, error) {
	programs, err := find()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tenon-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, programs: programs, as: as}
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return nil, err
		}
	}
	initdb := s.command(ctx, filepath.Join(programs, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "tenon", "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "-N")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if s.port, err = freePort(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = s.dir
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	return c
}

// guard waits for its input to end, which the end of the test binary sees to, and then ends the server. A server that a test ended
// before ends the guard too.
const guard = `"$0" "$@" & server=$!
(cat >/dev/null; kill -INT $server 2>/dev/null) <&3 & cat=$!
exec 3<&-
wait $server
kill $cat 2>/dev/null
[ -z "$DISCARD" ] || rm -rf "$DISCARD"
exit 0`

func (s *Server) run(ctx context.Context) error {
	arguments := []string{
		"-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "max_connections=200", "-c", "shared_buffers=32MB",
	}
	if s.discard != "" { // nobody reads it after a crash
		arguments = append(arguments, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	if err := s.guarded(context.WithoutCancel(ctx), filepath.Join(s.programs, "postgres"), arguments...); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	return s.answers(wait, s.URL("postgres"))
}

// guarded runs a program until hold is closed, which the end of the test binary does too.
func (s *Server) guarded(ctx context.Context, program string, arguments ...string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	s.guard = s.command(ctx, "/bin/sh", append([]string{"-c", guard, program}, arguments...)...)
	s.guard.Env = append(os.Environ(), "DISCARD="+s.discard)
	s.guard.ExtraFiles = []*os.File{read} // 3 for the guard
	s.guard.Stdout, s.guard.Stderr = &s.log, &s.log
	s.hold = write
	return s.guard.Start()
}

// answers waits until a server can be connected to.
func (s *Server) answers(wait context.Context, at string) error {
	for {
		conn, err := pgx.Connect(wait, at)
		if err == nil {
			return conn.Close(wait)
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-wait.Done():
			return errors.Join(err, errors.New(s.log.String()))
		}
	}
}

// end ends the guard and with it the server, if it still runs.
func (s *Server) end() {
	_ = s.hold.Close()
	_ = s.guard.Wait() // it always ends with 0
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

// find looks for the folder of PostgreSQL's programs: the newest one.
func find() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", errors.New("postgres is neither in $PATH nor in /usr/lib/postgresql (make setup installs it on Debian)")
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // what is no number comes first
	return n
}

// unprivileged is the user that the server runs as: PostgreSQL refuses to run as root.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
