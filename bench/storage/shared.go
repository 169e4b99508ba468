package storage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// settled is how long after its Valkey is lost the store may be slower.
const settled = 2 * time.Second

// Shared takes the Valkey of the store away under a steady load of ordinary routes: it is killed, answers a second late, is full, and is emptied, each
// for a while. No request is answered with a 5xx, and nobody passes uncounted. Where slack is above 0, the 99th percentile of each route is at most that
// above what it was before, from two seconds after the loss on.
func Shared(tb testing.TB, each, slack time.Duration) {
	tb.Helper()
	server := valkeytest.Start(tb)
	proxy := datatest.StartProxy(tb, server.URL())
	p := startProcess(tb, SQLite.fresh(tb), "STORE_VALKEY="+proxy.URL(), "STORE_TRUSTED_PROXIES=127.0.0.1/32",
		"STORE_LIMIT=1000000000/second") // each request is counted there, and none is beyond it
	newLedger(tb, p)
	t := &traffic{p: p, all: slack > 0}
	ctx, end := context.WithCancel(tb.Context())
	var group sync.WaitGroup
	for _, r := range ordinary {
		group.Go(func() { t.send(ctx, r) })
	}
	base := t.during("there", each, func() {})
	phases, back := []*phase{base}, max(each, settled)
	for _, loss := range []struct {
		name     string
		do, undo func()
	}{
		{"killed", func() { server.Kill(tb) }, func() { server.Start(tb) }},
		{"a second late", func() { proxy.Set(datatest.Toxic{Delay: time.Second / 2}) }, func() { proxy.Set(datatest.Toxic{}) }}, // each way
		{"full", func() { server.Do(tb, "CONFIG", "SET", "maxmemory", "1") }, func() { server.Do(tb, "CONFIG", "SET", "maxmemory", "0") }},
		{"emptied", func() { server.Do(tb, "FLUSHALL") }, func() {}},
	} {
		phases = append(phases, t.during(loss.name, each, loss.do), t.during("there again", back, loss.undo))
		counts(tb, server)
	}
	end()
	group.Wait()
	p.lives(tb)
	p.stop(tb)
	want := 3
	if !t.all {
		want = 1 // a machine that is busy may find Valkey again only after the next loss
	}
	if n := strings.Count(p.log.String(), "limits are counted in this process alone"); n < want {
		tb.Errorf("limits were counted without Valkey %d times, want it each time that it is killed, late and full", n)
	}
	there := map[string][]time.Duration{}
	for i, ph := range phases {
		for name, took := range ph.took {
			if i%2 == 0 { // before the first loss, and after each
				there[name] = append(there[name], took...)
			}
		}
	}
	for i, ph := range phases {
		ph.tell(tb, there, slack, i%2 == 1)
	}
}

// counts waits until the store counts in Valkey again.
func counts(tb testing.TB, server *valkeytest.Server) {
	tb.Helper()
	for end := time.Now().Add(longWait); server.Do(tb, "DBSIZE") == "0"; <-time.After(again / 100) {
		if time.Now().After(end) {
			tb.Fatalf("nothing is in Valkey %v after it was back", longWait)
		}
	}
}

// route is a request that is sent so often in a second.
type route struct {
	name, method, path, body string
	often                    int
	one                      bool // from one address, all the time of a phase
	want                     []int
}

// ordinary are routes that need nothing of Valkey, answer by what it keeps, or count in it.
var ordinary = []route{
	{name: "product", method: http.MethodGet, path: "/api/v2/products/1", often: 50, want: []int{http.StatusOK}},
	{name: "stats", method: http.MethodGet, path: "/api/v2/stats", often: 50, want: []int{http.StatusOK}},
	{name: "quota", method: http.MethodGet, path: "/api/v2/quota", often: 50, want: []int{http.StatusOK}},
	{name: "quota of one", method: http.MethodGet, path: "/api/v2/quota", often: 20, one: true, want: []int{http.StatusOK, http.StatusTooManyRequests}},
	{name: "login", method: http.MethodPost, path: login, body: credentials, often: 2, want: []int{http.StatusOK}},
}

// most is how many requests of one address pass in a phase: its limit, once more in a Valkey that was emptied, and once more without one.
const most = 3 * 10

// traffic is the load, and what became of it.
type traffic struct {
	p   *process
	all bool // also those count that are refused because the machine has too much to do

	mu    sync.Mutex
	phase *phase
}

// phase is a time in which one thing is wrong with Valkey, or nothing.
type phase struct {
	name    string
	address string // of the requests from one

	mu     sync.Mutex
	since  time.Time                  // it is so; zero is not yet
	took   map[string][]time.Duration // by route, of those that came when all had settled
	sent   int
	passed int // of one address
	failed map[string]int
}

// during is a phase that takes so long from when it is made so.
func (t *traffic) during(name string, d time.Duration, begin func()) *phase {
	ph := &phase{name: name, address: address(), took: map[string][]time.Duration{}, failed: map[string]int{}}
	t.mu.Lock()
	t.phase = ph
	t.mu.Unlock()
	<-time.After(again / 4) // in which one address counts
	begin()
	ph.mu.Lock()
	ph.since = time.Now()
	ph.mu.Unlock()
	<-time.After(d)
	return ph
}

func address() string {
	return fmt.Sprintf("10.%d.%d.%d", rand.N(256), rand.N(256), rand.N(256)) //nolint:gosec // an address is no secret
}

// send sends the requests of a route, whether or not those before have been answered, until ctx ends.
func (t *traffic) send(ctx context.Context, r route) {
	var group sync.WaitGroup
	defer group.Wait()
	tick := time.NewTicker(time.Second / time.Duration(r.often))
	defer tick.Stop()
	for ctx.Err() == nil {
		<-tick.C
		t.mu.Lock()
		ph := t.phase
		t.mu.Unlock()
		if ph == nil {
			continue
		}
		from := address()
		if r.one {
			from = ph.address
		}
		group.Go(func() {
			a := t.p.do(context.WithoutCancel(ctx), r.method, r.path, r.body, map[string]string{"X-Forwarded-For": from})
			if a.code == "overloaded" && !t.all {
				return
			}
			ph.note(r, a)
		})
	}
}

func (ph *phase) note(r route, a answer) {
	ph.mu.Lock()
	defer ph.mu.Unlock()
	ph.sent++
	switch {
	case !slices.Contains(r.want, a.status):
		ph.failed[fmt.Sprintf("%s: %d %s %v", r.name, a.status, a.code, a.err)]++
	case r.one && a.status == http.StatusOK:
		ph.passed++
	}
	if !ph.since.IsZero() && a.begun.Sub(ph.since) >= settled {
		ph.took[r.name] = append(ph.took[r.name], a.had.Sub(a.begun))
	}
}

// tell says how the phase went, and what should not have been. there is how long requests take while nothing is wrong.
func (ph *phase) tell(tb testing.TB, there map[string][]time.Duration, slack time.Duration, lost bool) {
	tb.Helper()
	failed := 0
	for what, n := range ph.failed {
		failed += n
		tb.Errorf("%s: %d times %s", ph.name, n, what)
	}
	said := []string{fmt.Sprintf("Valkey %s: %d requests, %d failed, %d of one address passed", ph.name, ph.sent, failed, ph.passed)}
	for _, r := range ordinary {
		took := ph.took[r.name]
		if slack <= 0 || len(took) == 0 {
			continue
		}
		late, usual := percentile(took, 99), percentile(there[r.name], 99)
		said = append(said, fmt.Sprintf("%s p50 %v p99 %v", r.name, percentile(took, 50).Round(tenth), late.Round(tenth)))
		if lost && len(took) >= 100 && late > usual+slack { // of fewer, one decides
			tb.Errorf("%s: %s takes %v at the 99th percentile, and %v while Valkey is there", ph.name, r.name, late, usual)
		}
	}
	tb.Logf("%s", strings.Join(said, "; "))
	if ph.passed > most {
		tb.Errorf("%s: %d requests of one address passed, want %d at most", ph.name, ph.passed, most)
	}
}

const tenth = time.Millisecond / 10

// percentile is the least time that so many percent do not exceed.
func percentile(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)*percent+99)/100-1]
}
