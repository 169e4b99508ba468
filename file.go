package tenon

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/problem"
)

// File is an answer that is a file. It is an output by itself, an outcome, or the body of an output that names its media types:
//
//	File *tenon.File `body:"application/pdf,image/png"`
//
// A GET of it may ask for ranges of bytes, at most 16, and may be conditional; more ranges are answered with the whole file.
// The client saves it under its name, and no content of it runs in the origin of the service.
type File struct {
	// Name is what the client calls the file; of a path only the last part is sent. Default none.
	Name string
	// ContentType is its media type; one of those that the tag lists, if it lists any. Default the first of those, or
	// application/octet-stream.
	ContentType string
	// Modified is when the content changed last. The zero value says nothing.
	Modified time.Time
	// ETag names the content. The zero value says nothing.
	ETag ETag
	// Content is the file, from its first byte. It is closed after the answer if it can be. Required.
	Content io.ReadSeeker
	// Inline lets a browser show the file in the place of saving it. Default false.
	Inline bool
}

// maxRanges is the most ranges of one request that are looked at.
const maxRanges = 16

// sandbox keeps whatever a file holds from running in the origin of the service, also when a browser shows it.
const sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

// openFile makes what sends a file. types are those of the tag; nil is any.
func openFile(out any, types []string) (reply.Sender, error) {
	f, _ := out.(*File)
	if f == nil || f.Content == nil {
		return nil, errors.New("the file has no content")
	}
	s := &fileSender{file: f, contentType: f.ContentType}
	if s.contentType == "" {
		s.contentType = cmp.Or(slices.Concat(types, []string{"application/octet-stream"})...)
	}
	if _, _, ok := media.Essence(s.contentType); !ok || types != nil && !slices.Contains(types, s.contentType) {
		return s, fmt.Errorf("the file has the Content-Type %q, which is not among %q", s.contentType, types)
	}
	return s, nil
}

type fileSender struct {
	file        *File
	contentType string
}

// Send answers with the file, a part of it, or that the client holds it. What goes wrong is a problem or an error, with nothing
// sent yet.
func (s *fileSender) Send(w http.ResponseWriter, r *http.Request, _ int) error {
	header := w.Header()
	kind := "attachment"
	if s.file.Inline {
		kind = "inline"
	}
	set := func(name, value string) {
		if header[name] == nil { // a field of the output, or middleware, knows better
			header[name] = []string{value}
		}
	}
	header["Content-Type"] = []string{s.contentType}
	set("Content-Disposition", media.Disposition(kind, s.file.Name))
	set("X-Content-Type-Options", "nosniff")
	set("Content-Security-Policy", sandbox)
	if tag := s.file.ETag.String(); tag != "" {
		header["Etag"] = []string{tag}
	}
	content := &fileContent{from: s.file.Content}
	defer func() { _ = content.end() }() // also after a panic of the writer
	out := &fileWriter{ResponseWriter: w}
	http.ServeContent(out, ranged(r), "", s.file.Modified, content)
	failure := content.end()
	switch {
	case failure != nil:
		return failure
	case out.failed == http.StatusPreconditionFailed:
		return problem.New(problem.CodePreconditionFailed, "")
	case out.failed == http.StatusRequestedRangeNotSatisfiable:
		e := problem.New(problem.CodeRangeNotSatisfiable, "")
		if size := header.Get("Content-Range"); size != "" {
			e = e.WithHeader("Content-Range", size)
		}
		return e
	case out.failed != 0:
		return fmt.Errorf("the file cannot be sent: status %d", out.failed)
	}
	out.begin()
	return nil
}

// Close closes the content.
func (s *fileSender) Close() error {
	if c, ok := s.file.Content.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// ranged takes out of a request what net/http must not look at: ranges and conditions of other methods than GET and HEAD,
// which have no such meaning, ranges of another unit, and more of them than anybody needs.
func ranged(r *http.Request) *http.Request {
	var drop []string
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		drop = []string{"Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}
	} else if lines := r.Header["Range"]; len(lines) > 1 || len(lines) == 1 && !takesRange(lines[0]) {
		drop = []string{"Range"}
	}
	if drop == nil {
		return r
	}
	c := *r
	c.Header = maps.Clone(r.Header)
	for _, name := range drop {
		delete(c.Header, name)
	}
	return &c
}

// takesRange reports whether a Range is looked at. Another unit than bytes must be passed over (RFC 9110, section 14.2).
func takesRange(line string) bool {
	return strings.HasPrefix(line, "bytes=") && strings.Count(line, ",") < maxRanges
}

// fileContent is the content while it is sent. It remembers why it could not be read, and a panic is such a reason: of several ranges
// net/http reads in a goroutine, where nobody would recover it, and which may go on after a client has left. Once the content has ended
// nobody uses it any more.
type fileContent struct {
	from io.ReadSeeker

	mu    sync.Mutex
	ended bool
	err   error
}

// Read reads from the content.
func (c *fileContent) Read(b []byte) (n int, err error) {
	err = c.use(func() (err error) {
		n, err = c.from.Read(b)
		return err
	})
	return n, err
}

// Seek moves in the content.
func (c *fileContent) Seek(offset int64, whence int) (at int64, err error) {
	err = c.use(func() (err error) {
		at, err = c.from.Seek(offset, whence)
		return err
	})
	return at, err
}

func (c *fileContent) use(call func() error) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return os.ErrClosed
	}
	defer func() {
		if reason := recover(); reason != nil {
			err = panicked(reason)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			c.err = fmt.Errorf("read the file: %w", err)
		}
	}()
	return call()
}

// end waits for a call that is under way, and returns why the content could not be read.
func (c *fileContent) end() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	return c.err
}

// fileWriter lets a success through, and keeps a failure, whose plain text is not an answer of ours. The status waits for the
// first byte, which may be one that cannot be read.
type fileWriter struct {
	http.ResponseWriter

	status, failed int
}

func (f *fileWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		f.failed = status
		return
	}
	f.status = status
}

// begin sends the status, once.
func (f *fileWriter) begin() {
	if f.status != 0 {
		f.ResponseWriter.WriteHeader(f.status)
		f.status = 0
	}
}

func (f *fileWriter) Write(b []byte) (int, error) {
	if f.failed != 0 {
		return len(b), nil
	}
	f.begin()
	return f.ResponseWriter.Write(b)
}
