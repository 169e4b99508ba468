// Package answer watches what is read and written for one request.
package answer

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Writer remembers what was answered. http.ResponseController reaches the writer below through Unwrap.
type Writer struct {
	http.ResponseWriter

	// Status is that of the answer; 0 while there is none.
	Status int
	// Bytes are those of the body so far.
	Bytes int64
}

// Started reports whether an answer has begun.
func (w *Writer) Started() bool { return w.Status != 0 }

// Unwrap is for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader remembers the first status that is final.
func (w *Writer) WriteHeader(status int) {
	if w.Status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		w.Status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes of the body.
func (w *Writer) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(b)
	w.Bytes += int64(n)
	return n, err
}

// ReadFrom lets the writer below copy a file without going through user space.
func (w *Writer) ReadFrom(from io.Reader) (int64, error) {
	w.begin(http.StatusOK)
	n, err := io.Copy(w.ResponseWriter, from)
	w.Bytes += n
	return n, err
}

// Hijack takes over the connection, where the writer below lets it.
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.begin(http.StatusSwitchingProtocols)
	}
	return conn, rw, err
}

// Flush sends what was written so far, where the writer below can.
func (w *Writer) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController, which wants to know.
func (w *Writer) FlushError() error {
	w.begin(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *Writer) begin(status int) {
	if w.Status == 0 {
		w.Status = status
	}
}

// Body counts what is read of the body of a request.
type Body struct {
	io.ReadCloser

	// Bytes are those that were read so far.
	Bytes int64
}

// Read reads from the body.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.Bytes += int64(n)
	return n, err
}
