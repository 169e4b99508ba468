package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// kind is a way to be slow, and when the server has had enough of it.
type kind struct {
	name  string
	limit time.Duration
	run   func(conn net.Conn, until time.Time) bool // reports whether the server cut it by then
}

// The ways to be slow.
var (
	slowHeaders = kind{"slow headers", 5 * time.Second, drip("GET /echo/a HTTP/1.1\r\nHost: x\r\n", "X-A: b\r\n")}
	slowBodies  = kind{"slow bodies", 20 * time.Second, drip("POST /echo HTTP/1.1\r\nHost: x\r\n"+
		"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n", " ")}
	slowReaders = kind{"slow readers", 50 * time.Second, takeNothing}
)

// slow opens so many clients of each kind, all at once, beside clients that behave, at a server with a patience.
func slow(ctx context.Context, p patience, slowClients int64, kinds ...kind) error {
	s, err := start(ctx, p)
	if err != nil {
		return err
	}
	g := ask(ctx, "http://"+s.addr, 10, 50*time.Millisecond, false)
	cut := make([]atomic.Int64, len(kinds))
	var wait sync.WaitGroup
	for i, k := range kinds {
		for range slowClients {
			wait.Go(func() {
				if attack(ctx, s.addr, k) {
					cut[i].Add(1)
				}
			})
		}
	}
	wait.Wait()
	sent, failed, first := g.stop()
	var errs []error
	for i, k := range kinds {
		fmt.Printf("%s: %d of %d cut within %v + 2 s\n", k.name, cut[i].Load(), slowClients, k.limit)
		if cut[i].Load() < slowClients {
			errs = append(errs, fmt.Errorf("%s: %d were not cut", k.name, slowClients-cut[i].Load()))
		}
	}
	fmt.Printf("good clients: %d of %d answered (%.2f %%)\n", sent-failed, sent, 100*float64(sent-failed)/float64(sent))
	if float64(sent-failed) < 0.995*float64(sent) {
		errs = append(errs, fmt.Errorf("good clients: %d of %d failed, first: %s", failed, sent, first))
	}
	return errors.Join(append(errs, s.stop())...)
}

func attack(ctx context.Context, addr string, k kind) bool {
	small := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
	}}
	conn, err := small.DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	return k.run(conn, time.Now().Add(k.limit+2*time.Second))
}

// drip sends a beginning, and then a little each second.
func drip(begin, little string) func(net.Conn, time.Time) bool {
	return func(conn net.Conn, until time.Time) bool {
		_, _ = io.WriteString(conn, begin)
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			_, _ = io.Copy(io.Discard, conn)
		}()
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		for {
			select {
			case <-closed:
				return true
			case <-timer.C:
				return false
			case <-tick.C:
				_, _ = io.WriteString(conn, little) // when it is closed, the other end sees to it
			}
		}
	}
}

// takeNothing asks for much and reads nothing of it before the time is over. What is there then is a part.
func takeNothing(conn net.Conn, until time.Time) bool {
	_, _ = io.WriteString(conn, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	<-time.After(time.Until(until))
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	n, _ := io.Copy(io.Discard, conn)
	return n < bigBytes
}
