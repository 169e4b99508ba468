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
	app   *App
	ends  *func() // is set to what a paced body does at the end of its request
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

// paced is bounded for a body that may be large: it has time for as long as it gets on. answers is that of the pace.
func (b incoming) paced(answers time.Duration) (io.Reader, error) {
	p := &pace{from: b.r.Body, control: http.NewResponseController(b.w), most: b.app.bodyTime(), answers: answers}
	if p.timers = b.r.ProtoMajor == 2; p.timers {
		p.rest()
		_ = p.control.SetWriteDeadline(time.Now().Add(p.most))
	}
	*b.ends = b.app.streams(b.r.Context()).Add(false, p.stop)
	return b.over(p)
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
