package tenon

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/message"
)

// What may be long has no fixed length in time: a body that is read or sent piece by piece, and a stream. Instead it has a pace.
const (
	paceIdle      = 60 * time.Second       // the most time in which a client reads or sends nothing
	paceLast      = 5 * time.Second        // that, once the server stops: see pacing.last
	paceGrace     = 30 * time.Second       // after which a body that comes in must have come at paceRate
	paceRate      = 1 << 10                // bytes in each second
	pacePiece     = 16 << 10               // bytes of a stream that a client must take within paceIdle: 270 in each second
	paceOpens     = 200 * time.Millisecond // after which the header of a stream is sent without an item
	paceKeepAlive = 15 * time.Second       // the most time in which a stream sends nothing
)

// pace reads a large body. The times that a server gives to a whole request are for small ones; here every byte moves them on,
// but who sends fewer than 1 KiB in a second is cut off in the end, and so is who takes longer than may be. What counts is the time that
// the client is waited for: a handler that takes its own between two reads is not the client's fault.
type pace struct {
	from    io.Reader
	control *http.ResponseController
	most    time.Duration // that all of it may be waited for
	timers  bool          // a deadline that passes ends the body although nobody waits, as in HTTP/2
	answers time.Duration // until the answer must be sent, from the last read on; 0 is as long as the handler likes
	waited  time.Duration
	bytes   int64

	mu      sync.Mutex
	renewed time.Time
	stopped bool
}

// Read reads from the body.
func (p *pace) Read(b []byte) (int, error) {
	now := time.Now()
	switch {
	case p.waited >= p.most, p.waited > paceGrace && p.bytes < int64((p.waited-paceGrace).Seconds()*paceRate):
		return 0, message.Problem(message.BodySlow)
	case !p.renew(now, false):
		return 0, p.told()
	}
	n, err := p.from.Read(b)
	p.bytes += int64(n)
	p.waited += time.Since(now)
	switch {
	case errors.Is(err, io.EOF):
		p.renew(time.Now(), true)
	case err != nil && !p.renew(now, false):
		err = p.told()
	case p.timers:
		p.rest()
	}
	return n, err
}

// rest gives the handler the time until the next Read.
func (p *pace) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stopped {
		_ = p.control.SetReadDeadline(time.Time{})
	}
}

// renew moves the deadlines on, and reports whether the body may go on. A writer without deadlines, as in tests, does not mind.
func (p *pace) renew(now time.Time, end bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped || !end && !p.timers && now.Sub(p.renewed) < time.Second {
		return !p.stopped
	}
	p.renewed = now
	read := now.Add(min(paceIdle, p.most-p.waited))
	if end {
		read = time.Time{}
	}
	_ = p.control.SetReadDeadline(read)
	if end || !p.timers {
		var write time.Time
		if p.answers > 0 {
			write = now.Add(p.answers)
		}
		_ = p.control.SetWriteDeadline(write)
	}
	return true
}

// stop ends a body that has not come to its end, also while it is being waited for.
func (p *pace) stop(error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	_ = p.control.SetReadDeadline(time.Unix(1, 0))
}

func (p *pace) told() error {
	return message.Problem(message.Stopping).Wrap(ErrStopping)
}
