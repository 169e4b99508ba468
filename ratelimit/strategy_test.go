package ratelimit_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ratelimit"
)

// most is the most of the hits that lie in one window; those at both of its ends are not in the same.
func most(hits []time.Time, window time.Duration) int {
	most, from := 0, 0
	for i, hit := range hits {
		for hit.Sub(hits[from]) >= window {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// TestSD054SlidingWindow holds the strategy against a list of all that passed: no window has more than the limit, and nothing is refused while a window
// that is one slice longer has less.
func TestSD054SlidingWindow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		count int
		slice time.Duration
	}{{1, 0}, {10, 0}, {60, 0}, {61, time.Second}, {200, time.Second}, {1000, time.Second}} {
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%d a minute, seed %d", tt.count, seed), func(t *testing.T) {
				t.Parallel()
				random, c := rand.New(rand.NewPCG(seed, 1)), newClock()
				m, err := keeper(t, ratelimit.Config{Store: c.memory(t)}).Meter("test", fmt.Sprintf("%d/minute", tt.count))
				if err != nil {
					t.Fatal(err)
				}
				c.add(time.Duration(random.Int64N(int64(time.Hour))))
				var passed []time.Time
				for range 10 * tt.count {
					c.add(pause(random, tt.count))
					if m.Take(t.Context(), "ada") == nil {
						passed = append(passed, c.now())
						continue
					}
					recent := 0
					for _, hit := range passed {
						if c.now().Sub(hit) < time.Minute+tt.slice {
							recent++
						}
					}
					if recent < tt.count {
						t.Fatalf("refused, with %d passed within the last minute and a slice", recent)
					}
				}
				if got := most(passed, time.Minute); got > tt.count {
					t.Errorf("%d passed within a minute", got)
				}
			})
		}
	}
}

// pause is none, a short one, or one that is about as long as a window or a slice of it.
func pause(random *rand.Rand, count int) time.Duration {
	switch random.IntN(8) {
	case 0, 1, 2:
		return 0
	case 3:
		return time.Duration(random.Int64N(int64(2 * time.Second)))
	case 4:
		return time.Second - 1 + time.Duration(random.IntN(3))
	case 5:
		if random.IntN(count) == 0 {
			return time.Minute - 1 + time.Duration(random.IntN(3))
		}
	}
	return time.Duration(random.Int64N(2 * int64(time.Minute) / int64(count)))
}

// TestSL05Boundary sends what a window has at its end, and again at once in the next.
func TestSL05Boundary(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limit ratelimit.Limit
		want  int // of 20 requests a second before a minute is over, and 20 a second after
	}{
		{ratelimit.Limit{Per: "10/minute"}, 10},
		{ratelimit.Limit{Per: "10/minute", Strategy: ratelimit.FixedWindow}, 19}, // the first began it
		{ratelimit.Limit{Per: "10/minute", Strategy: ratelimit.TokenBucket, Burst: 2}, 2},
	} {
		s := one(t, tt.limit.Option())
		if got := s.passes(1, "/ping", ada); got != 1 {
			t.Fatal("the first is refused")
		}
		s.clock.add(59 * time.Second)
		got := s.passes(20, "/ping", ada)
		s.clock.add(2 * time.Second)
		got += s.passes(20, "/ping", ada)
		if got != tt.want {
			t.Errorf("%s: %d pass, want %d", tt.limit.Strategy, got, tt.want)
		}
	}
}

// TestSD054TokenBucket lets a burst through, and then one at each of its beats.
func TestSD054TokenBucket(t *testing.T) {
	t.Parallel()
	s := one(t, ratelimit.Limit{Per: "60/minute", Strategy: ratelimit.TokenBucket, Burst: 5}.Option())
	if got := s.passes(10, "/ping", ada); got != 5 {
		t.Errorf("%d of 10 at once pass, want 5", got)
	}
	if got := s.call(http.MethodGet, "/ping", ada).Header.Get("Retry-After"); got != "1" {
		t.Errorf("who finds none is told to come again in %s s, want 1", got)
	}
	for range 10 {
		s.clock.add(time.Second)
		if got := s.passes(2, "/ping", ada); got != 1 {
			t.Errorf("%d pass a second later, want 1", got)
		}
	}
	s.clock.add(time.Hour)
	if got := s.passes(10, "/ping", ada); got != 5 {
		t.Errorf("%d of 10 at once pass an hour later, want 5", got)
	}
}

// TestSD050Joined holds all rates of a text, and takes from none what another refuses.
func TestSD050Joined(t *testing.T) {
	t.Parallel()
	s := one(t, ratelimit.Per("2/second; 5/minute"))
	for second, want := range []int{2, 2, 1, 0} {
		if got := s.passes(4, "/ping", ada); got != want {
			t.Errorf("in second %d %d pass, want %d", second, got, want)
		}
		s.clock.add(time.Second)
	}
}

func TestSL06Cost(t *testing.T) {
	t.Parallel()
	by := func(r *http.Request) int {
		return map[string]int{"": 1, "free": 0, "below": -5, "three": 3, "huge": 1000}[r.Header.Get("X-Cost")]
	}
	for _, tt := range []struct {
		name  string
		limit ratelimit.Limit
		costs []string
		want  int
	}{
		{"a fixed one", ratelimit.Limit{Per: "10/minute", Cost: 3}, []string{"", "", "", ""}, 3},
		{"by the request", ratelimit.Limit{Per: "10/minute", CostOf: by}, []string{"three", "three", "three", "three", ""}, 4},
		{"free ones", ratelimit.Limit{Per: "1/minute", CostOf: by}, []string{"", "", "free", "free"}, 3},
		{"below nothing", ratelimit.Limit{Per: "2/minute", CostOf: by}, []string{"below", "below", "below"}, 2},
		{"more than there is takes all", ratelimit.Limit{Per: "10/minute", CostOf: by}, []string{"huge", "", ""}, 1},
		{"more than there is wants all", ratelimit.Limit{Per: "10/minute", CostOf: by}, []string{"", "huge"}, 1},
		{"for many", ratelimit.Limit{Per: "1000/minute", Cost: 400}, []string{"", "", ""}, 2},
		{"of a bucket", ratelimit.Limit{Per: "10/minute", Cost: 4, Strategy: ratelimit.TokenBucket}, []string{"", "", ""}, 2},
		{"of a fixed window", ratelimit.Limit{Per: "10/minute", Cost: 4, Strategy: ratelimit.FixedWindow}, []string{"", "", ""}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, got := one(t, tt.limit.Option()), 0
			for _, cost := range tt.costs {
				got += s.passes(1, "/ping", ada, "X-Cost", cost)
			}
			if got != tt.want {
				t.Errorf("%d pass, want %d", got, tt.want)
			}
		})
	}
}

// TestSL03Plans has the plan of each request, and the first for names that there are not.
func TestSL03Plans(t *testing.T) {
	t.Parallel()
	s := one(t, ratelimit.Limit{
		Choose: func(r *http.Request) string { return r.Header.Get("X-Plan") },
		Plans:  []ratelimit.Plan{{Name: "free", Per: "2/minute"}, {Name: "paid", Per: "7/minute"}},
	}.Option())
	if got := s.passes(10, "/ping", ada, "X-Plan", "paid"); got != 7 {
		t.Errorf("%d pass on plan paid, want 7", got)
	}
	if got := s.passes(10, "/ping", ada) + s.passes(10, "/ping", ada, "X-Plan", "free") + s.passes(10, "/ping", ada, "X-Plan", "gold"); got != 2 {
		t.Errorf("%d pass on plan free, want 2", got)
	}
	if got := s.passes(10, "/ping", bob, "X-Plan", "gold"); got != 2 {
		t.Errorf("%d of another pass on a plan that there is not, want 2", got)
	}
}

func TestSL06Except(t *testing.T) {
	t.Parallel()
	s := serve(t, func(a *tenon.App) {
		a.Get("/ping", ping, ratelimit.Limit{Per: "1/minute", Except: []ratelimit.Exception{
			{Reason: "monitoring", When: func(r *http.Request) bool { return r.Header.Get("X-Probe") != "" }},
		}}.Option())
	})
	if got := s.passes(5, "/ping", ada, "X-Probe", "1"); got != 5 {
		t.Errorf("%d of 5 exceptions pass", got)
	}
	if got := s.passes(5, "/ping", ada); got != 1 {
		t.Errorf("%d of others pass, want 1", got)
	}
	if got := s.Operations()[0].Rates; len(got) != 1 || got[0] != "1/minute per address, except monitoring" {
		t.Errorf("explain tells %q", got)
	}
}

// TestSD054ClockPutBack has nobody wait longer than two windows, however far the clock is put back, and is strict where it is put back a little.
func TestSD054ClockPutBack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limit ratelimit.Limit
		all   int
	}{
		{ratelimit.Limit{Per: "10/minute"}, 10},
		{ratelimit.Limit{Per: "600/minute", Cost: 60}, 10},
		{ratelimit.Limit{Per: "10/minute", Strategy: ratelimit.FixedWindow}, 10},
		{ratelimit.Limit{Per: "60/minute", Strategy: ratelimit.TokenBucket, Burst: 10}, 10},
	} {
		for _, back := range []time.Duration{time.Second, 30 * time.Second, 90 * time.Second, 24 * time.Hour} {
			s := one(t, tt.limit.Option())
			s.passes(20, "/ping", ada)
			s.clock.add(-back)
			if got := s.passes(20, "/ping", ada); back == time.Second && got != 0 {
				t.Errorf("%+v: %d pass a second before all was used up", tt.limit, got)
			}
			s.clock.add(2*time.Minute + time.Second)
			if got := s.passes(20, "/ping", ada); got != tt.all {
				t.Errorf("%+v: %d of 20 pass two minutes after the clock was put back by %v, want %d", tt.limit, got, back, tt.all)
			}
		}
	}
}
