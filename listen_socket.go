package tenon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// socketMode lets the owner and the group connect.
const socketMode = 0o660

// unixListener is a Unix socket whose file appeared under its name with its mode already set.
type unixListener struct {
	net.Listener

	addr net.Addr
	file fs.FileInfo
}

// listenUnix makes a socket beside path and moves it there, so that nobody sees it with another mode, and one that a process left
// behind is replaced. A socket that somebody answers at, and a file that is none, stay.
func listenUnix(ctx context.Context, path string) (net.Listener, error) {
	if err := vacant(ctx, path); err != nil {
		return nil, err
	}
	beside := filepath.Join(filepath.Dir(path), "."+rand.Text()[:8])
	l, err := new(net.ListenConfig).Listen(ctx, "unix", beside)
	if err != nil {
		return nil, fmt.Errorf("listen unix:%s: %w", path, errors.Unwrap(err))
	}
	if own, ok := l.(*net.UnixListener); ok {
		own.SetUnlinkOnClose(false)
	}
	err = errors.Join(os.Chmod(beside, socketMode), os.Rename(beside, path))
	file, statErr := os.Lstat(path)
	if err = errors.Join(err, statErr); err != nil {
		return nil, errors.Join(err, l.Close(), os.Remove(beside))
	}
	return &unixListener{Listener: l, addr: &net.UnixAddr{Name: path, Net: "unix"}, file: file}, nil
}

// vacant reports why a path cannot be taken for a socket.
func vacant(ctx context.Context, path string) error {
	file, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("listen unix:%s: %w", path, err)
	}
	if file.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("listen unix:%s: there is a file that is not a socket", path)
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		_ = conn.Close()
		return fmt.Errorf("listen unix:%s: address already in use", path)
	case errors.Is(err, fs.ErrNotExist), isRefused(err):
		return nil
	}
	// Somebody may listen whose queue is full, or who does not let us in.
	return fmt.Errorf("listen unix:%s: the socket may be in use: %w", path, err)
}

// Addr is where clients find the socket.
func (l *unixListener) Addr() net.Addr { return l.addr }

// Close removes the file, unless another process has put its own there.
func (l *unixListener) Close() error {
	if file, err := os.Lstat(l.addr.String()); err == nil && os.SameFile(file, l.file) {
		_ = os.Remove(l.addr.String())
	}
	return l.Listener.Close()
}
