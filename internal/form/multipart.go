// Package form reads bodies in multipart/form-data (RFC 7578) part by part, in constant memory, and keeps their files.
//
// It is strict, because two readers that understand a lenient body differently are a hole: lines end in CRLF, nothing stands
// before the first boundary or after the last, a boundary has no padding, a header line is not folded. What browsers, curl and the
// usual libraries send is all read.
package form

import (
	"bytes"
	"io"
	"strings"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// Limits bound what the structure of a form may hold. The zero value lets nothing pass.
type Limits struct {
	Parts       int // parts
	Headers     int // header lines of a part
	HeaderBytes int // bytes of the header of a part
	NameBytes   int // bytes of the name of a field
}

// Reader reads the parts of one body. It belongs to one goroutine.
//
// Its errors are those of the source, and *problem.Error bad-request with one fault in the body: "syntax" for what is no form,
// "parts" and "headers" for what is beyond the limits.
type Reader struct {
	src    io.Reader
	limits Limits
	delim  []byte // CRLF, two hyphens and the boundary

	buf     []byte // a window on the body
	pos     int    // start of what is not read yet
	end     int    // end of what is in the window
	content int    // bytes from pos on that are known to be content
	ended   bool   // the source has ended

	parts int
	part  *Part // nil before the first, and between two
	err   error // what ended the reading
}

// MaxBoundary is the most characters of a boundary (RFC 2046, section 5.1.1).
const MaxBoundary = 70

const window = 32 << 10

// NewReader reads a body whose parts are separated by boundary, which IsBoundary holds for.
func NewReader(src io.Reader, boundary string, lim Limits) *Reader {
	return &Reader{src: src, limits: lim, delim: []byte("\r\n--" + boundary), buf: make([]byte, window+lim.HeaderBytes)}
}

// IsBoundary reports whether s can be a boundary: 1 to 70 characters of a small set, not ending in a space (RFC 2046, section 5.1.1).
func IsBoundary(s string) bool {
	if s == "" || len(s) > MaxBoundary || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		alphanumeric := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if !alphanumeric && strings.IndexByte("'()+_,-./:=? ", c) < 0 {
			return false
		}
	}
	return true
}

// Next goes to the next part, past what was not read of the one before; io.EOF when there is none.
func (r *Reader) Next() (*Part, error) {
	if r.err != nil {
		return nil, r.err
	}
	part, err := r.next()
	if err != nil {
		r.err, r.part = err, nil
	}
	return part, err
}

func (r *Reader) next() (*Part, error) {
	if r.parts == 0 {
		if err := r.begin(); err != nil {
			return nil, err
		}
	} else if _, err := io.Copy(io.Discard, r.part); err != nil {
		return nil, err
	}
	r.part = nil
	last, err := r.boundary()
	if err != nil {
		return nil, err
	}
	if last {
		return nil, r.finish()
	}
	if r.parts == r.limits.Parts {
		return nil, refuse(message.FormParts.With(r.limits.Parts))
	}
	r.parts++
	r.part = &Part{reader: r}
	return r.part, r.header(r.part)
}

// begin goes to the first boundary, which has no CRLF before it: the first two bytes of the delimiter are taken as read.
func (r *Reader) begin() error {
	first := r.delim[2:]
	if err := r.need(len(first)); err != nil {
		return err
	}
	if !bytes.HasPrefix(r.buf[r.pos:r.end], first) {
		return refuse(message.FormBegin.With())
	}
	r.pos += len(first)
	return nil
}

// boundary reads what follows a boundary: CRLF, or two hyphens after the last.
func (r *Reader) boundary() (last bool, err error) {
	if err := r.need(2); err != nil {
		return false, err
	}
	follows := string(r.buf[r.pos : r.pos+2])
	r.pos += 2
	switch follows {
	case "\r\n":
		return false, nil
	case "--":
		return true, nil
	}
	return false, refuse(message.FormBoundary.With())
}

// finish reads the end of the body, which may be one CRLF.
func (r *Reader) finish() error {
	for r.end-r.pos < 3 && !r.ended {
		if err := r.fill(); err != nil {
			return err
		}
	}
	if rest := string(r.buf[r.pos:r.end]); rest != "" && rest != "\r\n" {
		return refuse(message.FormTrailing.With())
	}
	return io.EOF
}

// read reads content of the current part; io.EOF at the boundary, which is then read.
func (r *Reader) read(p []byte) (int, error) {
	for r.content == 0 {
		i := bytes.Index(r.buf[r.pos:r.end], r.delim)
		switch {
		case i == 0:
			r.pos += len(r.delim)
			return 0, io.EOF
		case i > 0:
			r.content = i
		case r.end-r.pos >= len(r.delim): // the rest may be the begin of a boundary
			r.content = r.end - r.pos - len(r.delim) + 1
		case r.ended:
			return 0, truncated()
		default:
			if err := r.fill(); err != nil {
				return 0, err
			}
		}
	}
	n := copy(p, r.buf[r.pos:r.pos+r.content])
	r.pos += n
	r.content -= n
	return n, nil
}

// need makes n bytes stand in the window, or says that the body is too short.
func (r *Reader) need(n int) error {
	for r.end-r.pos < n {
		if r.ended {
			return truncated()
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
	return nil
}

// fill reads more of the body into the window, which has room: no one asks for more than fits.
func (r *Reader) fill() error {
	if r.pos > 0 {
		r.end = copy(r.buf, r.buf[r.pos:r.end])
		r.pos = 0
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		if err == io.EOF {
			r.ended = true
			return nil
		}
		if n > 0 || err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

func truncated() error { return refuse(message.FormTruncated.With()) }

func refuse(why problem.Fault) error { return message.Unreadable(message.FormSyntax, "body", why) }
