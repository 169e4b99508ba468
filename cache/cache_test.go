package cache_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/ratelimit"
)

func TestSD121FC01TheSecondCallDoesNotRunTheHandler(t *testing.T) {
	t.Parallel()
	at, made := newClock(), &counter{}
	kept := newCache(t, cache.Config{Now: at.now})
	app := compiled(t, func(app *tenon.App) { app.Get("/data", made.next, cache.For(300*time.Second)) }, cache.Use(kept))

	first := send(app, get("/data"))
	tag := first.Header().Get("ETag")
	for name, want := range map[string]string{
		"Cache-Control": "private, max-age=300", "Age": "", "Cache-Status": "tenon; fwd=miss; stored", "Vary": "Authorization, Cookie",
		"Content-Type": "application/json", "Content-Length": "7",
	} {
		if got := first.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if first.Code != http.StatusOK || first.Body.String() != `{"n":1}` || !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) {
		t.Errorf("%d %s, ETag %s", first.Code, first.Body, tag)
	}

	at.move(299 * time.Second)
	second := send(app, get("/data"))
	if second.Body.String() != `{"n":1}` || second.Header().Get("Age") != "299" || second.Header().Get("Cache-Status") != "tenon; hit; ttl=1" ||
		second.Header().Get("ETag") != tag || second.Header().Get("Cache-Control") != "private, max-age=300" {
		t.Errorf("%s %v", second.Body, second.Header())
	}
	third := send(app, get("/data", "If-None-Match", tag))
	if third.Code != http.StatusNotModified || third.Body.Len() > 0 || third.Header().Get("ETag") != tag || third.Header().Get("Content-Type") != "" {
		t.Errorf("%d %s %v", third.Code, third.Body, third.Header())
	}
	head := httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/data", nil)
	if w := send(app, head); w.Code != http.StatusOK || w.Body.Len() > 0 || w.Header().Get("Content-Length") != "7" || status(w) != "hit" {
		t.Errorf("HEAD: %d %s %v", w.Code, w.Body, w.Header())
	}
	if n := made.n.Load(); n != 1 {
		t.Errorf("the handler ran %d times, want once", n)
	}

	at.move(time.Second)
	if w := send(app, get("/data")); w.Body.String() != `{"n":2}` || w.Header().Get("Cache-Status") != "tenon; fwd=stale; stored" {
		t.Errorf("after 300 s: %s %v", w.Body, w.Header())
	}
	if got := kept.Stats(); got != (cache.Stats{Hits: 3, Misses: 2}) {
		t.Errorf("%+v", got)
	}
}

func TestAHeadAloneIsKeptForGet(t *testing.T) {
	t.Parallel()
	made := &counter{}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", made.next, cache.For(time.Minute)) }, cache.Use(newCache(t, cache.Config{})))
	if w := send(app, httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/data", nil)); w.Body.Len() > 0 || w.Header().Get("Content-Length") != "7" {
		t.Errorf("HEAD: %s %v", w.Body, w.Header())
	}
	if w := send(app, get("/data")); w.Body.String() != `{"n":1}` || status(w) != "hit" {
		t.Errorf("GET: %s %v", w.Body, w.Header())
	}
}

func TestFC03TagsAreEqualOnAllReplicas(t *testing.T) {
	t.Parallel()
	tags := map[string]bool{}
	for range 3 {
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*number, error) { return &number{7}, nil }, cache.For(time.Minute))
		}, cache.Use(newCache(t, cache.Config{})))
		tags[send(app, get("/data")).Header().Get("ETag")] = true
	}
	if len(tags) != 1 {
		t.Errorf("tags of one body: %v", tags)
	}
}

func TestPublicAnswersAreOfEverybody(t *testing.T) {
	t.Parallel()
	made := &counter{}
	app := compiled(t, func(app *tenon.App) { app.Get("/data", made.next, cache.For(time.Minute), cache.Public()) },
		cache.Use(newCache(t, cache.Config{})))
	for _, who := range []string{"Bearer a", "Bearer b", ""} {
		w := send(app, get("/data", "Authorization", who))
		if w.Body.String() != `{"n":1}` || w.Header().Get("Cache-Control") != "public, max-age=60" || w.Header().Get("Vary") != "" {
			t.Errorf("%s: %s %v", who, w.Body, w.Header())
		}
	}
}

// TestFieldsOfARequestAreNotKept: what a middleware says of one request is not said of the next.
func TestFieldsOfARequestAreNotKept(t *testing.T) {
	t.Parallel()
	n := &counter{}
	outer := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Ratelimit", r.Header.Get("X-Who"))
			w.Header().Set("X-Request-Id", r.Header.Get("X-Who"))
			w.Header().Add("Vary", "Origin")
			next.ServeHTTP(w, r)
		})
	}
	inner := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, name := range []string{"Server-Timing", "X-Request-Id", "RateLimit-Policy", "Keep-Alive"} {
				w.Header().Set(name, "of "+r.Header.Get("X-Who"))
			}
			w.Header().Set("Connection", "X-Hop")
			w.Header().Set("X-Hop", "1")
			w.Header().Set("X-Kept", "yes")
			next.ServeHTTP(w, r)
		})
	}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/data", n.next, tenon.BeforeAuth(outer), cache.For(time.Minute), func(o *tenon.Operation) { o.Part[last]().mw = inner })
	}, cache.Use(newCache(t, cache.Config{})))
	send(app, get("/data", "X-Who", "first"))
	w := send(app, get("/data", "X-Who", "second"))
	for name, values := range w.Header() {
		if strings.Contains(strings.Join(values, ","), "first") || name == "X-Hop" || name == "Connection" {
			t.Errorf("%s: %s", name, values)
		}
	}
	if w.Header().Get("Ratelimit") != "second" || w.Header().Get("X-Kept") != "yes" || strings.Join(w.Header()["Vary"], ", ") != "Origin, Authorization, Cookie" {
		t.Errorf("%v", w.Header())
	}
}

// last puts a middleware inside of the cache.
type last struct{ mw tenon.Middleware }

func (l *last) Complete(o *tenon.Operation) { o.AfterAuth = append(o.AfterAuth, l.mw) }

func TestWhatIsNoAnswerToKeep(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]map[string]string{
		"a cookie":           {"Set-Cookie": "a=b"},
		"no-store":           {"Cache-Control": "no-store"},
		"no-cache":           {"Cache-Control": "max-age=5, no-cache"},
		"max-age=0":          {"Cache-Control": "max-age=0"},
		"an expiry gone by":  {"Expires": "0"},
		"a trailer":          {"Trailer": "X"},
		"Vary: *":            {"Vary": "*"},
		"Vary not in theirs": {"Vary": "X-Flavour"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &counter{}
			app := compiled(t, func(app *tenon.App) {
				app.Get("/data", n.next, cache.For(time.Minute), func(o *tenon.Operation) {
					o.Part[last]().mw = func(next http.Handler) http.Handler {
						return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
							for name, value := range fields {
								w.Header().Set(name, value)
							}
							next.ServeHTTP(w, r)
						})
					}
				})
			}, cache.Use(newCache(t, cache.Config{})))
			for range 2 {
				w := send(app, get("/data"))
				if w.Header().Get("Cache-Status") != "tenon; fwd=miss" || w.Code != http.StatusOK {
					t.Errorf("%d %v", w.Code, w.Header())
				}
				for name, value := range fields {
					if w.Header().Get(name) != value {
						t.Errorf("%s: %q, want %q", name, w.Header().Get(name), value)
					}
				}
			}
			if n.n.Load() != 2 {
				t.Errorf("the handler ran %d times, want 2", n.n.Load())
			}
		})
	}
}

// page is text of some size.
type page struct {
	Body string `body:"text/plain"`
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		size int
		want int64
	}{{cache.MaxBody, 1}, {cache.MaxBody + 1, 2}} {
		n := &counter{}
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", func(context.Context, *struct{}) (*page, error) {
				n.n.Add(1)
				return &page{strings.Repeat("x", tt.size)}, nil
			}, cache.For(time.Minute))
		}, cache.Use(newCache(t, cache.Config{})))
		for range 2 {
			if w := send(app, get("/data")); w.Body.Len() != tt.size {
				t.Errorf("%d bytes, want %d", w.Body.Len(), tt.size)
			}
		}
		if got := n.n.Load(); got != tt.want {
			t.Errorf("%d bytes: the handler ran %d times, want %d", tt.size, got, tt.want)
		}
	}
}

// scripted answers in the place of an operation.
func scripted(answer http.HandlerFunc) tenon.Option {
	return func(o *tenon.Operation) {
		o.Part[last]().mw = func(http.Handler) http.Handler { return answer }
	}
}

// TestDateIsOfWhenTheAnswerWasMade: what is kept does not get younger, and one date that cannot be read is set anew.
func TestDateIsOfWhenTheAnswerWasMade(t *testing.T) {
	t.Parallel()
	at := newClock()
	made := at.now().UTC().Format(http.TimeFormat)
	for name, date := range map[string]string{"no date": "", "no HTTP-date": "yesterday", "a date": made} {
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", (&counter{}).next, cache.For(time.Minute), scripted(func(w http.ResponseWriter, _ *http.Request) {
				if date != "" {
					w.Header().Set("Date", date)
				}
				w.WriteHeader(http.StatusOK)
			}))
		}, cache.Use(newCache(t, cache.Config{Now: at.now})))
		for _, want := range []string{"miss", "hit"} {
			w := send(app, get("/data"))
			if got := w.Header()["Date"]; len(got) != 1 || got[0] != made {
				t.Errorf("%s: %s: %s, want %s", name, want, got, made)
			}
			at.move(3 * time.Second)
		}
		at.move(-6 * time.Second)
	}
}

// TestVaryIsSaidOnce: a field that the operation names is not named again.
func TestVaryIsSaidOnce(t *testing.T) {
	t.Parallel()
	app := compiled(t, func(app *tenon.App) {
		app.Get("/data", (&counter{}).next, cache.For(time.Minute), cache.Public(), cache.Vary("X-Region", "X-Flavour"), scripted(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Vary"] = []string{"Accept, x-region"}
			w.WriteHeader(http.StatusOK)
		}))
	}, cache.Use(newCache(t, cache.Config{})))
	for range 2 {
		if got := strings.Join(send(app, get("/data")).Header()["Vary"], ", "); got != "Accept, x-region, X-Flavour" {
			t.Errorf("Vary: %s", got)
		}
	}
}

func TestWhichStatusesAreKept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status  int
		control string
		runs    int64
	}{
		{200, "", 1}, {203, "", 1}, {204, "", 1}, {300, "", 1}, {301, "", 1}, {308, "", 1},
		{201, "max-age=60", 2}, {206, "max-age=60", 2}, {302, "", 2}, {302, "max-age=60", 1}, {303, "", 2}, {307, "max-age=60", 1}, {304, "", 2},
		{400, "", 2}, {404, "", 2}, {404, "max-age=60", 2}, {410, "", 2}, {500, "max-age=60", 2}, {503, "", 2},
	} {
		n := &counter{}
		app := compiled(t, func(app *tenon.App) {
			app.Get("/data", n.next, cache.For(time.Minute), scripted(func(w http.ResponseWriter, _ *http.Request) {
				n.n.Add(1)
				if tt.control != "" {
					w.Header().Set("Cache-Control", tt.control)
				}
				w.WriteHeader(tt.status)
			}))
		}, cache.Use(newCache(t, cache.Config{})))
		for range 2 {
			if w := send(app, get("/data")); w.Code != tt.status {
				t.Errorf("%d, want %d", w.Code, tt.status)
			}
		}
		if got := n.n.Load(); got != tt.runs {
			t.Errorf("%d %q: ran %d times, want %d", tt.status, tt.control, got, tt.runs)
		}
	}
}

func TestProblemsAreNotKept(t *testing.T) {
	t.Parallel()
	n := 0
	app := compiled(t, func(app *tenon.App) {
		app.Get("/data", func(context.Context, *struct{}) (*number, error) {
			if n++; n == 1 {
				return nil, problem.NotFound("")
			}
			return &number{7}, nil
		}, cache.For(time.Minute), tenon.Fails(problem.NotFound("")))
	}, cache.Use(newCache(t, cache.Config{})))
	if w := send(app, get("/data")); w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "" || w.Header().Get("Cache-Status") != "tenon; fwd=miss" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := send(app, get("/data")); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestLimitsCountWhatIsKept, whichever option stands first, and what they say of one request is not said of the next.
func TestLimitsCountWhatIsKept(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]tenon.Option{
		"the limit first": {ratelimit.Per("3/hour"), cache.For(time.Minute)},
		"the cache first": {cache.For(time.Minute), ratelimit.Per("3/hour")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := &counter{}
			app := compiled(t, func(app *tenon.App) { app.Get("/data", n.next, opts...) }, cache.Use(newCache(t, cache.Config{})), users())
			said := map[string]bool{}
			for i := range 4 {
				w := send(app, get("/data", "X-Api-Key", "ann"))
				if want := []int{200, 200, 200, 429}[i]; w.Code != want {
					t.Errorf("request %d: %d, want %d", i, w.Code, want)
				}
				said[w.Header().Get("Ratelimit")] = true
			}
			if n.n.Load() != 1 || len(said) != 3 { // the third leaves nothing, as the refusal says too
				t.Errorf("ran %d times, and says %v", n.n.Load(), said)
			}
		})
	}
}
