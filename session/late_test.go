package session_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/session"
	"github.com/tenon-go/tenon/tenontest"
)

// TestWhatComesTooLateIsAFinding ends and renews a session while its answer is a stream that has begun: neither happens, and the log says so.
func TestWhatComesTooLateIsAFinding(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		var log bytes.Buffer
		sessions := newSessions(t, cfg)
		app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))}, sessions.Use())
		app.Get("/visit", func(_ context.Context, in *visiting) (*seen, error) { return sight(in.Session), nil })
		app.Put("/late", func(_ context.Context, in *visiting) (*lines, error) {
			err := in.Session.Change(count)
			return &lines{func(yield func(visit, error) bool) {
				in.Session.Renew()
				in.Session.Destroy()
				yield(in.Session.Value(), nil)
			}}, err
		})
		b := &browser{t: t, server: tenontest.New(t, app, tenontest.Config{IgnoreFindings: true}), cookies: map[string]string{}}
		b.do("PUT", "/late").Status(200).Text(`{"count":1}` + "\n")
		b.do("GET", "/visit").JSON(`{"empty":false,"user":"","count":1}`)
		for _, want := range []string{"session-late", "Renew of a session", "Destroy of a session"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log has no %q: %s", want, &log)
			}
		}
	})
}
