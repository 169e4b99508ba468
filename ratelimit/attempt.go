package ratelimit

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

// reading is where a key stands with one rule.
type reading struct {
	left int64
	full time.Duration // until all is left again
	wait time.Duration // until this request may come again; 0 is that it may
}

// attempt takes units of all rules of a set, or of none. It is pooled; change is its method run, made once.
type attempt struct {
	rules  []rule
	cost   int64
	id     uint64
	own    bool // the state that is there may be written over
	looks  bool // it takes nothing
	strict bool // it is not made in memory for an error that is no outage
	local  bool // no store is asked
	ok     bool
	change func(now time.Time, old []byte) ([]byte, time.Duration, bool)
	turn   chan []*attempt // tells one that waits in a queue: see queues.join
	asked  bool            // the store was asked for it
	err    error           // why it was not made by the one that asked for it

	readings []reading
	state    []byte // what is kept then, for ttl
	ttl      time.Duration
	key      []byte
	text     []byte // items of RateLimit
}

// attempts is shared by all apps: it holds scratch memory, no state.
var attempts = sync.Pool{New: func() any {
	a := new(attempt)
	a.change = a.run
	return a
}}

// slack is how much longer a state is kept than it means something, for clocks of stores that count in seconds.
const slack = time.Second

// run is a store.Change. The state is that of each rule behind its length.
func (a *attempt) run(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	if len(a.rules) == 1 && a.cost > 0 && !a.looks {
		return a.one(now, old)
	}
	a.ok, a.readings = true, a.readings[:0]
	at, rest, ttl := now.UnixNano(), old, time.Duration(0)
	for i := range a.rules {
		r, seen := &a.rules[i], reading{}
		var state []byte
		state, rest = section(rest)
		seen.left, seen.full = r.look(at, state)
		if cost := r.cost(a.cost); seen.left < cost {
			a.ok = false
			seen.wait = max(r.wait(at, state, cost), 1)
		}
		ttl = max(ttl, seen.full)
		a.readings = append(a.readings, seen)
	}
	if !a.ok || a.cost == 0 || a.looks {
		a.state, a.ttl = append(a.state[:0], old...), ttl+slack
		return old, slack, true
	}
	next, ttl := a.state[:0], time.Duration(0)
	rest = old
	for i := range a.rules {
		r, seen, start := &a.rules[i], &a.readings[i], len(next)
		var state []byte
		state, rest = section(rest)
		cost := r.cost(a.cost)
		next, seen.left, seen.full, _ = r.take(at, state, cost, a.id, append(next, 0))
		next = append(next[:start], sealed(next[start:], 1)...)
		ttl = max(ttl, seen.full)
	}
	return a.keeps(next, ttl, old)
}

// one is run for a single rule, of which it looks at the state once.
func (a *attempt) one(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	r, at, seen := &a.rules[0], now.UnixNano(), reading{}
	state, _ := section(old)
	cost := r.cost(a.cost)
	var next []byte
	if next, seen.left, seen.full, a.ok = r.take(at, state, cost, a.id, append(a.state[:0], 0)); !a.ok {
		seen.wait = max(r.wait(at, state, cost), 1)
	}
	a.readings = append(a.readings[:0], seen)
	if !a.ok {
		a.state, a.ttl = append(a.state[:0], old...), seen.full+slack
		return old, slack, true
	}
	return a.keeps(sealed(next, 1), seen.full, old)
}

// keeps has next be kept in the place of old until all units are there.
func (a *attempt) keeps(next []byte, full time.Duration, old []byte) ([]byte, time.Duration, bool) {
	a.state, a.ttl = next, full+slack
	if a.own {
		return append(old[:0], next...), a.ttl, false
	}
	return slices.Clone(next), a.ttl, false
}

// section cuts the state of one rule off. What is damaged is nothing.
func section(state []byte) (one, rest []byte) {
	if len(state) > 0 && state[0] < 1<<7 { // the length of nearly all
		if n := int(state[0]) + 1; n <= len(state) {
			return state[1:n], state[n:]
		}
		return nil, nil
	}
	return longSection(state)
}

func longSection(state []byte) (one, rest []byte) {
	n, size := binary.Uvarint(state)
	if size <= 0 || n > uint64(len(state)-size) {
		return nil, nil
	}
	return state[size : size+int(n)], state[size+int(n):]
}

// sealed writes the length of a state, for which there are size bytes before it, into them.
func sealed(state []byte, size int) []byte {
	n := len(state) - size
	if n < 1<<7 && size == 1 {
		state[0] = byte(n)
		return state
	}
	var length [binary.MaxVarintLen64]byte
	now := binary.PutUvarint(length[:], uint64(n))
	if now == size {
		copy(state, length[:now])
		return state
	}
	return slices.Replace(state, 0, size, length[:now]...)
}

// keep is a store.Change that holds on to what a request holds, or gives it back.
func keep(rules []rule, id uint64, release bool) func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	return func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
		if old == nil && release {
			return nil, 0, true
		}
		var next []byte
		ttl, at, rest := time.Duration(0), now.UnixNano(), old
		for i := range rules {
			var state []byte
			state, rest = section(rest)
			if h, ok := rules[i].strategy.(held); ok {
				state = h.keep(at, state, id, release, nil)
			}
			start := len(next)
			next = append(append(next, 0), state...)
			next = append(next[:start], sealed(next[start:], 1)...)
			_, full := rules[i].look(at, state)
			ttl = max(ttl, full)
		}
		return next, ttl + slack, false
	}
}
