package session_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/session"
	"github.com/tenon-go/tenon/store"
)

// spied is a store that notes what it is asked, and fails where it is told to.
type spied struct {
	store.Store

	mu   sync.Mutex
	keys []string
	fail map[string]bool
}

func (s *spied) note(call string, keys ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, keys...)
	if s.fail[call] {
		return fmt.Errorf("%w: the test says so", store.ErrUnavailable)
	}
	return nil
}

func (s *spied) failing(calls ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = map[string]bool{}
	for _, call := range calls {
		s.fail[call] = true
	}
}

func (s *spied) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := s.note("get", keys...); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, keys...)
}

func (s *spied) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := s.note("set", key); err != nil {
		return err
	}
	return s.Store.Set(ctx, key, value, ttl)
}

func (s *spied) Update(ctx context.Context, key string, change store.Change) error {
	if err := s.note("update", key); err != nil {
		return err
	}
	return s.Store.Update(ctx, key, change)
}

func (s *spied) Delete(ctx context.Context, keys ...string) error {
	if err := s.note("delete", keys...); err != nil {
		return err
	}
	return s.Store.Delete(ctx, keys...)
}

func newSpied(t *testing.T, clock *clock) *spied {
	t.Helper()
	return &spied{Store: newStore(t, clock)}
}

// TestTheStoreKnowsNoCookie: who reads the store cannot take a session over.
func TestTheStoreKnowsNoCookie(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	spy := newSpied(t, clock)
	b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: spy, Now: clock.now})))
	b.do("PUT", "/login")
	id := b.cookies["__Host-session"]
	if len(id) != 43 {
		t.Errorf("the id is %q, want 32 bytes in base64url", id)
	}
	b.do("GET", "/visit").At("/user", `"ada"`)
	for _, key := range spy.keys {
		if strings.Contains(key, id) || !strings.HasPrefix(key, "session:") {
			t.Errorf("the store has the key %s", key)
		}
		b.server.With("Cookie", "__Host-session="+strings.TrimPrefix(key, "session:")).Get("/visit").At("/empty", "true")
	}
}

// TestAStoreThatIsLostIsNoEmptySession: nobody is signed out, and nobody's session is replaced, because a store cannot be asked.
func TestAStoreThatIsLostIsNoEmptySession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, call, method, path string }{
		{"when it is read", "get", "GET", "/visit"},
		{"when it begins", "set", "PUT", "/login"},
		{"when it changes", "update", "PUT", "/visit"},
		{"when it is renewed", "update", "PUT", "/login"},
		{"when it is destroyed", "delete", "DELETE", "/visit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			clock := &clock{}
			spy := newSpied(t, clock)
			b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: spy, Now: clock.now})))
			b.do("PUT", "/visit")
			spy.failing(tt.call)
			if r := b.do(tt.method, tt.path).Status(503).Problem("unavailable"); r.Headers["Set-Cookie"] != nil {
				t.Errorf("%q is set", r.Headers["Set-Cookie"])
			}
			spy.failing()
			b.do("GET", "/visit").Status(200).JSON(`{"empty":false,"user":"","count":1}`)
		})
	}
}

// TestWhatOneRequestEndsAnotherDoesNotBringBack: a slow request that changes a session is not a way around a logout.
func TestWhatOneRequestEndsAnotherDoesNotBringBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		does func(of *session.Of[visit]) error
	}{
		{"by a change", func(of *session.Of[visit]) error { return of.Change(count) }},
		{"by a new id", func(of *session.Of[visit]) error { of.Renew(); return nil }},
		{"by a change and a new id", func(of *session.Of[visit]) error { of.Renew(); return of.Change(count) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			clock := &clock{}
			memory := newStore(t, clock)
			spy := &spied{Store: memory}
			app := newApp(t, newSessions(t, session.Config{Store: spy, Now: clock.now}))
			inside, goOn := make(chan struct{}), make(chan struct{})
			app.Put("/slow", func(_ context.Context, in *visiting) (*seen, error) {
				close(inside)
				<-goOn
				err := tt.does(in.Session)
				return sight(in.Session), err
			})
			b := newBrowser(t, app)
			b.do("PUT", "/visit")
			slow := b.other()
			done := make(chan struct{})
			go func() {
				defer close(done)
				if r := slow.do("PUT", "/slow").Status(200); r.Headers["Set-Cookie"] != nil {
					t.Errorf("an answer that comes late sets %q", r.Headers["Set-Cookie"])
				}
			}()
			<-inside
			b.do("DELETE", "/visit")
			close(goOn)
			<-done
			slow.do("GET", "/visit").At("/empty", "true")
			for _, key := range spy.keys {
				if kept, err := memory.Get(t.Context(), key); err != nil || kept[0] != nil {
					t.Errorf("the store still has %q, %v", kept, err)
				}
			}
		})
	}
}

// TestParallelRequestsLoseNothing: what many requests of one browser change at once is all there afterwards.
func TestParallelRequestsLoseNothing(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: newStore(t, clock), Now: clock.now})))
	b.do("PUT", "/visit")
	var all sync.WaitGroup
	for range 50 {
		one := b.other()
		all.Go(func() { one.do("PUT", "/visit").Status(200) })
	}
	all.Wait()
	b.do("GET", "/visit").At("/count", "51")
}

// TestARenewedSessionHasWhatOthersChanged: what another request changes until the old id ends goes on under the new one.
func TestARenewedSessionHasWhatOthersChanged(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	app := newApp(t, newSessions(t, session.Config{Store: newStore(t, clock), Now: clock.now}))
	inside, goOn := make(chan struct{}), make(chan struct{})
	app.Put("/slow", func(_ context.Context, in *visiting) (*seen, error) {
		close(inside)
		<-goOn
		in.Session.Renew()
		err := in.Session.Change(func(v *visit) { v.User = "ada" })
		return sight(in.Session), err
	})
	b := newBrowser(t, app)
	b.do("PUT", "/visit")
	slow := b.other()
	done := make(chan struct{})
	go func() {
		defer close(done)
		slow.do("PUT", "/slow").Status(200)
	}()
	<-inside
	b.do("PUT", "/visit")
	close(goOn)
	<-done
	slow.do("GET", "/visit").JSON(`{"empty":false,"user":"ada","count":2}`)
	b.do("GET", "/visit").At("/empty", "true")
}

// TestParallelRequestsOfManyBrowsers: no value reaches another browser.
func TestParallelRequestsOfManyBrowsers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, cfg session.Config, _ *clock) {
		t.Helper()
		app := newApp(t, newSessions(t, cfg))
		var all sync.WaitGroup
		for n := range 20 {
			one := newBrowser(t, app)
			all.Go(func() {
				for range n + 1 {
					one.do("PUT", "/visit").Status(200)
				}
				one.do("GET", "/visit").At("/count", strconv.Itoa(n+1))
			})
		}
		all.Wait()
	})
}

// TestASessionOfAnotherTypeIsLeftAlone: a program that cannot read a session takes it for empty, and leaves it to those who can.
func TestASessionOfAnotherTypeIsLeftAlone(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	shared := newStore(t, clock)
	b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: shared, Now: clock.now})))
	b.do("PUT", "/visit")
	type other struct {
		Count []string `json:"count"`
	}
	others, err := session.New[other](session.Config{Store: shared, Now: clock.now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	app := tenon.New(tenon.Config{}, others.Use())
	app.Get("/visit", func(_ context.Context, in *struct {
		Session *session.Of[other] `dep:""`
	}) (*seen, error) {
		return &seen{Empty: in.Session.Empty()}, nil
	})
	(&browser{t: t, server: newBrowser(t, app).server, cookies: b.cookies}).do("GET", "/visit").At("/empty", "true")
	b.do("GET", "/visit").At("/count", "1")
}

// TestWhatIsKeptInTheStoreEndsThereToo: the store has each session no longer than it lives.
func TestWhatIsKeptInTheStoreEndsThereToo(t *testing.T) {
	t.Parallel()
	clock := &clock{}
	memory := newStore(t, clock)
	b := newBrowser(t, newApp(t, newSessions(t, session.Config{Store: memory, Now: clock.now, Idle: time.Hour})))
	spy := &spied{Store: memory}
	b.do("PUT", "/visit")
	newBrowser(t, newApp(t, newSessions(t, session.Config{Store: spy, Now: clock.now}))).server.
		With("Cookie", b.header()).Get("/visit").At("/count", "1")
	for _, step := range []struct {
		passes time.Duration
		there  bool
	}{{time.Hour - time.Second, true}, {time.Second, false}} {
		clock.pass(step.passes)
		kept, err := memory.Get(t.Context(), spy.keys...)
		if err != nil || bytes.Equal(kept[0], nil) == step.there {
			t.Errorf("after %v more: %q, %v", step.passes, kept, err)
		}
	}
}
