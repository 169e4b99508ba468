package tenon

import (
	"errors"
	"io"
	"net"
	"sync"
)

// bounded accepts a connection only when there is room for it. Until then it waits in the queue of the kernel.
type bounded struct {
	net.Listener

	strict bool // connections speak HTTP/1.1 in the clear, and their lines are watched
	room   chan struct{}
	closed chan struct{}
	once   func()
}

func bound(l net.Listener, most int) *bounded {
	b := &bounded{Listener: l, room: make(chan struct{}, most), closed: make(chan struct{})}
	b.once = sync.OnceFunc(func() { close(b.closed) })
	return b
}

// Accept waits for room and for a connection.
func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.room <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	conn, err := b.Listener.Accept()
	if err != nil {
		<-b.room
		return nil, err
	}
	c := &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { <-b.room })}
	if b.strict {
		c.lines = new(headerLines)
	}
	return c, nil
}

// Close stops accepting.
func (b *bounded) Close() error {
	b.once()
	return b.Listener.Close()
}

// boundedConn gives its place back when it is closed.
type boundedConn struct {
	net.Conn

	leave func()
	lines *headerLines // nil is that nobody watches them
}

// Read reads, and watches the lines of headers.
func (c *boundedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.lines != nil {
		c.lines.watch(p[:n])
	}
	return n, err
}

// Close closes the connection.
func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

// CloseWrite tells the client that nothing more comes, while it may still be sending: net/http does so before it closes on a request that
// it does not read to its end.
func (c *boundedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// ReadFrom lets the kernel send a file by itself.
func (c *boundedConn) ReadFrom(from io.Reader) (int64, error) { return io.Copy(c.Conn, from) }
