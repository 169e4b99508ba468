package middleware_test

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"errors"
	"io"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// objects reads lines of JSON.
func objects(t *testing.T, text []byte) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range bytes.Lines(text) {
		var one map[string]any
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, one)
	}
	return all
}

func TestJSONLogKeepsWhatHandlersPromise(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := middleware.NewJSONLog(&out, nil)
	err := slogtest.TestHandler(log, func() []map[string]any {
		if !log.Flush(time.Minute) {
			t.Error("Flush = false")
		}
		return objects(t, out.Bytes())
	})
	if err != nil {
		t.Error(err)
	}
}

// TestJSONLogWritesWhatSlogWrites compares it with the handler of the standard library.
func TestJSONLogWritesWhatSlogWrites(t *testing.T) {
	t.Parallel()
	ctx := record.With(t.Context(), &record.Record{ID: "the id", TraceID: "the trace"})
	for name, log := range map[string]func(*slog.Logger){
		"plain": func(l *slog.Logger) {
			l.LogAttrs(ctx, slog.LevelInfo, "said", slog.String("s", "a"), slog.Int("i", -3), slog.Uint64("u", math.MaxUint64),
				slog.Bool("b", true), slog.Duration("d", time.Second))
		},
		"nothing":          func(l *slog.Logger) { l.WarnContext(ctx, "") },
		"signs":            func(l *slog.Logger) { l.InfoContext(ctx, "a\"\\\n\x00\u2028<é", "k\"", "</script>\x7f") },
		"no UTF-8":         func(l *slog.Logger) { l.InfoContext(ctx, "\xff", "k\xfe", "\xc3(") },
		"an id of its own": func(l *slog.Logger) { l.InfoContext(ctx, "m", "request_id", "mine") },
		"outside":          func(l *slog.Logger) { l.Info("m") },
		"a level of its own": func(l *slog.Logger) {
			l.Log(ctx, slog.LevelError+2, "m")
		},
		"long texts": func(l *slog.Logger) {
			l.InfoContext(ctx, strings.Repeat("é", 4000), "k", strings.Repeat("é", 4000))
		},
		"an error": func(l *slog.Logger) { l.ErrorContext(ctx, "m", "error", errors.New("broken"), "n", 1) },
		"floats":   func(l *slog.Logger) { l.InfoContext(ctx, "m", "x", 1.5, "y", math.Inf(1)) },
		"a value":  func(l *slog.Logger) { l.InfoContext(ctx, "m", "v", map[string]int{"a": 1}) },
		"an empty attribute": func(l *slog.Logger) {
			l.LogAttrs(ctx, slog.LevelInfo, "m", slog.Attr{}, slog.String("k", "v"))
		},
		"a group":         func(l *slog.Logger) { l.InfoContext(ctx, "m", slog.Group("g", "a", 1)) },
		"with":            func(l *slog.Logger) { l.With("a", 1, "b", "x").InfoContext(ctx, "m", "c", 2) },
		"with a value":    func(l *slog.Logger) { l.With("a", 1.5).InfoContext(ctx, "m", "c", 2) },
		"with an id":      func(l *slog.Logger) { l.With("request_id", "mine").InfoContext(ctx, "m") },
		"with a group":    func(l *slog.Logger) { l.WithGroup("g").With("a", 1).InfoContext(ctx, "m", "c", 2) },
		"below the level": func(l *slog.Logger) { l.DebugContext(ctx, "m") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got, want bytes.Buffer
			ours := middleware.NewJSONLog(&got, slog.LevelInfo)
			log(slog.New(ours))
			ours.Flush(time.Minute)
			log(slog.New(middleware.LogHandler(slog.NewJSONHandler(&want, nil))))
			one, other := objects(t, got.Bytes()), objects(t, want.Bytes())
			for _, line := range append(one, other...) {
				if at, _ := line["time"].(string); at == "" {
					t.Error("a line has no time")
				}
				delete(line, "time")
			}
			if !reflect.DeepEqual(one, other) {
				t.Errorf("it writes\n%v, want\n%v", one, other)
			}
		})
	}
}

func TestJSONLogSaysUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("", 3600))
	for name, attr := range map[string]slog.Attr{"plain": slog.Int("a", 1), "not plain": slog.Float64("a", 1)} {
		var out bytes.Buffer
		log := middleware.NewJSONLog(&out, nil)
		line := slog.NewRecord(at, slog.LevelInfo, "m", 0)
		line.AddAttrs(attr)
		if err := log.Handle(t.Context(), line); err != nil {
			t.Error(err)
		}
		log.Flush(time.Minute)
		if got := objects(t, out.Bytes())[0]["time"]; got != "2026-01-02T02:04:05.000006Z" {
			t.Errorf("%s: time %v, want UTC", name, got)
		}
	}
}

// blocked is a reader of a log that takes nothing until it is opened.
type blocked struct {
	open chan struct{}

	mu  sync.Mutex
	out bytes.Buffer
}

func (b *blocked) Write(p []byte) (int, error) {
	<-b.open
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

// TestJSONLogDropsAndCounts has a reader that takes nothing: nobody waits for it, and what found no room is counted.
func TestJSONLogDropsAndCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sink := &blocked{open: make(chan struct{})}
		log := middleware.NewJSONLog(sink, nil)
		const said = 4000
		for range said {
			slog.New(log).Error("m", "text", strings.Repeat("x", 1000))
		}
		if log.Flush(time.Second) {
			t.Error("Flush = true with a reader that takes nothing")
		}
		close(sink.open)
		if !log.Flush(time.Second) {
			t.Error("Flush = false with a reader that takes all")
		}
		lines := objects(t, sink.out.Bytes())
		dropped, reports := 0.0, 0 // one, unless the writer came to a full buffer before it was held up
		for _, line := range lines {
			if n, ok := line["lines"].(float64); ok {
				dropped += n
				reports++
			}
		}
		if dropped < said/2 || int(dropped)+len(lines)-reports != said {
			t.Errorf("%d lines and %v that were dropped, %d of the lines saying so, want %d in all", len(lines), dropped, reports, said)
		}
	})
}

// TestJSONLogWritesSoon looks when lines are written that nobody flushes.
func TestJSONLogWritesSoon(t *testing.T) {
	t.Parallel()
	for name, log := range map[string]struct {
		say   func(*slog.Logger)
		after time.Duration
	}{
		"information":                {func(l *slog.Logger) { l.Info("m", "x", 1) }, 10 * time.Millisecond},
		"a warning":                  {func(l *slog.Logger) { l.Warn("m", "x", 1) }, 10 * time.Millisecond},
		"an error":                   {func(l *slog.Logger) { l.Error("m", "x", 1) }, 0},
		"an error with a cause":      {func(l *slog.Logger) { l.With("cause", io.EOF).Error("m") }, 0},
		"an error in a group":        {func(l *slog.Logger) { l.WithGroup("g").Error("m", "x", 1) }, 0},
		"a value that is not plain":  {func(l *slog.Logger) { l.Info("m", "x", 1.5) }, 0},
		"more than is kept for long": {func(l *slog.Logger) { l.Info("m", "x", []string{strings.Repeat("x", 2<<20)}) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				logger := slog.New(middleware.NewJSONLog(&out, nil))
				for range 3 {
					out.Reset()
					log.say(logger)
					<-time.After(log.after)
					synctest.Wait()
					if len(objects(t, out.Bytes())) != 1 {
						t.Errorf("after %v there is %q, want a line", log.after, out.String())
					}
				}
			})
		})
	}
}

// TestJSONLogOfManyWriters loses nothing and mixes nothing.
func TestJSONLogOfManyWriters(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := middleware.NewJSONLog(&out, nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 200 {
				slog.New(log).InfoContext(context.Background(), "m", "i", i, "text", strings.Repeat("x", 200))
			}
		})
	}
	all.Wait()
	if log.Flush(time.Minute); len(objects(t, out.Bytes())) != 1600 {
		t.Errorf("%d lines, want 1600", len(objects(t, out.Bytes())))
	}
}
