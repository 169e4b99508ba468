package store

import (
	"fmt"
	"hash/maphash"
	"time"
)

// UpdateScratch is Update for values that are changed by UpdateScratch alone, and read by nobody else: change may write into old, and return it as
// the value, longer or shorter. The key stays the caller's. So what changes with each request, such as a limit, is changed without any new memory.
func (m *Memory) UpdateScratch(key []byte, change Change) error {
	if len(key) < 1 || len(key) > MaxKey {
		return fmt.Errorf("%w: a key of %d bytes, want 1 to %d", ErrSize, len(key), MaxKey)
	}
	now := m.now()
	err := m.at(maphash.Bytes(m.seed, key)).updateScratch(key, now, change)
	m.makeRoom(now.UnixNano())
	return err
}

// updateScratch is update for a key that is copied only where something new is kept.
func (s *shard) updateScratch(key []byte, now time.Time, change Change) error {
	s.Lock()
	defer s.Unlock()
	e := s.use(s.entries[string(key)], now.UnixNano())
	value, ttl, keep, err := changed(e, now, change)
	if keep || err != nil {
		return err
	}
	name := ""
	if e == nil {
		name = string(key)
	}
	s.replace(e, name, value, now, ttl)
	return nil
}
