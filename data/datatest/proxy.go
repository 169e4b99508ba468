package datatest

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Toxic is what a Proxy does to what passes it. The zero value lets everything through as it comes.
type Toxic struct {
	// Delay is how long each piece waits, each way.
	Delay time.Duration
	// Silent lets nothing through, and closes nothing: neither side hears of the other any more.
	Silent bool
	// Reset ends each connection at once by a reset, those that are open and new ones.
	Reset bool
	// Trickle is the pause after each byte from the server.
	Trickle time.Duration
	// Commits ends each connection at its COMMIT of a transaction that may write: by turns before the server has it, and when the server has
	// answered, before the program has that.
	Commits bool
}

// Proxy stands between a program and PostgreSQL, and does to their connections what networks do.
type Proxy struct {
	listener net.Listener
	server   string // its address
	url      string

	mu      sync.Mutex
	toxic   Toxic
	changed chan struct{} // closed when toxic changes
	open    map[*net.TCPConn]bool
	group   sync.WaitGroup

	commits atomic.Int64 // that were lost
}

// StartProxy starts a proxy in front of the server of a database. It ends with the test.
func StartProxy(tb testing.TB, database string) *Proxy {
	tb.Helper()
	u, err := url.Parse(database)
	if err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	l, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("datatest: %v", err)
	}
	p := &Proxy{listener: l, server: u.Host, changed: make(chan struct{}), open: map[*net.TCPConn]bool{}}
	u.Host = l.Addr().String()
	p.url = u.String()
	p.group.Go(p.accept)
	tb.Cleanup(func() {
		_ = l.Close()
		p.Set(Toxic{Reset: true})
		p.group.Wait()
	})
	return p
}

// URL is that of the database, by way of the proxy.
func (p *Proxy) URL() string { return p.url }

// Set changes what happens from now on.
func (p *Proxy) Set(t Toxic) {
	p.mu.Lock()
	p.toxic = t
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()
	if t.Reset {
		p.end(0)
	}
}

// Cut closes the connections that are open. New ones are let through.
func (p *Proxy) Cut() { p.end(-1) }

// end closes all connections; linger 0 resets them.
func (p *Proxy) end(linger int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.SetLinger(linger)
		_ = c.Close()
	}
	clear(p.open)
}

// now is what happens now, and a channel that is closed when that changes.
func (p *Proxy) now() (Toxic, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.toxic, p.changed
}

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return // the test has ended
		}
		p.connect(c.(*net.TCPConn))
	}
}

// connect opens the other half of a connection.
func (p *Proxy) connect(in *net.TCPConn) {
	if t, _ := p.now(); t.Reset {
		_ = in.SetLinger(0)
		_ = in.Close()
		return
	}
	c, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.server)
	if err != nil {
		_ = in.Close()
		return
	}
	out := c.(*net.TCPConn)
	p.mu.Lock()
	p.open[in], p.open[out] = true, true
	p.mu.Unlock()
	s := &session{proxy: p}
	p.group.Go(func() { p.pipe(in, out, false, s.asks) })
	p.group.Go(func() { p.pipe(out, in, true, s.answers) })
}

// pipe carries bytes one way, for as long as a session goes on.
func (p *Proxy) pipe(from, to *net.TCPConn, answers bool, on func(piece []byte) bool) {
	defer p.forget(from, to)
	buf := make([]byte, 4<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !on(buf[:n]) {
			return
		}
		if errors.Join(p.carry(to, buf[:n], answers), err) != nil {
			return
		}
	}
}

func (p *Proxy) forget(conns ...*net.TCPConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.open, c)
		_ = c.Close()
	}
}

// carry writes a piece when its time has come.
func (p *Proxy) carry(to *net.TCPConn, piece []byte, answers bool) error {
	t, changed := p.now()
	for t.Silent {
		<-changed
		t, changed = p.now()
	}
	pause(t.Delay, changed)
	for t.Trickle > 0 && answers && len(piece) > 1 {
		if _, err := to.Write(piece[:1]); err != nil {
			return err
		}
		piece = piece[1:]
		pause(t.Trickle, changed)
		t, changed = p.now()
	}
	_, err := to.Write(piece)
	return err
}

// pause waits, or until something changes.
func pause(d time.Duration, changed <-chan struct{}) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-changed:
	}
}
