package data

import (
	"context"
	"net"
	"strconv"
	"time"
)

// answerSlack is how much longer than a statement may take its answer is waited for: the server ends what takes too long, and says so.
const answerSlack = 100 * time.Millisecond

// patientConn is a connection to a server that must have answered some time after it was asked. The server's own limits do not help when nothing of it
// arrives any more, or arrives drop by drop.
type patientConn struct {
	net.Conn
	patience time.Duration
}

// Write asks the server something. What it answers is read until the time is up.
func (c *patientConn) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// dialer opens connections on which patience is how long an answer is waited for; 0 is as long as it takes.
func dialer(patience time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 2}}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil || patience == 0 {
			return conn, err
		}
		return &patientConn{conn, patience}, nil
	}
}

// patienceOf is how long the answer to a statement is waited for where the server ends statements after limit, the value of statement_timeout: a number of
// milliseconds, or words that only the server knows. 0 is as long as it takes.
func patienceOf(limit string) time.Duration {
	ms, err := strconv.ParseInt(limit, 10, 32)
	if err != nil || ms <= 0 {
		return 0
	}
	return time.Duration(ms)*time.Millisecond + answerSlack
}
