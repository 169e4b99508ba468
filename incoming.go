package tenon

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// incoming is the body of one request on its way in, with what bounds it. Its length is bounded as it was sent, and again when it is
// decompressed.
type incoming struct {
	w     http.ResponseWriter
	r     *http.Request
	limit int64
	gzip  bool
}

// all reads the body whole, into buf.
func (b incoming) all(buf []byte) ([]byte, error) {
	if b.gzip {
		from, err := b.bounded()
		if err != nil {
			return buf, err
		}
		return readAll(from, -1, buf, b.limit)
	}
	return readAll(b.r.Body, b.r.ContentLength, buf, b.limit)
}

// bounded is the body as a stream that ends with a problem at its limit.
func (b incoming) bounded() (io.Reader, error) {
	return b.over(b.r.Body)
}

// paced is bounded for a body that may be large: it has time for as long as it gets on.
func (b incoming) paced() (io.Reader, error) {
	return b.over(&pace{from: b.r.Body, control: http.NewResponseController(b.w)})
}

func (b incoming) over(body io.Reader) (io.Reader, error) {
	if b.r.ContentLength > b.limit {
		return nil, problem.New(problem.CodeContentTooLarge, "")
	}
	from := &stream{from: body, left: b.limit}
	if b.gzip {
		return &stream{from: &inflated{from: from}, left: b.limit}, nil
	}
	return from, nil
}

// firstRead is the most memory that a body gets on its announcement alone.
const firstRead = 64 << 10

// readAll reads a body of limit bytes or fewer into buf; length is what it announces, -1 when that is not known. Memory follows
// what has arrived: announcing costs a client nothing.
func readAll(from io.Reader, length int64, buf []byte, limit int64) ([]byte, error) {
	if length > limit {
		return buf, problem.New(problem.CodeContentTooLarge, "")
	}
	whole, first := limit+1, int64(4<<10) // a byte more than there is, so that the end is seen
	if length >= 0 {
		whole, first = length+1, firstRead
	}
	buf = slices.Grow(buf, int(min(whole, first)))
	for {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, max(1, int(min(whole, int64(2*cap(buf))))-len(buf)))
		}
		room := buf[len(buf):min(int64(cap(buf)), limit+1)]
		n, err := from.Read(room)
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf, problem.New(problem.CodeContentTooLarge, "")
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, unreadable(err)
		}
	}
}

func unreadable(err error) *problem.Error {
	if told, ok := errors.AsType[*problem.Error](err); ok {
		return told
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return message.Problem(message.BodyLate).Wrap(err)
	case errors.As(err, &tooLarge):
		return problem.Wrap(problem.CodeContentTooLarge, "", err)
	}
	return message.Problem(message.BodyTruncated).Wrap(err)
}

// stream is a body that is read bit by bit, by a handler too. Its errors are problems, so a handler may return them.
type stream struct {
	from io.Reader
	left int64 // bytes that may follow; -1 when there were more
}

// Read reads from the body, up to its limit.
func (s *stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.left < 0 {
		return 0, problem.New(problem.CodeContentTooLarge, "")
	}
	if int64(len(p)) > s.left+1 {
		p = p[:s.left+1] // a byte more than may be: then there is one too many
	}
	n, err := s.from.Read(p)
	s.left -= int64(n)
	switch {
	case s.left < 0:
		return n - 1, problem.New(problem.CodeContentTooLarge, "")
	case err == nil || err == io.EOF:
		return n, err
	}
	return n, unreadable(err)
}

// inflated decompresses gzip (RFC 1952).
type inflated struct {
	from io.Reader
	gzip *gzip.Reader
}

// Read reads what was compressed.
func (i *inflated) Read(p []byte) (int, error) {
	var n int
	var err error
	if i.gzip == nil {
		i.gzip, err = gzip.NewReader(i.from)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // nothing is not gzip
		}
	}
	if err == nil {
		n, err = i.gzip.Read(p)
	}
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	if _, ok := errors.AsType[*problem.Error](err); ok {
		return n, err
	}
	return n, message.Unreadable(message.NotGzip, "body", message.Gzip.With()).Wrap(err)
}

// What a large body must do to be waited for.
const (
	paceIdle  = 60 * time.Second // the most time without a byte
	paceGrace = 30 * time.Second // after which the pace counts
	paceRate  = 1 << 10          // bytes in each second
)

// pace reads a large body. The times that a server gives to a whole request are for small ones; here every byte moves them on,
// but who sends fewer than 1 KiB in a second is cut off in the end.
type pace struct {
	from           io.Reader
	control        *http.ResponseController
	began, renewed time.Time
	bytes          int64
}

// Read reads from the body.
func (p *pace) Read(b []byte) (int, error) {
	now := time.Now()
	if p.began.IsZero() {
		p.began = now
	}
	if late := now.Sub(p.began) - paceGrace; late > 0 && p.bytes < int64(late.Seconds()*paceRate) {
		return 0, message.Problem(message.BodySlow)
	}
	if now.Sub(p.renewed) >= time.Second {
		p.renew(now, now.Add(paceIdle))
	}
	n, err := p.from.Read(b)
	p.bytes += int64(n)
	if err == io.EOF {
		p.renew(time.Now(), time.Time{}) // the handler has its time from now on
	}
	return n, err
}

// renew moves the deadlines on. A writer that has none, as in tests, does not mind.
func (p *pace) renew(now, read time.Time) {
	p.renewed = now
	_ = p.control.SetReadDeadline(read)
	_ = p.control.SetWriteDeadline(now.Add(paceIdle))
}
