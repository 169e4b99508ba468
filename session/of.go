package session

import (
	"context"
	"errors"
	"net/http"

	"github.com/tenon-go/tenon/internal/last"
)

// Errors of Change, found by errors.Is. Handlers need not tell them apart: each is a mistake of the program, and answered 500.
var (
	// ErrTooLarge is a value that has no room: in a cookie of MaxCookie bytes, or in MaxStored bytes of a Store.
	ErrTooLarge = errors.New("session: the value is too large")
	// ErrAnswered is a change that comes when the header of the answer was made, such as in a stream.
	ErrAnswered = errors.New("session: the answer has begun; change the session before the handler returns")
)

// Of is the session of a request, which handlers take as a field *Of[T] tagged dep:"". The zero value is an empty session that is kept nowhere, for the
// tests of handlers. What is changed is kept when the handler and all that it was provided with succeed, such as a commit; of an answer that is sent piece
// by piece, when its header leaves. Copies are the same session. It is not safe for concurrent use.
type Of[T any] struct{ of *state[T] }

func (s *Of[T]) state() *state[T] {
	if s.of == nil {
		s.of = &state[T]{}
	}
	return s.of
}

// Value is what is kept; the zero value of T in an empty session. What it refers to is not to be changed but by Change.
func (s *Of[T]) Value() T { return s.state().value }

// Empty reports whether nothing is kept yet: the browser is new, its session has ended, or what it sent counts for nothing.
func (s *Of[T]) Empty() bool { return s.state().text == nil }

// Change changes the value. In an empty session fn gets the zero value, and a session begins. fn works on a copy and may be called again, on what
// another request has made of the session meanwhile, so it does nothing else. On an error nothing has changed; it is ErrTooLarge, ErrAnswered, or why
// the value cannot be written as JSON.
func (s *Of[T]) Change(fn func(*T)) error { return s.state().change(fn) }

// Renew gives the session a new id, and a new Absolute time. Call it when what the browser may do changes, such as when somebody signs in: an id that
// somebody planted or saw before is worth nothing then (session fixation). An empty session stays as it is: it gets a new id anyway. With a Store, one
// that another request has ended meanwhile stays ended, and what this request changed is gone with it.
func (s *Of[T]) Renew() { s.state().renew() }

// Destroy ends the session: what was kept is gone, and the browser is told to forget the cookie. Without a Store, a copy of the cookie is good until it
// ends by itself. A Change after it begins another session.
func (s *Of[T]) Destroy() { s.state().destroy() }

// AnswerHeader sets the cookie where something changed. The framework calls it.
func (s *Of[T]) AnswerHeader(h http.Header) { s.state().answer(h) }

// Finish brings the store up to date, when all is well. The framework calls it.
func (s *Of[T]) Finish(ctx context.Context, err error) error { return s.state().finish(ctx, err) }

// FinishesLast has the framework call Finish after that of all other values, wherever the field stands.
func (s *Of[T]) FinishesLast(last.Mark) {}

// NeverEncode marks the type: an output that contains it is refused at start.
func (Of[T]) NeverEncode() {}
