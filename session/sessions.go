package session

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/problem"
)

// Sessions are those of one kind, behind one cookie. Make them with New. They are safe for concurrent use.
type Sessions[T any] struct{ core *core }

// New makes sessions whose value is a T, which is kept as JSON: by the names of its exported fields, or those of their json tags. Fields may be added
// and taken away; what cannot be read as T is an empty session.
func New[T any](cfg Config) (*Sessions[T], error) {
	cfg = withDefaults(cfg)
	err := cfg.check()
	if _, wrong := json.Marshal(*new(T)); wrong != nil {
		err = errors.Join(err, fmt.Errorf("session: %T cannot be written as JSON: %w", *new(T), wrong))
	}
	if err != nil {
		return nil, err
	}
	return &Sessions[T]{newCore(cfg)}, nil
}

// Use provides *Of[T] to the operations of the app or a group that take it, and says in the document what they read and set.
func (s *Sessions[T]) Use() tenon.Option {
	options := []tenon.Option{tenon.PerCaller(), s.core.option}
	if s.core.sealer == nil {
		options = append(options, tenon.Fails(problem.New(problem.CodeUnavailable, "")))
	}
	return tenon.Provides(s.provide, options...)
}

// lines are those of the Cookie field of a request, and the sessions that were made of them.
type lines struct {
	cookie   []string
	known    bool
	sessions []leaving
}

// leaving is a session that is to know when the header leaves; it reports whether that sets its cookie.
type leaving interface{ leave(header http.Header) bool }

// read is the middleware of the slot AfterAuth: it hands the cookies on, and says of every answer, a refusal too, what it depends on.
func read(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := tenon.Local[lines](r.Context())
		if l != nil {
			*l = lines{cookie: r.Header["Cookie"], known: true}
		}
		h := w.Header()
		if !slices.Contains(h["Vary"], "Cookie") {
			h["Vary"] = append(slices.Clip(h["Vary"]), "Cookie")
		}
		next.ServeHTTP(&answer.Writer{ResponseWriter: w, Before: l.leave}, r)
	})
}

// leave is called before the header of an answer is sent. That of a failure may be sent while the handler still runs, and has nothing of a session.
func (l *lines) leave(h http.Header, status int) {
	sets := h["Set-Cookie"] != nil && status >= http.StatusBadRequest // such as that of a range that a file does not have
	if l != nil && status < http.StatusBadRequest {
		for _, s := range l.sessions {
			sets = s.leave(h) || sets
		}
	}
	keepPrivate(h, sets)
}

// keepPrivate is for answers that do not say who may keep them: nobody, or the browser alone where it can ask whether what it has is still good. What
// sets the cookie of a session is never kept for others, whatever it says.
func keepPrivate(h http.Header, sets bool) {
	switch {
	case h["Cache-Control"] != nil:
		if sets && !private(h["Cache-Control"]) {
			h["Cache-Control"] = []string{"no-store"}
		}
	case h["Etag"] != nil || h["Last-Modified"] != nil:
		h["Cache-Control"] = []string{"private, no-cache"}
	default:
		h["Cache-Control"] = []string{"no-store"}
	}
}

// private reports whether lines of Cache-Control keep an answer from all shared caches. One that names fields, private="…", is about those alone.
func private(lines []string) bool {
	found := false
	for _, line := range lines {
		for directive := range strings.SplitSeq(line, ",") {
			switch strings.ToLower(strings.Trim(directive, " \t")) {
			case "private", "no-store":
				found = true
			case "public":
				return false
			}
		}
	}
	return found
}

var errNoRequest = errors.New("session: only a request that goes through the app has a session")

func (s *Sessions[T]) provide(ctx context.Context, _ *struct{}) (*Of[T], error) {
	l := tenon.Local[lines](ctx)
	if l == nil || !l.known {
		return nil, errNoRequest
	}
	of := &state[T]{core: s.core, ctx: ctx, now: s.core.cfg.Now()}
	before, err := s.core.load(ctx, l.cookie, of.now)
	if err != nil {
		return nil, err
	}
	if before.text != nil {
		if err := json.Unmarshal(before.text, &of.value); err != nil {
			s.core.unreadable(ctx, err)
			of.value, before = *new(T), loaded{there: true}
		}
	}
	of.before, of.text = before, before.text
	l.sessions = append(l.sessions, of)
	return &Of[T]{of}, nil
}

// unreadable tells of a session of another type, such as that of an older program. It is left to those who can read it, until it ends.
func (c *core) unreadable(ctx context.Context, err error) {
	c.cfg.Logger.WarnContext(ctx, "a session cannot be read as its type", slog.String("cookie", c.cfg.Name), slog.String("error", err.Error()))
}
