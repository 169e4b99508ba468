package session_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/session"
)

func TestTheDocumentSaysWhatIsReadAndSet(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		app := newApp(t, newSessions(t, cfg))
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		paths := app.OpenAPI().Paths
		for _, tt := range []struct {
			of    *openapi.Operation
			takes bool
		}{{paths["/visit"].Get, true}, {paths["/visit"].Delete, true}, {paths["/stream"].Put, true}, {paths["/none"].Get, false}} {
			i := slices.IndexFunc(tt.of.Parameters, func(p *openapi.Parameter) bool { return p.In == "cookie" && p.Name == "__Host-session" })
			if (i >= 0) != tt.takes || i >= 0 && tt.of.Parameters[i].Required {
				t.Errorf("%s: parameter %d", tt.of.OperationID, i)
			}
			for status, r := range tt.of.Responses {
				success := status[0] == '2'
				if r.Ref == "" && (r.Headers["Set-Cookie"] != nil) != (tt.takes && success) {
					t.Errorf("%s: Set-Cookie of %s", tt.of.OperationID, status)
				}
			}
			if away := tt.of.Responses["503"] != nil; tt.takes && away != (cfg.Store != nil) && tt.of != paths["/stream"].Put {
				t.Errorf("%s: 503 is documented: %t", tt.of.OperationID, away)
			}
		}
	})
}

// TestPackageCacheKeepsNothing: neither of an operation that asks for it, which does not start, nor of a group's.
func TestPackageCacheKeepsNothing(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		kept, err := cache.New(cache.Config{})
		if err != nil {
			t.Fatal(err)
		}
		app := newApp(t, newSessions(t, cfg), cache.Use(kept))
		app.Get("/own", func(context.Context, *visiting) (*seen, error) { return &seen{}, nil }, cache.For(time.Minute))
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "GET /own: cache.For: the answer sets cookies, and is not kept") {
			t.Errorf("Compile: %v", err)
		}
		app = newApp(t, newSessions(t, cfg), cache.Use(kept), cache.For(time.Minute))
		app.Get("/stubborn", func(_ context.Context, in *visiting) (*stubborn, error) {
			return &stubborn{"max-age=60", *sight(in.Session)}, nil
		})
		b := newBrowser(t, app)
		b.do("PUT", "/visit")
		for _, path := range []string{"/visit", "/stubborn"} {
			b.do("GET", path).At("/count", "1")
			r := newBrowser(t, app).do("GET", path).At("/count", "0")
			if r.Headers["Cache-Status"] != nil {
				t.Errorf("%s: Cache-Status %q", path, r.Headers["Cache-Status"])
			}
		}
		if r := b.do("GET", "/none"); r.Headers["Cache-Status"] == nil {
			t.Error("what has no session is not kept either")
		}
	})
}

func TestAnswersDependOnTheCaller(t *testing.T) {
	t.Parallel()
	perCaller := map[string]bool{}
	app := newApp(t, newSessions(t, session.Config{Keys: []session.Root{newRoot(t)}}), func(o *tenon.Operation) { perCaller[o.Path] = false })
	note := func(o *tenon.Operation) { perCaller[o.Path] = o.PerCaller }
	app.Handle(http.MethodGet, "/with", func(context.Context, *visiting) (*seen, error) { return &seen{}, nil }, note)
	app.Handle(http.MethodGet, "/without", func(context.Context, *struct{}) (*seen, error) { return &seen{}, nil }, note)
	if err := app.Compile(); err != nil || !perCaller["/with"] || perCaller["/without"] {
		t.Errorf("%v, %v", err, perCaller)
	}
}
