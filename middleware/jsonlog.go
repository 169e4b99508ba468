package middleware

import (
	"context"
	"encoding/json/jsontext"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/record"
)

// JSONLog is a handler of log/slog for a service: one JSON object a line, as slog.JSONHandler writes it, with the time in UTC, and with
// what LogHandler does: request_id and trace_id, and no text of more than 4 KiB.
//
// Lines are kept, at most 1 MiB of them, and written within 10 ms by another goroutine; those of level Error and above, and those with groups or with values of
// other kinds than texts, integers, booleans and durations, at once. So a reader of the log that is
// slow or gone holds up no request: lines that find no room are dropped, and how many is a line of its own. Flush writes what is kept,
// before the process ends. It is safe for concurrent use.
type JSONLog struct {
	level  slog.Leveler
	to     *lines
	prefix []byte       // of the attributes of With
	rest   slog.Handler // for groups, and for values that are not plain
}

// NewJSONLog makes a handler that writes lines of a level or above; nil is Info.
func NewJSONLog(w io.Writer, level slog.Leveler) *JSONLog {
	if level == nil {
		level = slog.LevelInfo
	}
	to := &lines{to: w}
	return &JSONLog{level: level, to: to, rest: LogHandler(slog.NewJSONHandler(to, &slog.HandlerOptions{Level: level}))}
}

// Flush writes what is kept. It waits for that at most for a time, and reports whether all is written.
func (h *JSONLog) Flush(wait time.Duration) bool { return h.to.flush(wait) }

// Enabled reports whether lines of a level are written.
func (h *JSONLog) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level.Level() }

// WithAttrs returns a handler whose lines have the attributes.
func (h *JSONLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	rest := h.rest.WithAttrs(attrs)
	prefix := slices.Clip(h.prefix)
	for _, a := range attrs {
		if !plain(a) || a.Key == "request_id" {
			return rest
		}
		prefix = appendAttr(prefix, a)
	}
	return &JSONLog{h.level, h.to, prefix, rest}
}

// WithGroup returns a handler that opens a group.
func (h *JSONLog) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.rest.WithGroup(name)
}

// Handle writes a line.
func (h *JSONLog) Handle(ctx context.Context, line slog.Record) error {
	var room [16]slog.Attr
	attrs := room[:0]
	line.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	if !slices.ContainsFunc(attrs, func(a slog.Attr) bool { return !plain(a) }) {
		h.line(ctx, line.Time, line.Level, line.Message, attrs)
		return nil
	}
	return h.rest.Handle(ctx, line)
}

//nolint:gochecknoglobals // a pool of buffers holds nothing that a program can see
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// line writes a line of plain attributes.
func (h *JSONLog) line(ctx context.Context, at time.Time, level slog.Level, message string, attrs []slog.Attr) {
	room, _ := rooms.Get().(*[]byte)
	b := (*room)[:0]
	b = append(b, '{')
	if !at.IsZero() {
		b = append(b, `"time":"`...)
		b = at.UTC().AppendFormat(b, time.RFC3339Nano)
		b = append(b, `",`...)
	}
	b = append(b, `"level":"`...)
	b = append(b, level.String()...)
	b = append(b, `","msg":`...)
	b = appendText(b, message)
	b = append(b, h.prefix...)
	named := false
	for _, a := range attrs {
		named = named || a.Key == "request_id"
		b = appendAttr(b, a)
	}
	if rec := record.From(ctx); rec != nil && !named {
		b = appendAttr(b, slog.String("request_id", rec.ID))
		if rec.TraceID != "" {
			b = appendAttr(b, slog.String("trace_id", rec.TraceID))
		}
	}
	b = append(b, '}', '\n')
	if level < slog.LevelError {
		h.to.add(b, lineDelay)
	} else {
		h.to.add(b, 0)
	}
	if *room = b; cap(b) <= 16<<10 {
		rooms.Put(room)
	}
}

// plain reports whether appendAttr can write an attribute.
func plain(a slog.Attr) bool {
	switch a.Value.Kind() {
	case slog.KindString, slog.KindInt64, slog.KindUint64, slog.KindBool, slog.KindDuration:
		return a.Key != ""
	default:
		return false
	}
}

// appendAttr writes a plain attribute after others.
func appendAttr(b []byte, a slog.Attr) []byte {
	b = append(b, ',')
	b = appendText(b, a.Key)
	b = append(b, ':')
	switch v := a.Value; v.Kind() {
	case slog.KindInt64:
		return strconv.AppendInt(b, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(b, v.Uint64(), 10)
	case slog.KindBool:
		return strconv.AppendBool(b, v.Bool())
	case slog.KindDuration:
		return strconv.AppendInt(b, int64(v.Duration()), 10)
	default:
		return appendText(b, v.String())
	}
}

// appendText writes a text as JSON, cut where it is too long; bytes that are no UTF-8 become U+FFFD.
func appendText(b []byte, text string) []byte {
	text = cut(text)
	if ascii.Plain(text) == len(text) { // nearly all are
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"')
	}
	b, _ = jsontext.AppendQuote(b, text)
	return b
}
