package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/record"
)

// LogHandler wraps a handler of log/slog so that what an application logs with the context of a request carries request_id and
// trace_id, at the top level whatever groups are open, its time is that of UTC, and no text of a line is longer than 4 KiB.
//
//	var level slog.LevelVar // level.Set(slog.LevelDebug) changes it while the process runs
//	logger := slog.New(middleware.LogHandler(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: &level})))
func LogHandler(next slog.Handler) slog.Handler { return &logHandler{root: next, open: next} }

// logHandler keeps the handler from before the first group, to which ids are added, and how to come from it to the open one.
type logHandler struct {
	root  slog.Handler
	open  slog.Handler
	steps []func(slog.Handler) slog.Handler // from root to open; the first opens a group
	named bool                              // its lines have a request_id already
}

// Enabled asks the handler below.
func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.open.Enabled(ctx, level)
}

// Handle adds what the record of the request says.
func (h *logHandler) Handle(ctx context.Context, line slog.Record) error {
	line = cutLong(line)
	line.Time = line.Time.UTC()
	rec := record.From(ctx)
	if rec == nil || h.named || says(line, "request_id") {
		return h.open.Handle(ctx, line)
	}
	ids := []slog.Attr{slog.String("request_id", rec.ID)}
	if rec.TraceID != "" {
		ids = append(ids, slog.String("trace_id", rec.TraceID))
	}
	if len(h.steps) == 0 {
		line = line.Clone()
		line.AddAttrs(ids...)
		return h.open.Handle(ctx, line)
	}
	handler := h.root.WithAttrs(ids)
	for _, step := range h.steps {
		handler = step(handler)
	}
	return handler.Handle(ctx, line)
}

// WithAttrs returns a handler whose lines have the attributes.
func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	short := make([]slog.Attr, len(attrs))
	named := h.named
	for i, a := range attrs {
		short[i] = shortened(a)
		named = named || len(h.steps) == 0 && a.Key == "request_id"
	}
	step := func(to slog.Handler) slog.Handler { return to.WithAttrs(short) }
	if len(h.steps) == 0 {
		next := step(h.root)
		return &logHandler{root: next, open: next, named: named}
	}
	return h.step(step)
}

// WithGroup returns a handler that opens a group.
func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.step(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}

func (h *logHandler) step(step func(slog.Handler) slog.Handler) slog.Handler {
	return &logHandler{root: h.root, open: step(h.open), steps: append(slices.Clip(h.steps), step), named: h.named}
}

func says(line slog.Record, key string) bool {
	found := false
	line.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}

// cutLong returns a line without texts that are too long.
func cutLong(line slog.Record) slog.Record {
	some := len(line.Message) > maxField
	line.Attrs(func(a slog.Attr) bool {
		some = some || long(a.Value)
		return !some
	})
	if !some {
		return line
	}
	short := slog.NewRecord(line.Time, line.Level, cut(line.Message), line.PC)
	line.Attrs(func(a slog.Attr) bool {
		short.AddAttrs(shortened(a))
		return true
	})
	return short
}

// long reports whether a value is or holds a text that is too long: of an error too, and within groups.
func long(v slog.Value) bool {
	v = v.Resolve()
	switch v.Kind() {
	case slog.KindString:
		return len(v.String()) > maxField
	case slog.KindGroup:
		return slices.ContainsFunc(v.Group(), func(a slog.Attr) bool { return long(a.Value) })
	case slog.KindAny:
		err, ok := v.Any().(error)
		return ok && len(fmt.Sprint(err)) > maxField
	default:
		return false
	}
}

// shortened is an attribute without texts that are too long.
func shortened(a slog.Attr) slog.Attr {
	if !long(a.Value) {
		return a
	}
	v := a.Value.Resolve()
	if v.Kind() != slog.KindGroup {
		return slog.String(a.Key, cut(fmt.Sprint(v.Any())))
	}
	group := make([]slog.Attr, len(v.Group()))
	for i, inner := range v.Group() {
		group[i] = shortened(inner)
	}
	return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
}

// cut shortens a text at the end of a character.
func cut(text string) string {
	if len(text) <= maxField {
		return text
	}
	end := maxField - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
