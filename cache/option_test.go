package cache_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/store"
)

type me struct {
	Who *auth.Principal `dep:""`
}

type events struct {
	Body iter.Seq2[number, error] `body:"application/jsonl"`
}

type signedIn struct {
	Session http.Cookie `cookie:"session"`
	Body    number      `body:""`
}

type ranged struct {
	Range tenon.Opt[string] `header:"Range"`
}

func TestOptionsAreRefused(t *testing.T) {
	t.Parallel()
	n := &counter{}
	own := tenon.Auth(func(next http.Handler) http.Handler { return next })
	for name, tt := range map[string]struct {
		add  func(*tenon.Group)
		want string
	}{
		"no cache":  {func(g *tenon.Group) { g.Get("/a", n.next, cache.Use(nil)) }, "cache.Use has no cache"},
		"too short": {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Millisecond)) }, "cache.For is 1ms, want 1s to"},
		"too long":  {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(1<<62)) }, "cache.For is"},
		"a write":   {func(g *tenon.Group) { g.Post("/a", n.next, cache.For(time.Minute)) }, "cache.For is for GET; a POST is never answered by what is kept"},
		"a stream": {func(g *tenon.Group) {
			g.Get("/a", func(context.Context, *struct{}) (*events, error) { return &events{}, nil }, cache.For(time.Minute))
		}, "GET /g/a: cache.For: the answer is a stream, a file or a redirect, and not kept"},
		"a file": {func(g *tenon.Group) {
			g.Get("/a", func(context.Context, *struct{}) (*tenon.File, error) { return nil, nil }, cache.For(time.Minute))
		}, "cache.For: the answer is a stream, a file or a redirect, and not kept"},
		"a cookie": {func(g *tenon.Group) {
			g.Get("/a", func(context.Context, *struct{}) (*signedIn, error) { return &signedIn{}, nil }, cache.For(time.Minute))
		}, "cache.For: the answer sets cookies, and is not kept"},
		"conditions of its own": {func(g *tenon.Group) {
			g.Get("/a", func(context.Context, *ranged) (*number, error) { return &number{}, nil }, cache.For(time.Minute))
		}, "cache.For: the operation reads Range by itself"},
		"public, and of the caller": {func(g *tenon.Group) {
			g.Get("/a", func(context.Context, *me) (*number, error) { return &number{}, nil }, users(), cache.For(time.Minute), cache.Public())
		}, "cache.Public: the answer is not the same for every caller: the operation needs to know who calls"},
		"a guard that does not say by what": {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), own) },
			"cache.For: middleware in the slot Auth decides who calls, and does not say by what"},
		"no reason":                 {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.Never("")) }, "cache.Never wants its reason"},
		"a tag of nothing":          {func(g *tenon.Group) { g.Get("/a", n.next, cache.Tag("a")) }, "cache.Tag has no effect"},
		"a tag of a write":          {func(g *tenon.Group) { g.Post("/a", n.next, cache.Tag("a")) }, "cache.Tag has no effect"},
		"a reader that invalidates": {func(g *tenon.Group) { g.Get("/a", n.next, cache.Invalidates("a")) }, "cache.Invalidates has no effect: a GET changes nothing"},
		"no tag":                    {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.Tag()) }, "cache.Tag names no tag"},
		"an empty tag":              {func(g *tenon.Group) { g.Post("/a", n.next, cache.Invalidates("")) }, `cache.Invalidates(""): cache: the tag ""`},
		"a wildcard of no path": {func(g *tenon.Group) { g.Post("/a/{id}", n.next, cache.Invalidates("a/{it}")) },
			`cache.Invalidates("a/{it}"): the path /g/a/{id} has no wildcard {it}`},
		"a wildcard without an end": {func(g *tenon.Group) { g.Post("/a/{id}", n.next, cache.Invalidates("a/{id")) }, "has no wildcard {id}"},
		"no field":                  {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.Vary("a b")) }, `cache.Vary: "a b" is not the name of a header field`},
		"all fields":                {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.Vary("*")) }, `cache.Vary: "*"`},
		"never stale": {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.StaleIfError(0)) },
			"cache.StaleIfError is 0s, want 1s to"},
		"never revalidated": {func(g *tenon.Group) { g.Get("/a", n.next, cache.For(time.Minute), cache.StaleWhileRevalidate(-1)) },
			"cache.StaleWhileRevalidate is -1ns, want 1s to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: quiet()})
			g := app.Group("/g", cache.Use(newCache(t, cache.Config{})))
			tt.add(g)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "option_test.go:") {
				t.Errorf("Compile: %v, want %s", err, tt.want)
			}
		})
	}
	app := tenon.New(tenon.Config{})
	app.Get("/a", n.next, cache.For(time.Minute))
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "need cache.Use") {
		t.Errorf("Compile: %v", err)
	}
}

// TestAGroupKeepsWhatCanBeKept, and says nothing of the rest.
func TestAGroupKeepsWhatCanBeKept(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/kept", n.next)
		app.Get("/own", n.next, cache.For(time.Hour))
		app.Get("/never", n.next, cache.Never("it must be new"))
		app.Get("/stream", func(context.Context, *struct{}) (*events, error) {
			return &events{Body: func(func(number, error) bool) {}}, nil
		})
		app.Post("/write", n.next)
	}, cache.Use(newCache(t, cache.Config{})), cache.For(time.Minute), cache.Tag("all"), cache.Invalidates("all"))
	want := []string{"1m0s, for each caller apart; until all changes", "1h0m0s, for each caller apart; until all changes", "", "", "drops all"}
	for i, info := range app.Operations() {
		if info.Caching != want[i] {
			t.Errorf("%s: %q, want %q", info.Path, info.Caching, want[i])
		}
	}
	for target, want := range map[string]string{"/kept": "tenon; fwd=miss; stored", "/never": "", "/stream": ""} {
		if w := send(app, get(target)); w.Header().Get("Cache-Status") != want || w.Code != http.StatusOK {
			t.Errorf("%s: %d %v", target, w.Code, w.Header())
		}
	}
}

func TestTheDocumentAndExplainSayIt(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/stats", n.next, cache.For(5*time.Minute), cache.Public(), cache.StaleIfError(time.Hour), cache.StaleWhileRevalidate(time.Minute), cache.Vary("X-Region"))
		app.Get("/other", n.next)
	}, cache.Use(newCache(t, cache.Config{})))
	responses := app.OpenAPI().Paths["/stats"].Get.Responses
	for status, names := range map[string][]string{"200": {"Cache-Control", "Age", "ETag", "Cache-Status"}, "304": {"Cache-Control", "Age", "ETag", "Cache-Status"}} {
		for _, name := range names {
			if r := responses[status]; r == nil || r.Headers[name] == nil {
				t.Errorf("%s has no %s", status, name)
			}
		}
	}
	if responses["304"].Content != nil || responses["503"] == nil || responses["504"] == nil || responses["412"] == nil {
		t.Errorf("%v", responses)
	}
	if other := app.OpenAPI().Paths["/other"].Get.Responses; other["304"] != nil || other["200"].Headers != nil {
		t.Errorf("an operation of which nothing is kept: %v", other)
	}
	e, err := app.Explain(get("/stats"))
	if err != nil {
		t.Fatal(err)
	}
	want := "  cache        5m0s, for all callers; stale for 1m0s while it is made anew; stale for 1h0m0s where that fails; by X-Region\n"
	if text := e.String(); !strings.Contains(text, want) {
		t.Errorf("%s", text)
	}
}

func TestConditionsThatFail(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute), cache.Ask()) }, cache.Use(newCache(t, cache.Config{})))
	tag := send(app, get("/data")).Header().Get("ETag")
	for _, tt := range []struct {
		name, value string
		want        int
	}{
		{"If-Match", `"other"`, 412}, {"If-Match", tag, 200}, {"If-None-Match", `"other", W/` + tag, 304}, {"If-None-Match", "*", 304},
		{"If-None-Match", `"other"`, 200}, {"Range", "bytes=0-1", 200}, {"If-Modified-Since", "Mon, 01 Jan 2035 00:00:00 GMT", 200},
	} {
		w := send(app, get("/data", tt.name, tt.value))
		if w.Code != tt.want || n.n.Load() != 1 {
			t.Errorf("%s: %s: %d %s", tt.name, tt.value, w.Code, w.Body)
		}
		if w.Code != 412 && w.Header().Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%v", w.Header())
		}
	}
	// The first request of all has conditions, and others get all of the answer.
	app = compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute), tenon.BodyETag()) }, cache.Use(newCache(t, cache.Config{})))
	if w := send(app, get("/data", "If-None-Match", "*")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := send(app, get("/data")); w.Code != http.StatusOK || w.Body.String() != `{"n":2}` || status(w) != "hit" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	_, err := cache.New(cache.Config{Timeout: -1, Pause: -1, Wait: -1, Runs: -1, Prefix: strings.Repeat("x", 65), Name: "a b"})
	for _, want := range []string{"Timeout is -1ns", "Pause is -1ns", "Wait is -1ns", "Runs is -1", "Prefix has 65 bytes", `Name is "a b"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

// TestReleasesDoNotMeet: what another program has made may look otherwise.
func TestReleasesDoNotMeet(t *testing.T) {
	t.Parallel()
	memory, err := store.NewMemory(store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	n := &counter{}
	for _, cfg := range []cache.Config{{Release: "1"}, {Release: "2"}, {Prefix: "other:"}} {
		cfg.Store = memory
		app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, cache.For(time.Minute)) }, cache.Use(newCache(t, cfg)))
		if w := send(app, get("/data")); status(w) != "fwd=miss" {
			t.Errorf("%+v: %v", cfg, w.Header())
		}
	}
}
