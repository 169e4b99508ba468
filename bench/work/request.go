package work

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Request makes one request and can be served over and over without an allocation of its own.
type Request struct {
	template http.Request
	body     body
	request  http.Request
}

type body struct{ strings.Reader }

func (*body) Close() error { return nil }

// NewRequest prepares a request. A body is sent as application/json with its length.
func NewRequest(method, target, text string) (*Request, error) {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	r := &Request{template: http.Request{
		Method: method, URL: u, RequestURI: target, Host: "api.example.com", RemoteAddr: "192.0.2.1:40000",
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Accept": {"*/*"}, "User-Agent": {"bench"}},
		Body:   http.NoBody,
	}}
	if text != "" {
		r.body.Reset(text)
		r.template.Body = &r.body
		r.template.ContentLength = int64(len(text))
		r.template.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// Next returns the request as if it had just arrived. It is valid until the next call: one goroutine at a time.
func (r *Request) Next() *http.Request {
	r.request = r.template
	if r.template.ContentLength > 0 {
		_, _ = r.body.Seek(0, io.SeekStart) // a strings.Reader always finds its start
	}
	return &r.request
}

// Writer is the least that a ResponseWriter can be. It counts the bytes of the body and, unless Keep is set, drops them.
type Writer struct {
	Status int
	Bytes  int
	Keep   bool
	Body   []byte
	header http.Header
}

// NewWriter makes a Writer.
func NewWriter() *Writer { return &Writer{header: http.Header{}} }

// Reset makes the Writer ready for the next answer; the map of the header is used again.
func (w *Writer) Reset() {
	clear(w.header)
	w.Status, w.Bytes, w.Body = 0, 0, w.Body[:0]
}

// Header is the header of the answer.
func (w *Writer) Header() http.Header { return w.header }

// WriteHeader notes the first status.
func (w *Writer) WriteHeader(status int) {
	if w.Status == 0 {
		w.Status = status
	}
}

// Write counts, and keeps when told to.
func (w *Writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.Bytes += len(p)
	if w.Keep {
		w.Body = append(w.Body, p...)
	}
	return len(p), nil
}
