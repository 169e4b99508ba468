package ratelimit_test

import (
	"context"
	"encoding/json/v2"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/tenontest"
)

type numbered struct {
	N int `query:"n" maximum:"9"`
}

type ticks struct {
	Body iter.Seq2[tenon.Event[pong], error] `body:"text/event-stream"`
}

func tick(context.Context, *struct{}) (*ticks, error) {
	return &ticks{func(yield func(tenon.Event[pong], error) bool) { yield(tenon.Event[pong]{Data: pong{"tick"}}, nil) }}, nil
}

type posted struct {
	Body pong `body:""`
}

// answers is an app whose operations answer in every way.
func answers(t *testing.T) *service {
	t.Helper()
	return serve(t, func(a *tenon.App) {
		g := a.Group("", ratelimit.Per("5/minute"))
		g.Get("/ok", ping, tenon.BodyETag())
		g.Get("/fault", func(context.Context, *numbered) (*pong, error) { return &pong{}, nil })
		g.Get("/error", func(context.Context, *struct{}) (*pong, error) { return nil, errors.New("the database is down") })
		g.Get("/panic", func(context.Context, *struct{}) (*pong, error) { panic("oops") })
		g.Get("/events", tick)
		g.Post("/post", func(_ context.Context, in *posted) (*pong, error) { return &in.Body, nil })
		g.Delete("/none", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
		g.Mount("/mounted", http.NotFoundHandler())
		a.Get("/free", ping)
	})
}

// TestSD052Fields has the fields on every answer of a limited operation.
func TestSD052Fields(t *testing.T) {
	t.Parallel()
	s := answers(t)
	for _, tt := range []struct {
		method, target string
		want           int
		fields         []string
	}{
		{http.MethodGet, "/ok", 200, nil},
		{http.MethodHead, "/ok", 200, nil},
		{http.MethodGet, "/ok", 304, []string{"If-None-Match", "*"}},
		{http.MethodGet, "/ok", 406, []string{"Accept", "image/png"}},
		{http.MethodGet, "/fault?n=10", 422, nil},
		{http.MethodGet, "/error", 500, nil},
		{http.MethodGet, "/panic", 500, nil},
		{http.MethodGet, "/events", 200, nil},
		{http.MethodPost, "/post", 422, nil},
		{http.MethodDelete, "/none", 204, nil},
		{http.MethodGet, "/mounted/x", 404, nil},
	} {
		s.clock.add(time.Hour)
		r := s.call(tt.method, tt.target, ada, tt.fields...)
		policy, state := r.Header.Values("Ratelimit-Policy"), r.Header.Values("Ratelimit")
		if r.StatusCode != tt.want || !slices.Equal(policy, []string{`"5/minute per address";q=5;w=60`}) || !slices.Equal(state, []string{`"5/minute per address";r=4;t=60`}) {
			t.Errorf("%s %s is answered %d, want %d, with %q and %q", tt.method, tt.target, r.StatusCode, tt.want, policy, state)
		}
	}
	if r := s.call(http.MethodGet, "/free", ada); r.Header.Get("Ratelimit") != "" || r.Header.Get("Ratelimit-Policy") != "" {
		t.Errorf("an operation without a limit has %v", r.Header)
	}
}

// TestSD052Counts counts down.
func TestSD052Counts(t *testing.T) {
	t.Parallel()
	for _, per := range []string{"200/minute", "2000/minute"} {
		s := one(t, ratelimit.Limit{Per: per, Strategy: ratelimit.FixedWindow}.Option())
		for left := range 150 {
			all, _, _ := strings.Cut(per, "/")
			n, err := strconv.Atoi(all)
			want := `"` + per + ` per address";r=` + strconv.Itoa(n-1-left) + ";t=60"
			if got := s.call(http.MethodGet, "/ping", ada).Header.Get("Ratelimit"); got != want || err != nil {
				t.Fatalf("call %d says %s, want %s", left, got, want)
			}
		}
	}
}

// TestSD052Refusal is the answer to who is beyond a limit, and what it says becomes true.
func TestSD052Refusal(t *testing.T) {
	t.Parallel()
	s := one(t, ratelimit.Per("2/minute"))
	s.passes(1, "/ping", ada)
	s.clock.add(20*time.Second + time.Millisecond)
	s.passes(1, "/ping", ada)
	r := s.call(http.MethodGet, "/ping", ada)
	text, _ := io.ReadAll(r.Body)
	var body struct {
		Status     int    `json:"status"`
		Code       string `json:"code"`
		Limit      string `json:"limit"`
		RetryAfter int    `json:"retry_after"`
	}
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != 429 || body.Status != 429 || body.Code != "rate-limited" || body.Limit != "2/minute per address" || body.RetryAfter != 40 ||
		r.Header.Get("Retry-After") != "40" || r.Header.Get("Ratelimit") != `"2/minute per address";r=0;t=60` || r.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the refusal is %d %v\n%s", r.StatusCode, r.Header, text)
	}
	if r := s.call(http.MethodHead, "/ping", ada); r.StatusCode != 429 || r.Header.Get("Retry-After") != "40" {
		t.Errorf("that of HEAD is %d %v", r.StatusCode, r.Header)
	}
	s.clock.add(39 * time.Second)
	if got := s.passes(1, "/ping", ada); got != 0 {
		t.Error("who comes early passes")
	}
	s.clock.add(time.Second)
	if got := s.passes(2, "/ping", ada); got != 1 {
		t.Errorf("%d pass when Retry-After is over, want 1", got)
	}
}

// unread is a body that nobody may read.
type unread struct{ read bool }

func (u *unread) Read([]byte) (int, error) {
	u.read = true
	return 0, io.EOF
}

// TestSD053Before refuses before anything of the body is read, whichever slot the limit stands in.
func TestSD053Before(t *testing.T) {
	t.Parallel()
	for _, by := range []ratelimit.Key{ratelimit.Address(), ratelimit.Caller()} {
		s := serve(t, func(a *tenon.App) {
			a.Post("/post", func(_ context.Context, in *posted) (*pong, error) { return &in.Body, nil }, ratelimit.Limit{Per: "1/minute", By: by}.Option())
		})
		for i, want := range []int{http.StatusBadRequest, http.StatusTooManyRequests} {
			body := &unread{}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/post", body)
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != want || body.read != (i == 0) {
				t.Errorf("call %d is answered %d, want %d; its body was read: %v", i, w.Code, want, body.read)
			}
		}
	}
}

// TestSD057Document has the refusal and the fields in the document, and holds the answers against it.
func TestSD057Document(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/ping", ping, ratelimit.Per("1/minute"))
	app.Get("/free", ping)
	s := tenontest.New(t, app)
	s.Get("/ping").Status(http.StatusOK)
	s.Get("/ping").Status(http.StatusTooManyRequests).Problem("rate-limited").At("/retry_after", "60").At("/limit", `"1/minute per address"`)
	s.Get("/ping?x=1").Status(http.StatusTooManyRequests)
	document := app.OpenAPI()
	limited, free := document.Paths["/ping"].Get, document.Paths["/free"].Get
	if limited.Responses["429"] == nil || free.Responses["429"] != nil {
		t.Error("429 does not stand at the limited operation alone")
	}
	if got := limited.Extensions["x-rate-limits"]; !reflect.DeepEqual(got, []string{"1/minute per address"}) || free.Extensions["x-rate-limits"] != nil {
		t.Errorf("x-rate-limits says %v", got)
	}
	for status, r := range limited.Responses {
		if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
			r = document.Components.Responses[name]
		}
		if r.Headers["RateLimit"] == nil || r.Headers["RateLimit-Policy"] == nil || status == "429" && r.Headers["Retry-After"] == nil {
			t.Errorf("%s has the fields %v", status, r.Headers)
		}
	}
	for status, r := range free.Responses {
		if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
			r = document.Components.Responses[name]
		}
		if r.Headers["RateLimit"] != nil {
			t.Errorf("%s of an operation without a limit has the field", status)
		}
	}
}

// TestSL02Precedence has limits of app, group and operation hold together, unless they are taken off.
func TestSL02Precedence(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		g := a.Group("/g", ratelimit.Per("5/minute"))
		g.Get("/all", ping, ratelimit.Per("2/second"))
		g.Get("/group", ping)
		g.Get("/none", ping, ratelimit.NoLimit("probes come often"))
		g.Get("/own", ping, ratelimit.NoLimit("it has its own"), ratelimit.Per("20/minute"))
		g.Group("/inner", ratelimit.NoLimit("all of it is cheap")).Get("/none", ping)
		a.Get("/app", ping)
	}, ratelimit.Per("8/hour"))
	lifted := []string{"/g/none", "/g/own", "/g/inner/none"}
	for _, tt := range []struct {
		path  string
		want  int
		rates []string
	}{
		{"/g/all", 2, []string{"8/hour per address", "5/minute per address", "2/second per address"}},
		{"/g/group", 5, []string{"8/hour per address", "5/minute per address"}},
		{"/g/none", 30, nil},
		{"/g/own", 20, []string{"20/minute per address"}},
		{"/g/inner/none", 30, nil},
		{"/app", 8, []string{"8/hour per address"}},
	} {
		if got := s.passes(30, tt.path, ada); got != tt.want {
			t.Errorf("%d of 30 to %s pass, want %d", got, tt.path, tt.want)
		}
		for _, o := range s.Operations() {
			if o.Path == tt.path && (!slices.Equal(o.Rates, tt.rates) || (o.Uncounted != "") != slices.Contains(lifted, tt.path)) {
				t.Errorf("%s tells %q, uncounted %q", o.Path, o.Rates, o.Uncounted)
			}
		}
	}
	if r := s.call(http.MethodGet, "/g/group", bob); r.Header.Get("Ratelimit-Policy") != `"8/hour per address";q=8;w=3600, "5/minute per address";q=5;w=60` ||
		r.Header.Get("Ratelimit") != `"8/hour per address";r=7;t=3600, "5/minute per address";r=4;t=60` {
		t.Errorf("several limits say %v", r.Header)
	}
}

// TestSL01Shared counts operations together that have one limit, and others by themselves.
func TestSL01Shared(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		search := ratelimit.Shared("search", ratelimit.Limit{Per: "3/minute"})
		a.Get("/a", ping, search)
		a.Get("/b", ping, search)
		a.Post("/b", ping, ratelimit.Shared("search", ratelimit.Limit{Per: "3/minute"}))
		a.Get("/c", ping, ratelimit.Per("3/minute"))
		a.Post("/c", ping, ratelimit.Per("3/minute"))
		v := a.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2"}}})
		v.Get("/d", ping, ratelimit.Per("3/minute"))
	})
	if got := s.passes(2, "/a", ada) + s.passes(2, "/b", ada) + s.passes(2, "/a", ada); got != 3 {
		t.Errorf("%d pass together, want 3", got)
	}
	if got := s.call(http.MethodPost, "/b", ada).StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("another method of the shared limit is answered %d", got)
	}
	if got := s.passes(4, "/c", ada); got != 3 {
		t.Errorf("%d pass, want 3", got)
	}
	if got := s.call(http.MethodPost, "/c", ada).StatusCode; got != http.StatusCreated {
		t.Errorf("another method is answered %d", got)
	}
	if got := s.passes(2, "/v1/d", ada) + s.passes(2, "/v2/d", ada); got != 3 {
		t.Errorf("%d pass in two versions, want 3", got)
	}
}

// TestSD056Named has the limits of what guessers and senders of spam come for.
func TestSD056Named(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		a.Get("/login", ping, ratelimit.Login())
		a.Get("/token", ping, ratelimit.Login())
		a.Get("/sign-up", ping, ratelimit.SignUp())
		a.Get("/reset", ping, ratelimit.Reset())
	})
	for path, want := range map[string]int{"/login": 30, "/sign-up": 10, "/reset": 20} {
		if got := s.passes(40, path, ada); got != want {
			t.Errorf("%d of 40 to %s pass, want %d", got, path, want)
		}
	}
	if got := s.passes(1, "/token", ada); got != 0 {
		t.Error("another way to sign in counts by itself")
	}
}

// TestSD056General tells callers from those whom nobody knows.
func TestSD056General(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		a.Get("/a", ping)
		a.Get("/b", ping)
	}, auth.Required(people(t)), auth.Optional("test"), ratelimit.General())
	if got := s.passes(70, "/a", ada) + s.passes(70, "/b", ada); got != 60 {
		t.Errorf("%d of nobody pass, want 60", got)
	}
	if got := s.passes(150, "/a", ada, "X-Api-Key", "user,1"); got != 100 {
		t.Errorf("%d of a caller pass at once, want 100", got)
	}
	s.clock.add(30 * time.Second)
	if got := s.passes(150, "/b", ada, "X-Api-Key", "user,1"); got != 100 {
		t.Errorf("%d of a caller pass half a minute later, want 100", got)
	}
}

// TestSL02Narrow takes nothing from what many share for those whom a limit of their own refuses.
func TestSL02Narrow(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) { a.Get("/ping", ping, ratelimit.Per("2/minute")) },
		ratelimit.Shared("all", ratelimit.Limit{Per: "5/minute", By: ratelimit.Everybody()}), ratelimit.Shared("some", ratelimit.Limit{Per: "3/minute"}))
	if got := s.passes(30, "/ping", ada); got != 2 {
		t.Errorf("%d of 30 pass, want 2", got)
	}
	want := `"2/minute per address";r=1;t=60, "some";r=2;t=60, "all";r=2;t=60`
	if r := s.call(http.MethodGet, "/ping", bob); r.StatusCode != http.StatusOK || r.Header.Get("Ratelimit") != want {
		t.Errorf("another is answered %d with %s, want %s", r.StatusCode, r.Header.Get("Ratelimit"), want)
	}
}
