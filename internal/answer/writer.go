// Package answer watches what is read and written for one request.
package answer

import (
	"bufio"
	"io"
	"net"
	"net/http"

	"github.com/tenon-go/tenon/internal/admit"
)

// Writer remembers what was answered. http.ResponseController reaches the writer below through Unwrap.
type Writer struct {
	http.ResponseWriter

	// Before is called once, before the header is sent, and may change it. Default none.
	Before func(header http.Header, status int)
	// Place is given to others while a client is waited for. Default none.
	Place *admit.Place
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
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes of the body.
func (w *Writer) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	if w.Bytes+int64(len(b)) <= buffered {
		n, err := w.ResponseWriter.Write(b)
		w.Bytes += int64(n)
		return n, err
	}
	w.Place.Pause()
	n, err := w.ResponseWriter.Write(b)
	w.Place.Resume()
	w.Bytes += int64(n)
	return n, err
}

// ReadFrom lets the writer below copy a file without going through user space.
func (w *Writer) ReadFrom(from io.Reader) (int64, error) {
	w.begin(http.StatusOK)
	w.Place.Pause()
	n, err := io.Copy(w.ResponseWriter, from)
	w.Place.Resume()
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
	w.Place.Pause()
	defer w.Place.Resume()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *Writer) begin(status int) {
	if w.Status != 0 {
		return
	}
	w.Status = status
	if w.Before != nil {
		w.Before(w.Header(), status)
	}
}

// buffered is how much net/http takes of a body before it writes to the connection.
const buffered = 2 << 10

// Body counts what is read of the body of a request.
type Body struct {
	io.ReadCloser

	// Place is given to others while the client is waited for. Default none.
	Place *admit.Place
	// Bytes are those that were read so far.
	Bytes int64
}

// WatchBody is a body that is watched and gives a place to others meanwhile: the same, where that does so already. What watches it is nil where
// there is none.
func WatchBody(body io.ReadCloser, place *admit.Place) (io.ReadCloser, *Body) {
	if body == nil || body == http.NoBody {
		return body, nil
	}
	own, ok := body.(*Body)
	if !ok || own.Place != place {
		own = &Body{ReadCloser: body, Place: place}
	}
	return own, own
}

// Read reads from the body.
func (b *Body) Read(p []byte) (int, error) {
	b.Place.Pause()
	n, err := b.ReadCloser.Read(p)
	b.Place.Resume()
	b.Bytes += int64(n)
	return n, err
}
