package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// lines are what a logger wrote.
type lines struct{ bytes.Buffer }

func (l *lines) logger(level slog.Leveler) *slog.Logger {
	return slog.New(middleware.LogHandler(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: level})))
}

// only returns the one line that was written.
func (l *lines) only(t *testing.T) map[string]any {
	t.Helper()
	var line map[string]any
	if err := json.Unmarshal(l.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q", err, l.String())
	}
	return line
}

// ticking is a clock that goes on by a second with each look.
func ticking() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

func TestSD159UV08AccessLogWritesOneLine(t *testing.T) {
	t.Parallel()
	var out lines
	h := chained(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		rec := record.From(r.Context())
		rec.Route, rec.Principal, rec.Version, rec.Event = "/users/{id}", "user 7", "v2", "authz_fail"
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "four")
	}, forwarded(middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8")}), requestID, func() (middleware.Middleware, error) {
		return middleware.AccessLog(middleware.AccessLogConfig{Logger: out.logger(nil), Now: ticking()})
	})
	r := httptest.NewRequest(http.MethodPost, "/users/7?token=secret-marker", strings.NewReader("secret-marker"))
	r.RemoteAddr = proxy
	r.Header = fields("X-Forwarded-For: 203.0.113.9", "X-Request-Id: abc", "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"Authorization: Bearer secret-marker", "Cookie: session=secret-marker", "User-Agent: secret-marker", "Referer: http://secret-marker/")
	h.ServeHTTP(httptest.NewRecorder(), r)
	want := map[string]any{
		"time": "2026-01-02T03:04:07Z", "level": "WARN", "msg": "request", "method": "POST", "route": "/users/{id}", "status": 202.0, "duration": 1e9,
		"bytes_in": 13.0, "bytes": 4.0, "client": client, "principal": "user 7", "version": "v2", "request_id": "abc", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
		"event": "authz_fail",
	}
	if got := out.only(t); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if strings.Contains(out.String(), "secret-marker") {
		t.Errorf("the line tells a secret: %s", out.String())
	}
}

func TestAccessLogSaysHowARequestEnded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		h      http.HandlerFunc
		status float64
		level  string
	}{
		{"without a word", func(http.ResponseWriter, *http.Request) {}, 200, "INFO"},
		{"by a body alone", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, 200, "INFO"},
		{"by a flush alone", func(w http.ResponseWriter, _ *http.Request) { _ = http.NewResponseController(w).Flush() }, 200, "INFO"},
		{"after an early hint", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(204) }, 204, "INFO"},
		{"by a problem of the client", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, 404, "INFO"},
		{"by a client that left", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(499) }, 499, "INFO"},
		{"by a failure", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, 500, "WARN"},
		{"by a second status, which does not count", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); w.WriteHeader(200) }, 500, "WARN"},
		{"by a cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "WARN"},
		{"by a file", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("file")) }, 200, "INFO"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out lines
			h := chained(t, tt.h, func() (middleware.Middleware, error) {
				return middleware.AccessLog(middleware.AccessLogConfig{Logger: out.logger(nil)})
			})
			func() {
				defer func() { _ = recover() }()
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			}()
			if line := out.only(t); line["status"] != tt.status || line["level"] != tt.level {
				t.Errorf("%v, want %v at %s", line, tt.status, tt.level)
			}
		})
	}
}

func TestAccessLogCutsLongFields(t *testing.T) {
	t.Parallel()
	var out lines
	h := chained(t, func(_ http.ResponseWriter, r *http.Request) {
		record.From(r.Context()).Principal = strings.Repeat("ä", 4000)
	}, func() (middleware.Middleware, error) {
		return middleware.AccessLog(middleware.AccessLogConfig{Logger: slog.New(slog.NewJSONHandler(&out, nil))})
	})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Method = strings.Repeat("X", 10_000)
	h.ServeHTTP(httptest.NewRecorder(), r)
	line := out.only(t)
	for _, name := range []string{"method", "principal"} {
		text, _ := line[name].(string)
		if len(text) > 4096 || len(text) < 4090 || !strings.HasSuffix(text, "…") || strings.ContainsRune(text, '�') {
			t.Errorf("%s has %d bytes and ends with %q", name, len(text), text[max(0, len(text)-6):])
		}
	}
}

func TestLogHandler(t *testing.T) {
	t.Parallel()
	rec := record.New()
	rec.ID, rec.TraceID = "abc", "def"
	inside := record.With(t.Context(), rec)
	for _, tt := range []struct {
		name string
		ctx  context.Context //nolint:containedctx // It is what the case is about.
		log  func(context.Context, *slog.Logger)
		want string
	}{
		{"adds the ids of a request", inside, func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "a", 1) }, `{"level":"INFO","msg":"m","a":1,"request_id":"abc","trace_id":"def"}`},
		{"adds nothing outside a request", t.Context(), func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "a", 1) }, `{"level":"INFO","msg":"m","a":1}`},
		{"adds no second id", inside, func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "m", "request_id", "own") }, `{"level":"INFO","msg":"m","request_id":"own"}`},
		{"adds them after attributes", inside, func(ctx context.Context, l *slog.Logger) { l.With("b", 2).InfoContext(ctx, "m") }, `{"level":"INFO","msg":"m","b":2,"request_id":"abc","trace_id":"def"}`},
		{
			"adds them at the top of groups", inside,
			func(ctx context.Context, l *slog.Logger) {
				l.With("b", 2).WithGroup("g").With("c", 3).WithGroup("").WithGroup("h").InfoContext(ctx, "m", "a", 1)
			},
			`{"level":"INFO","msg":"m","b":2,"request_id":"abc","trace_id":"def","g":{"c":3,"h":{"a":1}}}`,
		},
		{"leaves groups alone outside a request", t.Context(), func(ctx context.Context, l *slog.Logger) { l.WithGroup("g").InfoContext(ctx, "m", "a", 1) }, `{"level":"INFO","msg":"m","g":{"a":1}}`},
		{"cuts texts", t.Context(), func(ctx context.Context, l *slog.Logger) {
			l.InfoContext(ctx, "m", "a", strings.Repeat("x", 5000), "b", 1)
		}, `{"level":"INFO","msg":"m","a":"` + strings.Repeat("x", 4093) + `…","b":1}`},
		{"cuts errors, texts in groups and those of With", t.Context(), func(ctx context.Context, l *slog.Logger) {
			long := strings.Repeat("x", 5000)
			l.With("a", long).InfoContext(ctx, "m", "b", errors.New(long), slog.Group("g", "c", long, "d", 1), "e", (*net.OpError)(nil))
		}, strings.ReplaceAll(`{"level":"INFO","msg":"m","a":"L","b":"L","g":{"c":"L","d":1},"e":"<nil>"}`, "L", strings.Repeat("x", 4093)+"…")},
		{"cuts the message", t.Context(), func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, strings.Repeat("x", 5000)) }, `{"level":"INFO","msg":"` + strings.Repeat("x", 4093) + `…"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			untimed := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey && len(groups) == 0 {
					return slog.Attr{}
				}
				return a
			}}
			tt.log(tt.ctx, slog.New(middleware.LogHandler(slog.NewJSONHandler(&out, untimed))))
			if got := strings.TrimSpace(out.String()); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestLogHandlerTellsTimesInUTC(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("there", -5*60*60))
	for _, line := range []slog.Record{slog.NewRecord(noon, slog.LevelInfo, "m", 0), slog.NewRecord(noon, slog.LevelInfo, strings.Repeat("m", 5<<10), 0)} {
		out.Reset()
		if err := middleware.LogHandler(slog.NewJSONHandler(&out, nil)).Handle(t.Context(), line); err != nil || !strings.HasPrefix(out.String(), `{"time":"2026-03-01T17:00:00Z",`) {
			t.Errorf("%.80s, %v", out.String(), err)
		}
	}
}

func TestLogHandlerKeepsLoggersApart(t *testing.T) {
	t.Parallel()
	var out lines
	group := out.logger(nil).WithGroup("g")
	one, two := group.With("a", 1), group.With("b", 2)
	ctx := record.With(t.Context(), record.New())
	one.InfoContext(ctx, "m")
	two.InfoContext(ctx, "m")
	texts := slices.Collect(strings.Lines(out.String()))
	if len(texts) != 2 || strings.Contains(texts[0], `"b"`) || strings.Contains(texts[1], `"a"`) {
		t.Errorf("%q", texts)
	}
}

func TestLevelsChangeWhileTheProcessRuns(t *testing.T) {
	t.Parallel()
	var out lines
	var level slog.LevelVar
	level.Set(slog.LevelError)
	h := chained(t, func(http.ResponseWriter, *http.Request) {}, func() (middleware.Middleware, error) {
		return middleware.AccessLog(middleware.AccessLogConfig{Logger: out.logger(&level)})
	})
	call := func() int {
		out.Reset()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		return out.Len()
	}
	if call() != 0 {
		t.Error("a line below the level")
	}
	level.Set(slog.LevelInfo)
	if call() == 0 {
		t.Error("no line at the level")
	}
}
