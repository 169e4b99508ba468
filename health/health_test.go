package health_test

import (
	"context"
	"encoding/json/v2"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/tenontest"
)

func newHealth(t *testing.T, cfg health.Config) (*tenon.App, *health.Health) {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	h, err := health.New(app, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return app, h
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

func checking(pings ...func(context.Context) error) health.Config {
	cfg := health.Config{}
	for i, ping := range pings {
		cfg.Checks = append(cfg.Checks, health.Check{Name: string(rune('a' + i)), Ping: ping})
	}
	return cfg
}

func fine(context.Context) error { return nil }

func TestAS09Health(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		cfg   health.Config
		ready int
		says  string // in the details
	}{
		{"is ready without checks", health.Config{}, 200, `"ready":true`},
		{"is ready when all checks are", checking(fine, fine), 200, `"name":"b"`},
		{"is not ready when one fails", checking(fine, func(context.Context) error { return errors.New("no route to db-7") }), 503, "no route to db-7"},
		{"is not ready when one panics", checking(func(context.Context) error { panic("of the check") }), 503, "panic: of the check"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, h := newHealth(t, tt.cfg)
			s := tenontest.New(t, app)
			s.Get("/livez").Status(200).JSON(`{"status":"ok"}`).Header("Cache-Control", "no-store")
			answer := s.Get("/readyz").Status(tt.ready)
			if strings.Contains(string(answer.Body), "db-7") {
				t.Errorf("the public learns %s", answer.Body)
			}
			details := get(t, h.Details(), "/")
			if details.Code != tt.ready || !strings.Contains(details.Body.String(), tt.says) {
				t.Errorf("details %d %s", details.Code, details.Body)
			}
		})
	}
}

func TestHealthIsNotReadyWhenTheAppEnds(t *testing.T) {
	t.Parallel()
	app, h := newHealth(t, checking(fine))
	app.Drain()
	if live, ready, details := get(t, app, "/livez"), get(t, app, "/readyz"), get(t, h.Details(), "/"); live.Code != 200 || ready.Code != 503 ||
		!strings.Contains(ready.Body.String(), `"code":"not-ready"`) || details.Code != 503 || !strings.Contains(details.Body.String(), `"app":false`) {
		t.Errorf("%d, %d %s, %d %s", live.Code, ready.Code, ready.Body, details.Code, details.Body)
	}
}

// TestAS09TagsChooseChecks asks for the details of some checks.
func TestAS09TagsChooseChecks(t *testing.T) {
	t.Parallel()
	broken := func(context.Context) error { return errors.New("it is down") }
	app, h := newHealth(t, health.Config{Checks: []health.Check{
		{Name: "database", Tags: []string{"storage", "needed"}, Ping: fine}, {Name: "files", Tags: []string{"storage"}, Ping: broken}, {Name: "plain", Ping: fine},
	}})
	for _, tt := range []struct {
		path   string
		status int
		names  string // of the checks
	}{
		{"/", 503, "database files plain"},
		{"/?tag=storage", 503, "database files"},
		{"/?tag=needed", 200, "database"},
		{"/?tag=needed&tag=storage", 503, "database files"},
		{"/?tag=other&tag=needed", 200, "database"},
		{"/?tag=other", 404, ""},
		{"/?tag=", 404, ""},
		{"/?tag=needed;x", 400, ""},
		{"/?tag=%zz", 400, ""},
	} {
		details := get(t, h.Details(), tt.path)
		var report health.Report
		_ = json.Unmarshal(details.Body.Bytes(), &report) // a text where there is none
		var names []string
		for _, one := range report.Checks {
			names = append(names, one.Name)
		}
		if got := strings.Join(names, " "); details.Code != tt.status || got != tt.names {
			t.Errorf("%s: %d %s, want %d %s", tt.path, details.Code, got, tt.status, tt.names)
		}
	}
	app.Drain()
	if details := get(t, h.Details(), "/?tag=needed"); details.Code != 503 {
		t.Errorf("an app that ends: %d, want 503", details.Code)
	}
}

func TestHealthPathsAndOptions(t *testing.T) {
	t.Parallel()
	app, _ := newHealth(t, health.Config{Live: "/alive", Ready: "/ready", Options: []tenon.Option{tenon.Hidden()}})
	s := tenontest.New(t, app)
	s.Get("/alive").Status(200)
	s.Get("/ready").Status(200)
	if paths := app.OpenAPI().Paths; len(paths) > 0 {
		t.Errorf("hidden, but documented: %v", paths)
	}
}

func TestHealthSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := health.New(tenon.New(tenon.Config{}), health.Config{
		Checks:  []health.Check{{}, {Name: "a"}, {Name: "b", Ping: fine}, {Name: "b", Ping: fine}},
		Timeout: -1, Cache: -1,
	})
	const want = `health: Checks[0] has no Name
health: Checks[1]: "a" has no Ping
health: Checks[3]: the name "b" is taken
health: Timeout is -1ns, want 0 (the default) or more
health: Cache is -1ns, want 0 (the default) or more`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
}

// TestChecksRunOnceForAll asks side by side, and again before and after the result is old.
func TestChecksRunOnceForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran atomic.Int32
		_, h := newHealth(t, checking(func(ctx context.Context) error {
			ran.Add(1)
			select { // for a while
			case <-time.After(500 * time.Millisecond):
			case <-ctx.Done():
			}
			return nil
		}))
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { get(t, h.Details(), "/") })
		}
		all.Wait()
		get(t, h.Details(), "/")
		if n := ran.Load(); n != 1 {
			t.Errorf("the check ran %d times within a second", n)
		}
		<-time.After(time.Second)
		get(t, h.Details(), "/")
		if n := ran.Load(); n != 2 {
			t.Errorf("the check ran %d times, want 2", n)
		}
	})
}

func TestChecksHaveTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		var ran atomic.Int32
		cfg := checking(fine, func(context.Context) error {
			ran.Add(1)
			<-leave // whatever its context says
			return nil
		})
		cfg.Timeout = 3 * time.Second
		_, h := newHealth(t, cfg)
		start := time.Now()
		report, err := h.Report(t.Context())
		if took := time.Since(start); err != nil || report.Ready || report.Checks[0].Error != "" ||
			report.Checks[1].Error != "no answer within 3s" || took != 3*time.Second {
			t.Errorf("%+v, %v after %v", report, err, took)
		}
		<-time.After(2 * time.Second)
		report, _ = h.Report(t.Context())
		if ran.Load() != 1 || report.Checks[1].Error != "the check before has not ended" {
			t.Errorf("the check ran %d times; %+v", ran.Load(), report)
		}
		close(leave)
		<-time.After(2 * time.Second)
		if report, _ = h.Report(t.Context()); !report.Ready {
			t.Errorf("afterwards: %+v", report)
		}
	})
}

func TestWhoLeavesDoesNotEndTheCheckOfOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, h := newHealth(t, checking(func(ctx context.Context) error {
			<-time.After(time.Second)
			return ctx.Err()
		}))
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, leave)
		if _, err := h.Report(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("who leaves gets %v", err)
		}
		report, err := h.Report(t.Context())
		text, _ := json.Marshal(report)
		if err != nil || !report.Ready {
			t.Errorf("%s, %v", text, err)
		}
	})
}
