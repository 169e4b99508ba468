package ratelimit

import (
	"encoding/binary"
	"time"
)

// strategy says how units of a limit are used up and come back. Its methods are pure: the same on every store, and as often as a store wants. Times
// are nanoseconds of the store's clock, state is what was kept of a key, nothing for a new one, and damaged state counts as nothing. So does what lies
// further ahead of the clock than it can by a whole window, since the clock was put back: a client waits two windows at the most, however far it was.
type strategy interface {
	// units are all that there are.
	units() int64
	// look is how many there are now, and how long until all are there.
	look(now int64, state []byte) (left int64, full time.Duration)
	// take appends to into the state without cost more units, which belong to the request id, and says how many are left then, and how long until all
	// are there. Where there are not so many it appends nothing, and is not ok. into may be what is before state in the same memory.
	take(now int64, state []byte, cost int64, id uint64, into []byte) (next []byte, left int64, full time.Duration, ok bool)
	// wait is how long until cost units are left, if nobody takes any meanwhile.
	wait(now int64, state []byte, cost int64) time.Duration
}

// held is a strategy whose units are given back.
type held interface {
	// keep appends to into the state in which the units of a request are held from now on, or given back.
	keep(now int64, state []byte, id uint64, release bool, into []byte) []byte
}

// fixed lets count units through in a window that begins with the first of them. Up to twice as many pass within any one window's time. The state is
// when it began, and how many it has used.
type fixed struct {
	count  int64
	window time.Duration
}

func (f *fixed) units() int64 { return f.count }

func (f *fixed) read(now int64, state []byte) (began, used int64) {
	if len(state) != 16 {
		return now, 0
	}
	began, used = int64(binary.LittleEndian.Uint64(state)), int64(binary.LittleEndian.Uint64(state[8:]))
	if now >= began+int64(f.window) || began > now+int64(f.window) {
		return now, 0
	}
	return began, used
}

func (f *fixed) look(now int64, state []byte) (left int64, full time.Duration) {
	began, used := f.read(now, state)
	if used == 0 {
		return f.count, 0
	}
	return max(f.count-used, 0), time.Duration(began + int64(f.window) - now)
}

func (f *fixed) take(now int64, state []byte, cost int64, _ uint64, into []byte) (next []byte, left int64, full time.Duration, ok bool) {
	began, used := f.read(now, state)
	left, full = max(f.count-used, 0), time.Duration(began+int64(f.window)-now)
	if left < cost {
		return into, left, full, false
	}
	into = binary.LittleEndian.AppendUint64(into, uint64(began))
	return binary.LittleEndian.AppendUint64(into, uint64(used+cost)), left - cost, full, true
}

func (f *fixed) wait(now int64, state []byte, _ int64) time.Duration {
	_, full := f.look(now, state)
	return full
}

// bucket holds burst units, of which one comes back after each gap (the generic cell rate algorithm, ITU-T I.371). The state is when it is full again.
type bucket struct {
	burst int64
	gap   time.Duration
}

func (b *bucket) units() int64 { return b.burst }

func (b *bucket) fullAt(now int64, state []byte) int64 {
	if len(state) != 8 {
		return now
	}
	at := max(int64(binary.LittleEndian.Uint64(state)), now)
	if (at-now)/2 > b.burst*int64(b.gap) {
		return now
	}
	return at
}

func (b *bucket) look(now int64, state []byte) (left int64, full time.Duration) {
	lacks := b.fullAt(now, state) - now
	if lacks == 0 {
		return b.burst, 0
	}
	gap := int64(b.gap)
	return max(b.burst-(lacks+gap-1)/gap, 0), time.Duration(lacks)
}

func (b *bucket) take(now int64, state []byte, cost int64, _ uint64, into []byte) (next []byte, left int64, full time.Duration, ok bool) {
	left, full = b.look(now, state)
	if left < cost {
		return into, left, full, false
	}
	full += time.Duration(cost) * b.gap
	return binary.LittleEndian.AppendUint64(into, uint64(now+int64(full))), left - cost, full, true
}

func (b *bucket) wait(now int64, state []byte, cost int64) time.Duration {
	return max(time.Duration(b.fullAt(now, state)-now)-time.Duration(b.burst-cost)*b.gap, 0)
}

// places are count requests at once. A place is held for a lease, again and again while its request goes on, so that those of a replica that was
// killed come back. The state is the requests and when the lease of each ends.
type places struct {
	count int64
	lease time.Duration
}

const placeBytes = 16

func (p *places) units() int64 { return p.count }

// each yields those whose lease has not ended.
func (p *places) each(now int64, state []byte) func(yield func(id uint64, ends int64) bool) {
	return func(yield func(uint64, int64) bool) {
		for ; len(state) >= placeBytes; state = state[placeBytes:] {
			id, ends := binary.LittleEndian.Uint64(state), int64(binary.LittleEndian.Uint64(state[8:]))
			if ends > now && ends <= now+2*int64(p.lease) && !yield(id, ends) {
				return
			}
		}
	}
}

func (p *places) look(now int64, state []byte) (left int64, full time.Duration) {
	left, last := p.count, now
	for _, ends := range p.each(now, state) {
		left--
		last = max(last, ends)
	}
	return max(left, 0), time.Duration(last - now)
}

func (p *places) take(now int64, state []byte, cost int64, id uint64, into []byte) (next []byte, left int64, full time.Duration, ok bool) {
	if left, full = p.look(now, state); left < cost {
		return into, left, full, false
	}
	for other, ends := range p.each(now, state) {
		into = appendPlace(into, other, ends)
	}
	return appendPlace(into, id, now+int64(p.lease)), left - cost, max(full, p.lease), true
}

func (p *places) keep(now int64, state []byte, id uint64, release bool, into []byte) []byte {
	for other, ends := range p.each(now, state) {
		if other != id {
			into = appendPlace(into, other, ends)
		}
	}
	if release {
		return into
	}
	return appendPlace(into, id, now+int64(p.lease))
}

func appendPlace(into []byte, id uint64, ends int64) []byte {
	into = binary.LittleEndian.AppendUint64(into, id)
	return binary.LittleEndian.AppendUint64(into, uint64(ends))
}

// wait guesses: nobody knows when a request ends.
func (p *places) wait(int64, []byte, int64) time.Duration { return time.Second }
