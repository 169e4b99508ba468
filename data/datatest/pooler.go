package datatest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// poolerConfig is that of PgBouncer: whoever connects gets one of two sessions at the server for a transaction at a time.
const poolerConfig = `[databases]
* = host=%s port=%s user=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 1000
`

// StartPooler starts PgBouncer, in transaction mode and with two sessions, in front of the server of a database, and returns the URL of the database there.
// It ends with the test. Its program is looked for in $PATH and in Debian's place, /usr/sbin.
func StartPooler(tb testing.TB, database string) string {
	tb.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer"
		if _, err = os.Stat(program); err != nil {
			tb.Fatal("datatest: pgbouncer is neither in $PATH nor in /usr/sbin (make setup installs it on Debian)")
		}
	}
	u, err := url.Parse(database)
	if err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	at, err := pool(tb, program, u)
	if err != nil {
		tb.Fatalf("datatest: PgBouncer does not start: %v", err)
	}
	return at
}

// pool writes the configuration and runs the program.
func pool(tb testing.TB, program string, u *url.URL) (string, error) {
	tb.Helper()
	as, err := unprivileged()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "tenon-pgbouncer-") //nolint:usetesting // another user must reach it, and that of a test is closed to others
	if err != nil {
		return "", err
	}
	s := &Server{dir: dir, as: as, discard: dir}
	if s.port, err = freePort(tb.Context()); err != nil {
		return "", err
	}
	file := filepath.Join(dir, "pgbouncer.ini")
	text := fmt.Sprintf(poolerConfig, u.Hostname(), u.Port(), u.User.Username(), s.port)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil { //nolint:gosec // the path is ours
		return "", err
	}
	if as != nil {
		if err := errors.Join(os.Chown(dir, int(as.Uid), int(as.Gid)), os.Chown(file, int(as.Uid), int(as.Gid))); err != nil {
			return "", err
		}
	}
	if err := s.guarded(context.WithoutCancel(tb.Context()), program, file); err != nil {
		return "", err
	}
	tb.Cleanup(s.end)
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	wait, cancel := context.WithTimeout(tb.Context(), 60*time.Second)
	defer cancel()
	return u.String(), s.answers(wait, u.String())
}
