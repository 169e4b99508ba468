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
	ok     bool
	change func(now time.Time, old []byte) ([]byte, time.Duration, bool)
	turn   chan []*attempt // tells one that waits in a queue: see queues.join
	asked  bool            // the store was asked for it
	err    error           // why it was not made by the one that asked for it

	readings []reading
	state    []byte // what is kept then, for ttl
	ttl      time.Duration
	section  []byte
	key      []byte
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
	a.ok, a.readings = true, a.readings[:0]
	at, rest, ttl := now.UnixNano(), old, time.Duration(0)
	for i := range a.rules {
		r := &a.rules[i]
		var state []byte
		state, rest = section(rest)
		seen := reading{left: r.left(at, state)}
		if cost := r.cost(a.cost); seen.left < cost {
			a.ok = false
			seen.wait = max(r.wait(at, state, cost), 1)
		}
		seen.full = r.full(at, state)
		ttl = max(ttl, seen.full)
		a.readings = append(a.readings, seen)
	}
	if !a.ok || a.cost == 0 || a.looks {
		a.state, a.ttl = append(a.state[:0], old...), ttl+slack
		return old, slack, true
	}
	a.state, rest, ttl = a.state[:0], old, 0
	for i := range a.rules {
		r := &a.rules[i]
		var state []byte
		state, rest = section(rest)
		cost := r.cost(a.cost)
		a.section = r.take(at, state, cost, a.id, a.section[:0])
		a.state = appendSection(a.state, a.section)
		a.readings[i].left -= cost
		a.readings[i].full = r.full(at, a.section)
		ttl = max(ttl, a.readings[i].full)
	}
	a.ttl = ttl + slack
	if a.own {
		return append(old[:0], a.state...), a.ttl, false
	}
	return slices.Clone(a.state), a.ttl, false
}

// section cuts the state of one rule off. What is damaged is nothing.
func section(state []byte) (one, rest []byte) {
	n, size := binary.Uvarint(state)
	if size <= 0 || n > uint64(len(state)-size) {
		return nil, nil
	}
	return state[size : size+int(n)], state[size+int(n):]
}

func appendSection(state, one []byte) []byte {
	return append(binary.AppendUvarint(state, uint64(len(one))), one...)
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
			next = appendSection(next, state)
			ttl = max(ttl, rules[i].full(at, state))
		}
		return next, ttl + slack, false
	}
}
