// Package observe lets the test kit see what the framework does about a request and nobody else sees: what is only logged, and
// when the work after the answer is done.
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

// Finding tells of something that is wrong with the program.
type Finding struct {
	Operation string // "GET /users/{id}"
	Code      string
	Message   string
}

type findings struct{}

// WithFindings returns a context whose requests report findings to see, which may be called from several goroutines.
func WithFindings(ctx context.Context, see func(Finding)) context.Context {
	return context.WithValue(ctx, findings{}, see)
}

// Findings returns the function given to WithFindings, or nil.
func Findings(ctx context.Context) func(Finding) {
	see, _ := ctx.Value(findings{}).(func(Finding))
	return see
}

type waits struct{}

// Wait returns a context whose requests do the work given to tenon.After before they return.
func Wait(ctx context.Context) context.Context { return context.WithValue(ctx, waits{}, true) }

// Waits reports whether ctx is of Wait.
func Waits(ctx context.Context) bool { return ctx.Value(waits{}) != nil }

type shared struct{}

// Share returns a context with which several holders start and stop one app: it stops with the last of them.
func Share(ctx context.Context) context.Context { return context.WithValue(ctx, shared{}, true) }

// IsShared reports whether ctx is of Share.
func IsShared(ctx context.Context) bool { return ctx.Value(shared{}) != nil }
