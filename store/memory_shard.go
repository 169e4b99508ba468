package store

import (
	"bytes"
	"strings"
	"sync"
	"time"
)

// shard is a part of the entries of a Memory, each in one of two lists: of those that were used once, and of those that were used often. The
// entry that was used last stands first.
type shard struct {
	sync.Mutex

	entries     map[string]*entry
	once, often entry // the rings' ends
	room        *room
}

// entry is a value in a ring.
type entry struct {
	key        string
	value      []byte
	ends       int64 // in nanoseconds since 1970
	prev, next *entry
	isOften    bool
}

// cost is what an entry takes beside its key and value: itself, its place in the map and what their blocks of memory are larger.
const cost = 160

func (e *entry) size() int64 { return int64(len(e.key) + cap(e.value) + cost) }

func (s *shard) open(r *room) {
	s.entries, s.room = map[string]*entry{}, r
	s.once.prev, s.once.next = &s.once, &s.once
	s.often.prev, s.often.next = &s.often, &s.often
}

// find is the entry at key, used once more, or nil. It removes one that has outlived its ttl.
func (s *shard) find(key string, now int64) *entry { return s.use(s.entries[key], now) }

// use is find for an entry or nil.
func (s *shard) use(e *entry, now int64) *entry {
	if e == nil {
		return nil
	}
	if e.ends <= now {
		s.remove(e)
		return nil
	}
	if s.often.next == e {
		return e
	}
	e.unlink()
	if !e.isOften {
		e.isOften = true
		s.room.often.Add(e.size())
	}
	e.link(&s.often)
	return e
}

// update runs change upon the value at key.
func (s *shard) update(key string, now time.Time, change Change) error {
	at := now.UnixNano()
	s.Lock()
	defer s.Unlock()
	e := s.find(key, at)
	value, ttl, keep, err := changed(e, now, change)
	if keep || err != nil {
		return err
	}
	s.replace(e, key, value, now, ttl)
	return nil
}

// changed is what change makes of an entry, or of none. keep is that nothing is to be done.
func changed(e *entry, now time.Time, change Change) (value []byte, ttl time.Duration, keep bool, err error) {
	var old []byte
	if e != nil {
		old = e.value
	}
	value, ttl, keep = change(now, old)
	switch {
	case keep || value == nil:
		return nil, 0, keep || e == nil, nil
	default:
		return value, ttl, false, CheckValue(value, ttl)
	}
}

// replace keeps a value in the place of an entry, which is the one at key or nil; a nil value removes it.
func (s *shard) replace(e *entry, key string, value []byte, now time.Time, ttl time.Duration) {
	if value == nil {
		s.remove(e)
		return
	}
	s.put(e, key, value, after(now.UnixNano(), ttl))
}

// count adds to the counter at key, a new one of which lives until ends.
func (s *shard) count(key string, by, now, ends int64) (int64, error) {
	s.Lock()
	defer s.Unlock()
	var old []byte
	e := s.find(key, now)
	if e != nil {
		old, ends = e.value, e.ends
	}
	sum, err := Sum(old, by)
	if err == nil {
		s.put(e, key, digits(sum), ends)
	}
	return sum, err
}

// put keeps a value at e, which is the entry at key or nil. Neither a key nor a value holds on to something larger that it was a part of.
func (s *shard) put(e *entry, key string, value []byte, ends int64) {
	if cap(value)-len(value) > cost+len(value)/4 {
		value = bytes.Clone(value)
	}
	if e == nil {
		e = &entry{key: strings.Clone(key), value: value, ends: ends}
		s.entries[e.key] = e
		s.room.all.Add(e.size())
		e.link(&s.once)
		return
	}
	more := int64(cap(value) - cap(e.value))
	e.value, e.ends = value, ends
	if more != 0 {
		s.room.all.Add(more)
		s.room.often.Add(more)
	}
}

func (s *shard) remove(e *entry) {
	delete(s.entries, e.key)
	e.unlink()
	s.room.all.Add(-e.size())
	if e.isOften {
		s.room.often.Add(-e.size())
	}
}

// evict forgets what of the entries that were used once was not used for longest, and reports whether there was one.
func (s *shard) evict(now int64) bool {
	e := s.once.prev
	if e == &s.once {
		return false
	}
	s.remove(e)
	if e.ends > now {
		s.room.evicted.Add(1)
	}
	return true
}

// demote takes what of the entries that were used often was not used for longest to those that were used once, or removes it where it has
// outlived its ttl, and reports whether there was one.
func (s *shard) demote(now int64) bool {
	e := s.often.prev
	if e == &s.often {
		return false
	}
	if e.ends <= now {
		s.remove(e)
		return true
	}
	e.unlink()
	e.isOften = false
	s.room.often.Add(-e.size())
	e.link(&s.once)
	return true
}

func (e *entry) unlink() { e.prev.next, e.next.prev = e.next, e.prev }

// link makes e the first of a ring.
func (e *entry) link(ring *entry) {
	e.prev, e.next = ring, ring.next
	ring.next.prev = e
	ring.next = e
}
