package tenon_test

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tenon-go/tenon"
)

// TestServeLeavesABusySocketAlone has a listener that is too busy to answer: its socket is not one that was left behind.
func TestServeLeavesABusySocketAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.sock")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	for { // until its queue is full
		conn, err := net.Dial("unix", path)
		if err != nil {
			break
		}
		defer conn.Close()
	}
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	err = tenon.Serve(t.Context(), hello(slog.New(slog.DiscardHandler)), tenon.ServerConfig{Addr: "unix:" + path})
	if err == nil || !strings.Contains(err.Error(), "may be in use") || tenon.ExitCode(err) != 3 {
		t.Errorf("error %v, want that the socket may be in use", err)
	}
	if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the socket of the other server is gone: %v", err)
	}
}
