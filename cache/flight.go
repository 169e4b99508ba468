package cache

import (
	"sync"
	"sync/atomic"
)

// flights are those who make something, by what they make, so that others wait for them. The zero value is empty.
type flights[K comparable, V any] struct {
	mu    sync.Mutex
	all   map[K]*flight[V]
	ended atomic.Int64
}

// flight is one who makes something.
type flight[V any] struct {
	done   chan struct{} // closed when it is known what came of it
	value  V
	shared bool // it is good for others too
}

// join begins a flight, or finds the one that is under way.
func (f *flights[K, V]) join(key K) (flown *flight[V], leads bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if under, ok := f.all[key]; ok {
		return under, false
	}
	if f.all == nil {
		f.all = map[K]*flight[V]{}
	}
	flown = &flight[V]{done: make(chan struct{})}
	f.all[key] = flown
	return flown, true
}

// land tells those who wait what came of a flight; only the first time counts.
func (f *flights[K, V]) land(flown *flight[V], value V, shared bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-flown.done:
	default:
		flown.value, flown.shared = value, shared
		close(flown.done)
	}
}

// end ends a flight: who comes later begins another. Who leads that, and had looked for what is kept when fewer had ended, looks once more: what it
// makes may have been kept meanwhile.
func (f *flights[K, V]) end(key K, flown *flight[V]) {
	f.ended.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all[key] == flown {
		delete(f.all, key)
	}
}

// current does something unless the flight was forgotten; nobody forgets it meanwhile, nor joins or ends another: it does not wait for anything.
func (f *flights[K, V]) current(key K, flown *flight[V], do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all[key] == flown {
		do()
	}
}

// forget has who comes later begin another flight, and does something before anybody can.
func (f *flights[K, V]) forget(key K, do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, key)
	do()
}
