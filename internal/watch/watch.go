// Package watch lets the test kit look over the shoulder of an app. The kit puts a Watcher into the context of each
// request; the app tells it what a test must know and a client must not.
package watch

import (
	"context"
	"log/slog"
)

// Watcher is told about the requests whose context holds it. Its fields are set before the first request and may be
// called from many goroutines at once. A nil field is not called.
type Watcher struct {
	// Undeclared is called when an operation, named as "GET /users/{id}", ends with a problem that it does not declare.
	Undeclared func(operation string, err error)
	// Logger takes the place of the app's own for what it logs about a request.
	Logger *slog.Logger
}

type key struct{}

// With returns a context that holds w.
func With(ctx context.Context, w *Watcher) context.Context {
	return context.WithValue(ctx, key{}, w)
}

// From returns the Watcher of ctx; one that does nothing when there is none.
func From(ctx context.Context) *Watcher {
	if w, ok := ctx.Value(key{}).(*Watcher); ok {
		return w
	}
	return &Watcher{}
}
