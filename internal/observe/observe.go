// Package observe lets the test kit see what the framework notices about a request and only logs otherwise.
package observe

import (
	"context"

	"github.com/tenon-go/tenon/problem"
)

type key struct{}

// Undeclared tells that an operation answered with a problem that its Fails does not list.
type Undeclared struct {
	Operation string // "GET /users/{id}"
	Problem   *problem.Error
}

// With returns a context whose requests report to see, which may be called from several goroutines.
func With(ctx context.Context, see func(Undeclared)) context.Context {
	return context.WithValue(ctx, key{}, see)
}

// From returns the function given to With, or nil.
func From(ctx context.Context) func(Undeclared) {
	see, _ := ctx.Value(key{}).(func(Undeclared))
	return see
}
