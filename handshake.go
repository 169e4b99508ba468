package tenon

import (
	"net"
	"time"
)

// shaking accepts connections whose handshake has a time of its own.
type shaking struct {
	net.Listener

	within time.Duration
}

// Accept waits for a connection.
func (s shaking) Accept() (net.Conn, error) {
	conn, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &shakingConn{Conn: conn, within: s.within}, nil
}

// shakingConn is what a connection of TLS stands on. The first deadlines that net/http sets are for the handshake, to which it gives the
// least of its other times; they become what the server says.
type shakingConn struct {
	net.Conn

	within      time.Duration
	read, write bool // the first deadline is over
}

// SetReadDeadline says until when the client may send.
func (c *shakingConn) SetReadDeadline(t time.Time) error {
	if !c.read {
		c.read, t = true, time.Now().Add(c.within)
	}
	return c.Conn.SetReadDeadline(t)
}

// SetWriteDeadline says until when the client may read.
func (c *shakingConn) SetWriteDeadline(t time.Time) error {
	if !c.write {
		c.write, t = true, time.Now().Add(c.within)
	}
	return c.Conn.SetWriteDeadline(t)
}
