package middleware

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/problem"
)

// RecoverConfig describes Recover.
type RecoverConfig struct {
	// Logger receives what a handler panicked with, and where. Default slog.Default().
	Logger *slog.Logger
}

// Recover answers a panic with 500, without a word about the cause, which is logged. When an answer has begun it cuts the connection,
// so that the client sees that the body is not whole. An app recovers by itself, what is mounted in it included.
func Recover(cfg RecoverConfig) (Middleware, error) {
	logger := cmp.Or(cfg.Logger, slog.Default())
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, rec := record.Of(r)
			tracked, ok := w.(*answer.Writer)
			if !ok {
				tracked = &answer.Writer{ResponseWriter: w}
			}
			defer func() {
				reason := recover()
				if reason == nil {
					return
				}
				if err, ok := reason.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(http.ErrAbortHandler)
				}
				logger.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelError, "panic", slog.String("route", rec.Route),
					slog.String("request_id", rec.ID), slog.String("error", fmt.Sprintf("%v\n%s", reason, debug.Stack())))
				if tracked.Started() {
					panic(http.ErrAbortHandler)
				}
				problem.Write(tracked, r, problem.New(problem.CodeInternal, ""))
			}()
			next.ServeHTTP(tracked, r)
		})
	}, nil
}
