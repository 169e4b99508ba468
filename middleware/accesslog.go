package middleware

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
)

// AccessLogConfig describes AccessLog.
type AccessLogConfig struct {
	// Logger receives the lines. Default slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
}

// AccessLog writes one line when a request is answered: method, route, status, duration, the bytes of both bodies, client, principal,
// request id, trace id and version, as far as they are known, and the security event that it was, in OWASP's vocabulary: authn_login_fail,
// authn_token_reuse or authz_fail. It never holds a query string, a header field, a cookie or a body.
//
// The status 0 means that the connection was cut, 499 that the client left. Answers of 500 and above, cut connections and security events have the
// level Warn, all others Info.
func AccessLog(cfg AccessLogConfig) (Middleware, error) {
	logger, now := cmp.Or(cfg.Logger, slog.Default()), cfg.Now
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, rec := record.Of(r)
			s := seen{start: rec.Start, answer: rec.Watch(w, &rec.Place)}
			if now != nil {
				s.start = now()
			}
			r.Body, s.body = answer.WatchBody(r.Body, &rec.Place)
			defer s.log(r, rec, logger, now)
			next.ServeHTTP(s.answer, r)
			s.whole = true
		})
	}, nil
}

// seen is what was read and written for one request.
type seen struct {
	answer *answer.Writer
	body   *answer.Body // nil is none
	start  time.Time
	whole  bool // the handler returned
}

const (
	statusClientLeft = 499
	maxField         = 4 << 10 // bytes of a field of a line
)

func (s *seen) log(r *http.Request, rec *record.Record, logger *slog.Logger, now func() time.Time) {
	status, level := s.answer.Status, slog.LevelInfo
	switch {
	case !s.whole:
		status = 0 // the connection is cut
	case status == 0:
		status = http.StatusOK
	}
	if status == 0 || status >= http.StatusInternalServerError || rec.Event != "" {
		level = slog.LevelWarn
	}
	ctx := r.Context()
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // a handler of logs may look at it
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	end := s.start.Add(time.Since(s.start)) // the monotonic clock alone costs half of time.Now
	if now != nil {
		end = now()
	}
	var received int64
	if s.body != nil {
		received = s.body.Bytes
	}
	var room [12]slog.Attr
	attrs := append(room[:0],
		slog.String("method", cut(r.Method)), slog.String("route", rec.Route), slog.Int("status", status),
		slog.Duration("duration", end.Sub(s.start)), slog.Int64("bytes_in", received), slog.Int64("bytes", s.answer.Bytes))
	if rec.Client.IsValid() {
		attrs = append(attrs, slog.String("client", client(rec.Client, r.RemoteAddr)))
	}
	for _, field := range [...]struct{ name, value string }{
		{"principal", rec.Principal}, {"version", rec.Version}, {"request_id", rec.ID}, {"trace_id", rec.TraceID}, {"event", rec.Event},
	} {
		if field.value != "" {
			attrs = append(attrs, slog.String(field.name, cut(field.value)))
		}
	}
	if own, ok := logger.Handler().(*JSONLog); ok {
		own.line(ctx, end, level, "request", attrs) // without a slog.Record, which would take them to the heap
		return
	}
	line := slog.NewRecord(end, level, "request", 0)
	line.AddAttrs(attrs...)
	_ = logger.Handler().Handle(ctx, line) // there is nobody to tell
}

// client is the text of an address: the beginning of peer, where it begins so, which spares a copy.
func client(a netip.Addr, peer string) string {
	var room [48]byte
	text := a.AppendTo(room[:0])
	if strings.HasPrefix(peer, string(text)) {
		return peer[:len(text)]
	}
	return string(text)
}
