package admit_test

import (
	"context"
	"errors"
	"math"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon/internal/admit"
)

// calm is a gate of ten places, two of them in reserve, on a machine that waits for nothing.
func calm() admit.Config {
	return admit.Config{
		Min: 10, Start: 10, Max: 10, Queue: 4, Patience: 500 * time.Millisecond, Reserve: 0.2, Streams: 2,
		Pressure: func() float64 { return 0 }, Memory: func() float64 { return 0 }, Now: time.Now,
	}
}

// enter takes n places at once.
func enter(t *testing.T, g *admit.Gate, n int, critical bool) []*admit.Place {
	t.Helper()
	var places []*admit.Place
	for range n {
		p := &admit.Place{}
		if err := g.Enter(t.Context(), critical, p); err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	return places
}

// later enters in a goroutine, and tells how that ended and when.
type result struct {
	err   error
	after time.Duration
}

func later(ctx context.Context, g *admit.Gate, critical bool) (*admit.Place, chan result) {
	p, done, began := &admit.Place{}, make(chan result, 1), time.Now()
	go func() {
		err := g.Enter(ctx, critical, p)
		done <- result{err, time.Since(began)}
	}()
	synctest.Wait()
	return p, done
}

func TestAGateKeepsAReserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		enter(t, g, 8, false)
		_, ordinary := later(t.Context(), g, false)
		enter(t, g, 2, true)
		_, critical := later(t.Context(), g, true)
		if s := g.State(); s != (admit.State{Places: 10, Inside: 10, Waiting: 2}) {
			t.Errorf("%+v", s)
		}
		for _, done := range []chan result{ordinary, critical} {
			if r := <-done; !errors.Is(r.err, admit.ErrFull) {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestWhoWaitsIsServedInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		places := enter(t, g, 8, false)
		places = append(places, enter(t, g, 2, true)...)
		_, first := later(t.Context(), g, false)
		_, second := later(t.Context(), g, false)
		_, critical := later(t.Context(), g, true)
		places[0].Leave()
		places[0].Leave() // a place is given back once
		synctest.Wait()
		if len(critical) != 1 || len(first) != 0 {
			t.Error("the critical one is not the first")
		}
		places[1].Leave()
		places[2].Leave()
		places[3].Leave()
		synctest.Wait()
		if len(first) != 1 || len(second) != 0 {
			t.Error("not in order, or into the reserve")
		}
		places[4].Leave()
		if r := <-second; r.err != nil {
			t.Error(r.err)
		}
		if s := g.State(); s.Inside != 8 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestWhoWaitsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		busy func(t *testing.T, g *admit.Gate)
		want time.Duration
	}{
		{"in a burst, after the patience", func(*testing.T, *admit.Gate) {}, 500 * time.Millisecond},
		{"in an overload, after 50 ms", func(t *testing.T, g *admit.Gate) {
			t.Helper()
			later(t.Context(), g, false)
			time.Sleep(101 * time.Millisecond) // of the bubble
		}, 50 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := admit.New(calm())
				enter(t, g, 8, false)
				tt.busy(t, g)
				_, done := later(t.Context(), g, false)
				if r := <-done; !errors.Is(r.err, admit.ErrFull) || r.after != tt.want {
					t.Errorf("%+v, want %v", r, tt.want)
				}
			})
		})
	}
}

func TestWhoWaitedTooLongDoesNotKeepOthersFromAPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		places := enter(t, g, 8, false)
		_, old := later(t.Context(), g, false)
		time.Sleep(120 * time.Millisecond)
		_, fresh := later(t.Context(), g, false)
		places[0].Leave()
		if r := <-old; !errors.Is(r.err, admit.ErrFull) || r.after != 120*time.Millisecond {
			t.Errorf("the old one: %+v", r)
		}
		if r := <-fresh; r.err != nil || r.after != 0 {
			t.Errorf("the fresh one: %+v", r)
		}
	})
}

func TestAQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		enter(t, g, 8, false)
		for range 4 {
			later(t.Context(), g, false)
		}
		if _, done := later(t.Context(), g, false); len(done) != 1 {
			t.Error("a fifth one waits")
		}
	})
}

func TestAClientThatLeavesGivesUpItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		places := enter(t, g, 8, false)
		ctx, cancel := context.WithCancel(t.Context())
		_, gone := later(ctx, g, false)
		_, next := later(t.Context(), g, false)
		cancel()
		if r := <-gone; !errors.Is(r.err, context.Canceled) {
			t.Errorf("%+v", r)
		}
		places[0].Leave()
		if r := <-next; r.err != nil {
			t.Errorf("%+v", r)
		}
		if s := g.State(); s.Inside != 8 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAPlaceIsForOthersWhileItsClientIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		places := enter(t, g, 8, false)
		_, waiting := later(t.Context(), g, false)
		places[0].Pause()
		places[0].Pause() // it reads and writes at once
		if r := <-waiting; r.err != nil {
			t.Fatal(r.err)
		}
		places[0].Resume()
		if s := g.State(); s.Inside != 8 {
			t.Errorf("%+v: it is back though it waits still", s)
		}
		places[0].Resume()
		if s := g.State(); s.Inside != 9 {
			t.Errorf("%+v: it is not back", s)
		}
		places[1].Pause()
		places[1].Leave()
		places[1].Resume()
		if s := g.State(); s.Inside != 8 {
			t.Errorf("%+v: it left while it waited", s)
		}
	})
}

func TestStreamsHoldNoPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := admit.New(calm())
		places := enter(t, g, 8, false)
		for i, want := range []bool{true, true, false} {
			if places[i].Stream() != want {
				t.Errorf("stream %d: %v", i, !want)
			}
		}
		if !places[0].Stream() || g.State() != (admit.State{Places: 10, Inside: 6, Streams: 2}) {
			t.Errorf("%+v", g.State())
		}
		places[0].Leave()
		places[1].Leave()
		if s := g.State(); s.Streams != 0 || s.Inside != 6 {
			t.Errorf("%+v", s)
		}
		var none *admit.Place
		none.Pause()
		none.Resume()
		none.Leave()
		if !none.Stream() || !new(admit.Place).Stream() {
			t.Error("what has no place cannot stream")
		}
	})
}

func TestPlacesFollowThePressure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pressure atomic.Int64
		cfg := calm()
		cfg.Min, cfg.Start, cfg.Max = 10, 100, 200
		cfg.Pressure = func() float64 { return float64(pressure.Load()) }
		g := admit.New(cfg)
		places := enter(t, g, 80, false)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		turn := func(n int) {
			for range n {
				time.Sleep(10 * time.Millisecond)
				var p admit.Place
				if g.Enter(gone, false, &p) == nil {
					p.Leave()
				}
			}
		}
		pressure.Store(100)
		turn(50)
		if got := g.State().Places; got != 10 {
			t.Errorf("under pressure there are %d places, want 10", got)
		}
		_, done := later(t.Context(), g, false)
		if r := <-done; r.after != 50*time.Millisecond {
			t.Errorf("under pressure a request waits %v, want 50ms", r.after)
		}
		pressure.Store(3)
		turn(50)
		if got := g.State().Places; got != 10 {
			t.Errorf("at a pressure that is right there are %d places, want 10", got)
		}
		pressure.Store(0)
		waiting, done := later(t.Context(), g, false)
		if r := <-done; r.err != nil || r.after > 10*time.Millisecond {
			t.Errorf("without pressure a request waits: %+v", r)
		}
		waiting.Leave()
		if got := g.State().Places; got < 100 {
			t.Errorf("without pressure, and with all places taken, there are %d places, want 100 or more", got)
		}
		had := g.State().Places
		for _, p := range places[40:] {
			p.Leave()
		}
		turn(50)
		if got := g.State().Places; got != had {
			t.Errorf("without need there are %d places, want %d as before", got, had)
		}
	})
}

// TestRequestsThatWaitForSomethingElseFindRoom has as many at once as there may be, none of which computes.
func TestRequestsThatWaitForSomethingElseFindRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := calm()
		cfg.Min, cfg.Start, cfg.Max = 4, 16, 1000
		g := admit.New(cfg)
		enter(t, g, 790, false)
		if s := g.State(); s.Inside != 790 || s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestWhoWaitsIsServedWhenThePressureGoes has nobody who comes or leaves in the meantime.
func TestWhoWaitsIsServedWhenThePressureGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var pressure atomic.Int64
		pressure.Store(3)
		cfg := calm()
		cfg.Max, cfg.Pressure = 100, func() float64 { return float64(pressure.Load()) }
		g := admit.New(cfg)
		enter(t, g, 8, false)
		_, done := later(t.Context(), g, false)
		time.Sleep(15 * time.Millisecond)
		pressure.Store(0)
		if r := <-done; r.err != nil || r.after != 20*time.Millisecond {
			t.Errorf("%+v", r)
		}
	})
}

func TestAGateIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	cfg := calm()
	cfg.Patience, cfg.Queue = time.Millisecond, 1000
	g := admit.New(cfg)
	var inside, most, refused atomic.Int64
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			for j := range 200 {
				var p admit.Place
				if err := g.Enter(t.Context(), i%8 == 0, &p); err != nil {
					refused.Add(1)
					continue
				}
				n := inside.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
					continue
				}
				inside.Add(-1)
				if j%5 == 0 {
					p.Pause()
					p.Resume()
				}
				if j%7 == 0 {
					p.Stream()
				}
				p.Leave()
			}
		})
	}
	all.Wait()
	if s := g.State(); s != (admit.State{Places: 10}) {
		t.Errorf("%+v is left, %d refused", s, refused.Load())
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	_, err := admit.Open(admit.Limits{Requests: -1, Queue: -1, Streams: -1, Patience: -1})
	if err == nil || strings.Count(err.Error(), "want 0 (the default) or more") != 4 {
		t.Error(err)
	}
	for range 100 {
		if s := admit.RetryAfter(); s < 1 || s > 3 {
			t.Fatalf("Retry-After is %d", s)
		}
	}
	if p := admit.Runnable()(); p < 0 {
		t.Errorf("pressure %v", p)
	}
}

func TestAnOverloadLastsAMomentAfterItsLastSign(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		after time.Duration
		want  time.Duration
	}{
		{"a queue that became empty for a moment is still that of an overload", 500 * time.Millisecond, 50 * time.Millisecond},
		{"a second later one is that of a burst", 1100 * time.Millisecond, 500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := admit.New(calm())
				places := enter(t, g, 8, false)
				_, first := later(t.Context(), g, false)
				time.Sleep(110 * time.Millisecond)
				_, second := later(t.Context(), g, false)
				for _, done := range []chan result{first, second} {
					<-done
				}
				if s := g.State(); s.Waiting != 0 {
					t.Fatalf("%+v", s)
				}
				places[0].Leave()
				enter(t, g, 1, false) // all had room
				time.Sleep(tt.after)
				_, done := later(t.Context(), g, false)
				if r := <-done; !errors.Is(r.err, admit.ErrFull) || r.after != tt.want {
					t.Errorf("%+v, want %v", r, tt.want)
				}
			})
		})
	}
}

// TestAnOverloadIsSeenWhereNobodyIsEverInside has requests that compute without a pause: each runs from its first byte to its last before
// the next begins, so that the places stay empty while goroutines wait for the processor.
func TestAnOverloadIsSeenWhereNobodyIsEverInside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := calm()
		cfg.Pressure = func() float64 { return 10 }
		g := admit.New(cfg)
		for range 30 {
			for _, p := range enter(t, g, 1, false) {
				time.Sleep(5 * time.Millisecond) // of the bubble
				p.Leave()
			}
		}
		enter(t, g, 8, false) // who enters a crowd lets others run first, so these are inside together
		_, done := later(t.Context(), g, false)
		if r := <-done; !errors.Is(r.err, admit.ErrFull) || r.after != 50*time.Millisecond {
			t.Errorf("%+v, want that it is refused as in an overload, after 50 ms", r)
		}
	})
}

// TestMemoryThatRunsOutIsKeptForCriticalRequests has a process that holds more and more of what it may, and less again.
func TestMemoryThatRunsOutIsKeptForCriticalRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg, held := calm(), 0.0
		cfg.Memory = func() float64 { return held }
		g := admit.New(cfg)
		for _, tt := range []struct {
			held               float64
			ordinary, critical bool
		}{{1.05, true, true}, {1.06, false, true}, {1.08, false, true}, {1.09, false, false}, {1.06, false, true}, {1, true, true}} {
			held = tt.held
			time.Sleep(20 * time.Millisecond) // of the bubble
			for critical, want := range map[bool]bool{false: tt.ordinary, true: tt.critical} {
				p := &admit.Place{}
				err := g.Enter(t.Context(), critical, p)
				if p.Leave(); (err == nil) != want {
					t.Errorf("with %v of its memory, critical %t: %v", tt.held, critical, err)
				}
			}
		}
	})
}

// TestInUse follows the limit of this process.
func TestInUse(t *testing.T) { //nolint:paralleltest // It changes the limit of the process.
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	in := admit.InUse()
	debug.SetMemoryLimit(math.MaxInt64)
	if got := in(); got != 0 {
		t.Errorf("without a limit it is %v", got)
	}
	debug.SetMemoryLimit(1 << 40)
	if got := in(); got <= 0 || got > 0.1 {
		t.Errorf("of 1 TiB it is %v", got)
	}
	debug.SetMemoryLimit(1 << 10)
	if got := in(); got < 100 {
		t.Errorf("of 1 KiB it is %v", got)
	}
}
