package ratelimit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/tenontest"
)

// clock is the time of a test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) memory(t testing.TB) *store.Memory {
	t.Helper()
	m, err := store.NewMemory(store.Config{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func keeper(t testing.TB, cfg ratelimit.Config) *ratelimit.Keeper {
	t.Helper()
	k, err := ratelimit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

type pong struct {
	Text string `json:"text"`
}

func ping(context.Context, *struct{}) (*pong, error) { return &pong{"pong"}, nil }

type byID struct {
	ID int `path:"id"`
}

func byPath(context.Context, *byID) (*pong, error) { return &pong{"one"}, nil }

// service is an app whose limits count by a clock.
type service struct {
	*tenon.App

	t     *testing.T
	clock *clock
}

// serve makes an app whose operations register adds.
func serve(t *testing.T, register func(*tenon.App), opts ...tenon.Option) *service {
	t.Helper()
	c := newClock()
	k := keeper(t, ratelimit.Config{Store: c.memory(t)})
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, append([]tenon.Option{ratelimit.In(k)}, opts...)...)
	register(app)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return &service{app, t, c}
}

// one is an app with GET /ping.
func one(t *testing.T, opts ...tenon.Option) *service {
	t.Helper()
	return serve(t, func(a *tenon.App) { a.Get("/ping", ping, opts...) })
}

// call makes a request from an address. Fields of the header follow as pairs.
func (s *service) call(method, target, from string, fields ...string) *http.Response {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, target, strings.NewReader(""))
	r.RemoteAddr = from
	if !strings.Contains(from, ":") || strings.Count(from, ":") > 1 && from[0] != '[' {
		r.RemoteAddr = "[" + from + "]:4000"
		if !strings.Contains(from, ":") {
			r.RemoteAddr = from + ":4000"
		}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// passes makes n requests and counts those that are not refused.
func (s *service) passes(n int, target, from string, fields ...string) int {
	s.t.Helper()
	passed := 0
	for range n {
		if s.call(http.MethodGet, target, from, fields...).StatusCode != http.StatusTooManyRequests {
			passed++
		}
	}
	return passed
}

const (
	ada = "203.0.113.1"
	bob = "203.0.113.2"
)
