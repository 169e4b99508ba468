// Command serving is the program of the page "Serving": health, operations, deadlines, and how a service ends.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/ops"
)

// Answer says that something was done.
type Answer struct {
	Done bool `json:"done"`
}

// region: service

// service is the app and what those who run it see.
type service struct {
	app        *tenon.App
	operations http.Handler
}

func newService(logger *slog.Logger, level *slog.LevelVar) (*service, error) {
	app := tenon.New(tenon.Config{Logger: logger})
	app.Get("/fast", fast)
	app.Get("/report", report, tenon.Deadline(2*time.Minute))

	checks, err := health.New(app, health.Config{
		Checks: []health.Check{{Name: "database", Ping: ping}},
	})
	if err != nil {
		return nil, err
	}
	operations, err := ops.Handler(app, ops.Config{Readiness: checks.Details(), Level: level})
	return &service{app, operations}, err
}

// endregion: service

// region: main
func main() {
	var level slog.LevelVar
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: &level}))
	s, err := newService(logger, &level)
	if err == nil {
		err = tenon.Serve(context.Background(), s.app, tenon.ServerConfig{
			Addr:           "127.0.0.1:8080",
			Operations:     s.operations,
			OperationsAddr: "127.0.0.1:8081",
		})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(tenon.ExitCode(err))
}

// endregion: main

// region: handlers

func fast(context.Context, *struct{}) (*Answer, error) { return &Answer{true}, nil }

// report hands its context on, so that what it waits for ends with it.
func report(ctx context.Context, _ *struct{}) (*Answer, error) {
	if err := ping(ctx); err != nil {
		return nil, err
	}
	return &Answer{true}, nil
}

// endregion: handlers

// ping stands for a question to a database.
func ping(ctx context.Context) error { return ctx.Err() }
