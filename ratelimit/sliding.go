package ratelimit

import (
	"encoding/binary"
	"time"
)

// sliding lets count units through in any window, whenever it begins. The state is when they were taken: to the nanosecond where there are few of
// them, else in slices of the window. A slice counts until its end is a window ago, so that there are never more than count, and a unit comes back at
// most one slice late.
type sliding struct {
	count  int64
	window time.Duration
	slice  time.Duration
}

const (
	exactUnits   = 60 // up to which each is kept by itself
	cuts         = 60 // of a window that has more
	slotBytes    = 12
	maxSlotUnits = 1<<32 - 1
)

func newSliding(r rate) *sliding {
	if r.count <= exactUnits {
		return &sliding{r.count, r.window, 1}
	}
	return &sliding{r.count, r.window, r.window / cuts}
}

func (s *sliding) units() int64 { return s.count }

// slot is a slice in which units were taken.
type slot struct {
	began int64
	used  int64
}

func (s *sliding) at(state []byte) slot {
	return slot{int64(binary.LittleEndian.Uint64(state)), int64(binary.LittleEndian.Uint32(state[8:]))}
}

// live cuts off what no window that ends now or later holds, and what lies ahead by more than one.
func (s *sliding) live(now int64, state []byte) []byte {
	if len(state)%slotBytes != 0 {
		return nil
	}
	for len(state) > 0 && s.goes(s.at(state)) <= now {
		state = state[slotBytes:]
	}
	for len(state) > 0 && s.at(state[len(state)-slotBytes:]).began > now+int64(s.window) {
		state = state[:len(state)-slotBytes]
	}
	return state
}

// goes is when a slot counts no longer.
func (s *sliding) goes(of slot) int64 { return of.began + int64(s.slice) - 1 + int64(s.window) }

func (s *sliding) look(now int64, state []byte) (left int64, full time.Duration) {
	return s.sum(now, s.live(now, state))
}

// sum is look for what is live.
func (s *sliding) sum(now int64, live []byte) (left int64, full time.Duration) {
	if len(live) == 0 {
		return s.count, 0
	}
	left = s.count
	for at := 0; at < len(live); at += slotBytes {
		left -= int64(binary.LittleEndian.Uint32(live[at+8:]))
	}
	return max(left, 0), time.Duration(s.goes(s.at(live[len(live)-slotBytes:])) - now)
}

func (s *sliding) take(now int64, state []byte, cost int64, _ uint64, into []byte) (next []byte, left int64, full time.Duration, ok bool) {
	state = s.live(now, state)
	if left, full = s.sum(now, state); left < cost {
		return into, left, full, false
	}
	began, last := now-now%int64(s.slice), slot{}
	if len(state) > 0 {
		last = s.at(state[len(state)-slotBytes:])
	}
	if into = append(into, state...); len(state) > 0 {
		if began <= last.began { // the same slice, or a clock that was put back
			binary.LittleEndian.PutUint32(into[len(into)-4:], uint32(min(last.used+cost, maxSlotUnits)))
			return into, left - cost, full, true
		}
	}
	into = binary.LittleEndian.AppendUint64(into, uint64(began))
	return binary.LittleEndian.AppendUint32(into, uint32(cost)), left - cost, time.Duration(s.goes(slot{began, cost}) - now), true
}

func (s *sliding) wait(now int64, state []byte, cost int64) time.Duration {
	left, _ := s.look(now, state)
	for state = s.live(now, state); len(state) > 0; state = state[slotBytes:] {
		if left >= cost {
			break
		}
		first := s.at(state)
		if left += first.used; left >= cost {
			return time.Duration(s.goes(first) - now)
		}
	}
	return 0
}
