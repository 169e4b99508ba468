package tenon

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/internal/record"
)

// RequestID returns the id of the request that ctx belongs to, a UUID of version 7, as it stands in the access log, in the
// field X-Request-Id and in the instance of a problem; "" outside a request.
func RequestID(ctx context.Context) string {
	if rec := record.From(ctx); rec != nil {
		return rec.ID
	}
	return ""
}

// accessLog gives each request an id and writes one line when it is answered.
func accessLog(next http.Handler, logger *slog.Logger, now func() time.Time, open *streams) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := now()
		rec := &record.Record{ID: uuid.NewV7().String(), Start: start, Streams: open}
		w.Header()["X-Request-Id"] = []string{rec.ID}
		tracked := &tracker{ResponseWriter: w}
		finished := false
		defer func() {
			status := tracked.status
			if !finished {
				status = 0 // the connection is cut
			}
			logger.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelInfo, "request",
				slog.String("method", r.Method), slog.String("route", rec.Route), slog.Int("status", status),
				slog.Duration("duration", now().Sub(start)), slog.Int64("bytes", tracked.bytes), slog.String("request_id", rec.ID))
		}()
		next.ServeHTTP(tracked, r.WithContext(record.With(r.Context(), rec)))
		if tracked.status == 0 {
			tracked.status = http.StatusOK
		}
		finished = true
	})
}

// tracker remembers what was answered. http.ResponseController reaches the writer below through Unwrap.
type tracker struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (t *tracker) started() bool { return t.status != 0 }

// Unwrap is for http.ResponseController.
func (t *tracker) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// WriteHeader remembers the first status that is final.
func (t *tracker) WriteHeader(status int) {
	if t.status == 0 && status >= http.StatusOK {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes of the body.
func (t *tracker) Write(b []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	n, err := t.ResponseWriter.Write(b)
	t.bytes += int64(n)
	return n, err
}

// ReadFrom lets the writer below copy a file without going through user space.
func (t *tracker) ReadFrom(from io.Reader) (int64, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	n, err := io.Copy(t.ResponseWriter, from)
	t.bytes += n
	return n, err
}

// Hijack takes over the connection, where the writer below lets it.
func (t *tracker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err == nil && t.status == 0 {
		t.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

// Flush sends what was written so far, where the writer below can.
func (t *tracker) Flush() { _ = t.FlushError() }

// FlushError is Flush for http.ResponseController, which wants to know.
func (t *tracker) FlushError() error {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	return http.NewResponseController(t.ResponseWriter).Flush()
}
