package main

import (
	"bufio"
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const patience = 5 * time.Second

// client is a set of connections, each with one request at a time. It does little, since it shares the processors with the server.
type client struct {
	addr string
	mu   sync.Mutex
	idle []*connection
}

type connection struct {
	net.Conn
	r *bufio.Reader
}

var request = []byte("GET /work HTTP/1.1\r\nHost: bench\r\n\r\n")

func (c *client) take() (*connection, error) {
	c.mu.Lock()
	if n := len(c.idle); n > 0 {
		conn := c.idle[n-1]
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		return conn, nil
	}
	c.mu.Unlock()
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", c.addr)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReader(conn)}, nil
}

func (c *client) give(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, conn)
}

func (c *client) close() {
	for _, conn := range c.idle {
		_ = conn.Close()
	}
}

// once sends a request and reads its answer.
func (c *client) once() outcome {
	began := time.Now()
	conn, err := c.take()
	if err != nil {
		return outcome{took: time.Since(began)}
	}
	_ = conn.SetDeadline(began.Add(patience))
	if _, err = conn.Write(request); err == nil {
		var o outcome
		if o, err = conn.answer(); err == nil {
			o.took = time.Since(began)
			c.give(conn)
			return o
		}
	}
	_ = conn.Close()
	return outcome{took: time.Since(began)}
}

func (conn *connection) answer() (o outcome, err error) {
	length := 0
	for first := true; ; first = false {
		line, err := conn.r.ReadString('\n')
		if err != nil {
			return o, err
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case first:
			o.status, _ = strconv.Atoi(strings.Fields(line)[1])
		case name == "Content-Length":
			length, _ = strconv.Atoi(value)
		case name == "Retry-After":
			o.retry = true
		case name == "Content-Type":
			o.problem = value == "application/problem+json"
		case name == "":
			_, err = conn.r.Discard(length)
			return o, err
		}
	}
}

// closedLoop is how many requests are answered when n are under way at any time.
func closedLoop(addr string, n int, length time.Duration) int64 {
	c := &client{addr: addr}
	defer c.close()
	var done atomic.Int64
	var all sync.WaitGroup
	end := time.Now().Add(length)
	for range n {
		all.Go(func() {
			for time.Now().Before(end) {
				if c.once().status == 200 {
					done.Add(1)
				}
			}
		})
	}
	all.Wait()
	return done.Load()
}

// openLoop sends at a rate, whatever becomes of what was sent before.
func openLoop(addr string, rate float64, length time.Duration) outcomes {
	c := &client{addr: addr}
	var mu sync.Mutex
	var got outcomes
	var all sync.WaitGroup
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	began := time.Now()
	for sent := 0.0; ; {
		elapsed := time.Since(began)
		if elapsed >= length {
			break
		}
		for ; sent < elapsed.Seconds()*rate; sent++ {
			all.Go(func() {
				o := c.once()
				mu.Lock()
				defer mu.Unlock()
				got = append(got, o)
			})
		}
		<-tick.C
	}
	all.Wait()
	c.close()
	return got
}
