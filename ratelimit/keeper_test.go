package ratelimit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
	"github.com/tenon-go/tenon/ratelimit"
	"github.com/tenon-go/tenon/store"
)

// replicas are apps that count in one store.
func replicas(t *testing.T, n int, st store.Store, opts ...tenon.Option) []*tenon.App {
	t.Helper()
	var all []*tenon.App
	for range n {
		app := tenon.New(tenon.Config{}, ratelimit.In(keeper(t, ratelimit.Config{Store: st})))
		app.Get("/ping", ping, opts...)
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		all = append(all, app)
	}
	return all
}

// race makes n calls at once, to the apps in turn, and counts those that pass.
func race(t *testing.T, apps []*tenon.App, n int) int {
	t.Helper()
	var passed atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ping", http.NoBody)
			w := httptest.NewRecorder()
			apps[i%len(apps)].ServeHTTP(w, r)
			if w.Code == http.StatusOK {
				passed.Add(1)
			}
		})
	}
	close(start)
	all.Wait()
	return int(passed.Load())
}

// TestN11Replicas has a hundred calls at once to three replicas of a service.
func TestN11Replicas(t *testing.T) {
	t.Parallel()
	for _, limit := range []ratelimit.Limit{
		{Per: "10/minute"}, {Per: "10/minute", Strategy: ratelimit.FixedWindow}, {Per: "10/hour", Strategy: ratelimit.TokenBucket},
		{Per: "10/minute; 20/hour"}, {Per: "100/minute", Cost: 10},
	} {
		for range 20 {
			apps := replicas(t, 3, newClock().memory(t), limit.Option())
			if got := race(t, apps, 100); got != 10 {
				t.Errorf("%+v: %d of 100 pass, want 10", limit, got)
			}
		}
	}
}

// faulty is a store that can be broken.
type faulty struct {
	store.Store

	broken atomic.Pointer[func(ctx context.Context) error]
	asked  atomic.Int64
}

func (f *faulty) breaks(how func(ctx context.Context) error) { f.broken.Store(&how) }

func (f *faulty) Update(ctx context.Context, key string, change store.Change) error {
	f.asked.Add(1)
	if how := f.broken.Load(); how != nil && *how != nil {
		if err := (*how)(ctx); err != nil {
			return err
		}
	}
	return f.Store.Update(ctx, key, change)
}

// lines keeps what was logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), text)
}

// TestSD055Lost counts in the process while the store is lost, tells once, and goes back to it.
func TestSD055Lost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		how  func(ctx context.Context) error
		most time.Duration // that 100 requests wait together
	}{
		{"down", func(context.Context) error { return store.ErrUnavailable }, 0},
		{"slow", func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
				return nil
			}
		}, 3 * 250 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				memory, err := store.NewMemory(store.Config{})
				if err != nil {
					t.Fatal(err)
				}
				st, log := &faulty{Store: memory}, &lines{}
				k := keeper(t, ratelimit.Config{Store: st, Logger: slog.New(slog.NewTextHandler(log, nil))})
				app := tenon.New(tenon.Config{}, ratelimit.In(k))
				app.Get("/ping", ping, ratelimit.Per("10/minute"))
				app.Get("/login", ping, ratelimit.Login())
				s := &service{App: app, t: t}
				if got := s.passes(4, "/ping", ada); got != 4 {
					t.Fatalf("%d of 4 pass", got)
				}
				st.breaks(tt.how)
				start := time.Now()
				if got := s.passes(100, "/ping", ada); got != 10 {
					t.Errorf("%d of 100 pass while the store is lost, want 10", got)
				}
				if got := time.Since(start); got > tt.most {
					t.Errorf("100 requests wait for %v, want at most %v", got, tt.most)
				}
				if got := s.passes(100, "/login", ada); got != 30 {
					t.Errorf("%d of 100 logins pass while the store is lost, want 30", got)
				}
				asked := st.asked.Load()
				for range 10 {
					time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
					s.passes(20, "/ping", bob)
				}
				if got := st.asked.Load() - asked; got > 11 {
					t.Errorf("the store that is lost is asked %d times in 10 s", got)
				}
				if stats := k.Stats(); !stats.Lost || stats.Spells != 1 || stats.Alone < 300 || log.count("the store is lost") != 1 {
					t.Errorf("what is told is %+v and\n%s", stats, log.text.String())
				}
				st.breaks(nil)
				time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
				if got := s.passes(20, "/ping", ada); got != 6 {
					t.Errorf("%d of 20 pass when the store is back, want 6", got)
				}
				if stats := k.Stats(); stats.Lost || log.count("in the store again") != 1 {
					t.Errorf("what is told is %+v and\n%s", stats, log.text.String())
				}
			})
		})
	}
}

// TestSD055Leaves counts those who leave before they are answered.
func TestSD055Leaves(t *testing.T) {
	t.Parallel()
	for _, st := range []store.Store{nil, newClock().memory(t), &faulty{Store: newClock().memory(t)}} {
		k := keeper(t, ratelimit.Config{Store: st})
		app := tenon.New(tenon.Config{}, ratelimit.In(k))
		app.Get("/ping", ping, ratelimit.Per("10/minute"))
		passed := 0
		for range 100 {
			ctx, leave := context.WithCancel(t.Context())
			leave()
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/ping", http.NoBody))
			if w.Code != http.StatusTooManyRequests {
				passed++
			}
		}
		if alone := k.Stats().Alone; passed != 10 || alone != 0 {
			t.Errorf("%T: %d of 100 pass, want 10; %d were not counted in the store", st, passed, alone)
		}
	}
}

// TestSD055Damaged takes what others wrote at a key for nothing.
func TestSD055Damaged(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "x", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x10short", "\x0512345", strings.Repeat("\x00", 100)} {
		for _, limit := range []ratelimit.Limit{
			{Per: "10/minute"}, {Per: "100/minute"}, {Per: "10/minute", Strategy: ratelimit.FixedWindow}, {Per: "10/hour", Strategy: ratelimit.TokenBucket}, {Concurrent: 3},
		} {
			st := &spoilt{Store: newClock().memory(t), value: value}
			for _, app := range replicas(t, 1, st, limit.Option()) {
				w := httptest.NewRecorder()
				app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ping", http.NoBody))
				if w.Code != http.StatusOK {
					t.Errorf("%q: %+v: %d", value, limit, w.Code)
				}
			}
		}
	}
}

// spoilt is a store in which another value stands at each key.
type spoilt struct {
	store.Store

	value string
}

func (s *spoilt) Update(ctx context.Context, key string, change store.Change) error {
	return s.Store.Update(ctx, key, func(now time.Time, _ []byte) ([]byte, time.Duration, bool) { return change(now, []byte(s.value)) })
}

func TestKeeperFaults(t *testing.T) {
	t.Parallel()
	if _, err := ratelimit.New(ratelimit.Config{Timeout: -1}); err == nil || !strings.Contains(err.Error(), "Timeout") {
		t.Errorf("a Timeout below 0 is %v", err)
	}
	k := keeper(t, ratelimit.Config{})
	for _, wrong := range [][2]string{{"", "1/minute"}, {"tab\t", "1/minute"}, {"mail", "1/never"}, {"mail", ""}} {
		if _, err := k.Meter(wrong[0], wrong[1]); err == nil {
			t.Errorf("a Meter of %q is made", wrong)
		}
	}
}

// TestSD056Meter counts by what only a handler knows.
func TestSD056Meter(t *testing.T) {
	t.Parallel()
	c := newClock()
	mails, err := keeper(t, ratelimit.Config{Store: c.memory(t)}).Meter("mails", ratelimit.MailsPerRecipient)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 7 {
		err := mails.Take(t.Context(), "ada@example.com")
		beyond, refused := ratelimit.ErrLimited.Of(err)
		if refused != (i >= 5) || refused && (beyond.Limit != "mails" || beyond.RetryAfter != 3600) {
			t.Errorf("mail %d: %v, %+v", i, err, beyond)
		}
	}
	if err := mails.Take(t.Context(), "bob@example.com"); err != nil {
		t.Error(err)
	}
	if err := mails.Take(t.Context(), strings.Repeat("x", 10_000)); err != nil {
		t.Error(err)
	}
	if err := mails.Take(t.Context(), ""); err == nil {
		t.Error("who has no key passes")
	}
}

// TestN11HotKey asks a slow store once for all who have come meanwhile, so that none of them waits too long for it.
func TestN11HotKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		st.breaks(func(context.Context) error {
			time.Sleep(200 * time.Millisecond) //nolint:forbidigo // in the time of the test
			return nil
		})
		start := time.Now()
		if got := race(t, replicas(t, 1, st, ratelimit.Per("10/minute")), 100); got != 10 {
			t.Errorf("%d of 100 pass, want 10", got)
		}
		if took, asked := time.Since(start), st.asked.Load(); took > 400*time.Millisecond || asked > 2 {
			t.Errorf("100 requests take %v and ask %d times", took, asked)
		}
	})
}

// TestN11Panic leaves nobody waiting when a store panics.
func TestN11Panic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		st.breaks(func(context.Context) error {
			time.Sleep(time.Millisecond) //nolint:forbidigo // in the time of the test
			panic(http.ErrAbortHandler)
		})
		var all sync.WaitGroup
		apps := replicas(t, 1, st, ratelimit.Per("10/minute"))
		for range 20 {
			all.Go(func() {
				if w := get(t.Context(), apps[0], "/ping"); w.Code == http.StatusOK && w.Body.Len() > 0 {
					t.Error("somebody passes uncounted")
				}
			})
		}
		all.Wait()
	})
}

type nested struct{}

// TestSD055OneCall takes what is wrong with one call for no outage: guards count it in the process, and Take returns it to its caller alone.
func TestSD055OneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st, odd := &faulty{Store: memory}, errors.New("within a transaction")
		k := keeper(t, ratelimit.Config{Store: st})
		app := tenon.New(tenon.Config{}, ratelimit.In(k))
		app.Get("/ping", ping, ratelimit.Per("10/minute"))
		mails, err := k.Meter("mails", "5/hour")
		if err != nil {
			t.Fatal(err)
		}
		st.breaks(func(context.Context) error { return odd })
		s := &service{App: app, t: t}
		if got := s.passes(100, "/ping", ada); got != 10 {
			t.Errorf("%d of 100 pass, want 10", got)
		}
		st.breaks(func(ctx context.Context) error {
			time.Sleep(time.Millisecond) //nolint:forbidigo // in the time of the test
			if ctx.Value(nested{}) != nil {
				return odd
			}
			return nil
		})
		var all sync.WaitGroup
		var passed, wrong atomic.Int64
		for i := range 20 {
			all.Go(func() {
				ctx := t.Context()
				if i%4 == 0 {
					ctx = context.WithValue(ctx, nested{}, true)
				}
				switch err := mails.Take(ctx, "ada"); {
				case errors.Is(err, odd):
					wrong.Add(1)
					if i%4 != 0 {
						t.Errorf("a call is answered the error of another: %v", err)
					}
				case err == nil:
					passed.Add(1)
				}
			})
			synctest.Wait() // the first asks, and its call is wrong
		}
		all.Wait()
		if passed.Load() != 5 || wrong.Load() < 1 {
			t.Errorf("%d pass, want 5, and %d are wrong", passed.Load(), wrong.Load())
		}
		if stats := k.Stats(); stats.Lost || stats.Spells != 0 {
			t.Errorf("the store is lost: %+v", stats)
		}
	})
}

// TestSD055Probe has one request a second wait for a store that hangs, and nobody else of the same key.
func TestSD055Probe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		st.breaks(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		apps := replicas(t, 1, st, ratelimit.Per("1000/minute"))
		for range 3 {
			race(t, apps, 1)
		}
		time.Sleep(time.Second) //nolint:forbidigo // in the time of the test
		var waited atomic.Int64
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				start := time.Now()
				get(t.Context(), apps[0], "/ping")
				if time.Since(start) > 0 {
					waited.Add(1)
				}
			})
		}
		all.Wait()
		if got := waited.Load(); got != 1 {
			t.Errorf("%d of 100 requests wait, want 1", got)
		}
	})
}

// TestSD055Contended counts in the process where others always come first at a store, which is not lost for that, and tells it when it listens.
func TestSD055Contended(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory, err := store.NewMemory(store.Config{})
		if err != nil {
			t.Fatal(err)
		}
		st := &faulty{Store: memory}
		st.breaks(func(context.Context) error { return fmt.Errorf("%w: %w", store.ErrContended, context.DeadlineExceeded) })
		k, other := keeper(t, ratelimit.Config{Store: st}), keeper(t, ratelimit.Config{Store: memory})
		passes := func(k *ratelimit.Keeper, n int) (passed int) {
			mails, err := k.Meter("mails", "5/hour")
			if err != nil {
				t.Fatal(err)
			}
			for range n {
				if mails.Take(t.Context(), "ada") == nil {
					passed++
				}
			}
			return passed
		}
		if got := passes(k, 3) + passes(k, 4); got != 5 || k.Stats().Lost {
			t.Errorf("%d of 7 pass, want 5; %+v", got, k.Stats())
		}
		st.breaks(nil)
		time.Sleep(2 * time.Second) //nolint:forbidigo // in the time of the test
		synctest.Wait()
		if got := passes(other, 3); got != 0 {
			t.Errorf("%d more pass at another replica a little later, want none", got)
		}
	})
}

// TestLocal has a limit count in each replica that is not worth a call of the store, beside one that is.
func TestLocal(t *testing.T) {
	t.Parallel()
	for _, limit := range []ratelimit.Limit{
		{Per: "5/hour", Local: true}, {Per: "5/hour", Local: true, By: ratelimit.Caller()}, {Concurrent: 5, Per: "5/hour", Local: true},
	} {
		st := &faulty{Store: newClock().memory(t)}
		apps := replicas(t, 2, st, limit.Option())
		for i, app := range apps {
			if got := race(t, []*tenon.App{app}, 10); got != 5 {
				t.Errorf("%+v: %d of 10 pass at replica %d, want 5", limit, got, i)
			}
		}
		if got := st.asked.Load(); got != 0 {
			t.Errorf("%+v: the store was asked %d times, want none", limit, got)
		}
		st = &faulty{Store: newClock().memory(t)}
		apps = replicas(t, 2, st, limit.Option(), ratelimit.Limit{Per: "7/day"}.Option())
		if got := race(t, apps, 20); got != 7 {
			t.Errorf("%+v: %d of 20 pass at two replicas, want the 7 of the limit that they share", limit, got)
		}
	}
}

// TestInProcess counts in a memory under a prefix as in the memory itself: where it stands, and no store can be lost.
func TestInProcess(t *testing.T) {
	t.Parallel()
	memory := newClock().memory(t)
	a, b := store.Prefix(store.Prefix(memory, "x:"), "a:"), store.Prefix(memory, "b:")
	for _, st := range []store.Store{a, b, store.Prefix(memory, strings.Repeat("long", 100))} {
		if got := race(t, replicas(t, 2, st, ratelimit.Per("5/hour")), 20); got != 5 {
			t.Errorf("%d of 20 pass, want 5", got)
		}
	}
	m, err := keeper(t, ratelimit.Config{Store: a}).Meter("test", "1000000/second")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Take(t.Context(), "key"); err != nil {
		t.Fatal(err)
	}
	if got := memory.Stats().Entries; got != 4 {
		t.Errorf("%d entries, want 4", got)
	}
}
