package data

import (
	"context"
	"math"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// answerSlack is how much longer than a statement may take its answer is waited for: the server ends what takes too long, and says so.
const answerSlack = 100 * time.Millisecond

// patientConn is a connection to a server that must have answered some time after it was asked. The server's own limits do not help when nothing of it
// arrives any more, or arrives drop by drop.
type patientConn struct {
	net.Conn
	first time.Duration // how long an answer is waited for, unless something else is said
	now   atomic.Int64  // nanoseconds that it is waited for; 0 is as long as it takes
}

// Write asks the server something. What it answers is read until the time is up.
func (c *patientConn) Write(b []byte) (int, error) {
	var until time.Time
	if now := time.Duration(c.now.Load()); now > 0 {
		until = time.Now().Add(now)
	}
	if err := c.SetDeadline(until); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// wait says how long answers are waited for, until usual is called; 0 is as long as it takes.
func (c *patientConn) wait(patience time.Duration) {
	if c != nil {
		c.now.Store(int64(patience))
	}
}

// usual goes back to how long they are waited for at first.
func (c *patientConn) usual() {
	if c != nil {
		c.now.Store(int64(c.first))
	}
}

// wireOf finds the connection below others, such as that of TLS; nil is that there is none.
func wireOf(conn net.Conn) *patientConn {
	for {
		switch c := conn.(type) {
		case *patientConn:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

// dialer opens connections on which patience is how long an answer is waited for; 0 is as long as it takes.
func dialer(patience time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 2}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		patient := &patientConn{Conn: conn, first: patience}
		patient.usual()
		return patient, nil
	}
}

// limitText is a time as the server reads the value of statement_timeout: a number, which may have a unit. Without one it is of milliseconds.
var limitText = regexp.MustCompile(`^\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(us|ms|s|min|h|d)?\s*$`)

// patienceOf is how long the answer to a statement is waited for where the server ends statements after limit, the value of statement_timeout. 0 is as
// long as it takes; so is what the server would not take.
func patienceOf(limit string) time.Duration {
	m := limitText.FindStringSubmatch(limit)
	if m == nil {
		return 0
	}
	unit := map[string]time.Duration{
		"us": time.Microsecond, "": time.Millisecond, "ms": time.Millisecond, "s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
	}[m[2]]
	n, err := strconv.ParseFloat(m[1], 64)
	took := n * float64(unit)
	if err != nil || took <= 0 || took > math.MaxInt32*float64(time.Millisecond) { // the server's own bound
		return 0
	}
	return max(time.Duration(took).Round(time.Millisecond), 0) + answerSlack
}

// namesTimeout reports whether a statement speaks of how long a statement may take.
func namesTimeout(text string) bool {
	const before, name = len("statement"), "statement_timeout"
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '_')
		if i < 0 {
			return false
		}
		begin := from + i - before
		if begin >= 0 && len(text)-begin >= len(name) && strings.EqualFold(text[begin:begin+len(name)], name) {
			return true
		}
		from += i + 1
	}
}
