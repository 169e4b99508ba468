package compress

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// writer decides when the header of an answer is complete whether the body is compressed. Where the length is not said, it waits for as
// much as would be worth it, or for a flush.
type writer struct {
	http.ResponseWriter

	types   map[string]bool
	minimum int
	head    bool
	coding  coding   // what the client likes best
	tags    []string // entity tags of the request that had a suffix

	status  int
	decided bool
	held    []byte // of a body whose length is not known yet
	encoder encoder
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the status. It is sent when it is known how the body is.
func (w *writer) WriteHeader(status int) {
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.status != 0 {
		return
	}
	w.status = status
	h := w.Header()
	length, err := strconv.Atoi(h.Get("Content-Length"))
	switch {
	case !w.fits(h):
		w.plain()
	case err == nil && length < w.minimum:
		w.vary()
		w.plain()
	case err == nil:
		w.compressed()
	case w.head:
		w.vary()
		w.plain() // how long the body would be is not known
	}
}

// fits reports whether an answer is one to compress, for some client.
func (w *writer) fits(h http.Header) bool {
	switch w.status {
	case http.StatusNotModified:
		w.vary()
		w.suffixed(h)
		return false
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent, http.StatusPartialContent:
		return false
	}
	if h["Content-Encoding"] != nil || h["Content-Range"] != nil || h["Set-Cookie"] != nil {
		return false
	}
	for _, line := range h["Cache-Control"] {
		if strings.Contains(strings.ToLower(line), "no-transform") {
			return false
		}
	}
	return w.worth(h.Get("Content-Type"))
}

// worth reports whether a media type is one of text.
func (w *writer) worth(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	main, sub, _ := strings.Cut(media, "/")
	switch {
	case media == "text/event-stream":
		return false
	case main == "text" || w.types[media]:
		return true
	case main == "application" || main == "image":
		return slices.Contains([]string{"json", "xml", "yaml", "javascript", "x-ndjson", "jsonl", "json-seq", "svg+xml"}, sub) ||
			main == "application" && (strings.HasSuffix(sub, "+json") || strings.HasSuffix(sub, "+xml") || strings.HasSuffix(sub, "+yaml"))
	}
	return false
}

func (w *writer) vary() {
	h := w.Header()
	for _, line := range h["Vary"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name == "*" || strings.EqualFold(name, "Accept-Encoding") {
				return
			}
		}
	}
	h["Vary"] = append(slices.Clip(h["Vary"]), "Accept-Encoding")
}

// suffixed gives the ETag of a 304 the suffix by which the request knows it.
func (w *writer) suffixed(h http.Header) {
	tag := h.Get("ETag")
	if w.coding == identity || len(w.tags) == 0 || !strings.HasSuffix(tag, `"`) {
		return
	}
	marked := strings.TrimSuffix(tag, `"`) + w.coding.suffix() + `"`
	if slices.ContainsFunc(w.tags, func(line string) bool { return strings.Contains(line, marked) }) {
		h.Set("ETag", marked)
	}
}

// plain sends the header, and the body as it is.
func (w *writer) plain() {
	w.decided = true
	w.ResponseWriter.WriteHeader(w.status)
}

// compressed sends the header for a body in the coding of the client.
func (w *writer) compressed() {
	w.vary()
	if w.coding == identity {
		w.plain()
		return
	}
	w.decided = true
	h := w.Header()
	h.Set("Content-Encoding", w.coding.String())
	h.Del("Content-Length")
	h.Del("Accept-Ranges")
	if tag := h.Get("ETag"); strings.HasSuffix(tag, `"`) && !strings.HasPrefix(tag, "W/") {
		h.Set("ETag", strings.TrimSuffix(tag, `"`)+w.coding.suffix()+`"`)
	}
	w.ResponseWriter.WriteHeader(w.status)
	if !w.head {
		w.encoder = open(w.coding, w.ResponseWriter)
	}
}

// Write compresses the body, or passes it on.
func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		if _, ok := w.Header()["Content-Type"]; !ok {
			w.Header().Set("Content-Type", http.DetectContentType(b)) // as net/http would
		}
		w.WriteHeader(http.StatusOK)
	}
	switch {
	case w.encoder != nil:
		return w.encoder.Write(b)
	case w.decided:
		return w.ResponseWriter.Write(b)
	case len(w.held)+len(b) < w.minimum:
		w.held = append(w.held, b...)
		return len(b), nil
	}
	w.compressed()
	if err := w.release(); err != nil {
		return 0, err
	}
	return w.Write(b)
}

// release sends what was held.
func (w *writer) release() error {
	if len(w.held) == 0 {
		return nil
	}
	held := w.held
	w.held = nil
	var to io.Writer = w.ResponseWriter
	if w.encoder != nil {
		to = w.encoder
	}
	_, err := to.Write(held)
	return err
}

// ReadFrom lets the writer below copy a file without going through user space, when it is sent as it is.
func (w *writer) ReadFrom(from io.Reader) (int64, error) {
	if w.decided && w.encoder == nil {
		return io.Copy(w.ResponseWriter, from)
	}
	return io.Copy(struct{ io.Writer }{w}, from)
}

// Flush sends what was written so far.
func (w *writer) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *writer) FlushError() error {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if !w.decided {
		w.compressed()
	}
	if err := w.release(); err != nil {
		return err
	}
	if w.encoder != nil {
		if err := w.encoder.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack takes over the connection, where the writer below lets it.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status, w.decided = http.StatusSwitchingProtocols, true
	}
	return conn, rw, err
}

// finish ends a body whose handler returned.
func (w *writer) finish() {
	if w.status == 0 && w.head {
		w.WriteHeader(http.StatusOK)
	}
	if w.status != 0 && !w.decided { // it was short
		w.vary()
		w.Header().Set("Content-Length", strconv.Itoa(len(w.held)))
		w.plain()
		_ = w.release() // nobody is left to tell
	}
	if w.encoder != nil {
		_ = w.encoder.Close()
		give(w.encoder)
		w.encoder = nil
	}
}

// abandon leaves a body without its end when its handler panicked: then the client can tell.
func (w *writer) abandon() {
	if w.encoder != nil {
		give(w.encoder)
		w.encoder = nil
	}
}
