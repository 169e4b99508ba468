package store

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"math/bits"
	"strconv"
	"sync/atomic"
	"time"
)

// Config is what a Memory is made with.
type Config struct {
	// Bytes bounds what is kept: keys, values and what each entry costs beside them. Default: 64 MiB.
	Bytes int64
	// Now is the clock. Default: the time of the start and what has passed since, so that a clock that is put right moves no ttl.
	Now func() time.Time
}

// Memory is a Store in the process: fast, shared by nobody else, gone with it. It keeps the values that it is handed, not copies.
//
// It is bounded, and beyond the bound forgets what has not been used for longest: first among what was used once, then among the rest,
// which has four fifths of the room. A flood of keys that are used once so drives out only its own kind. A counter that is used again and
// again, as that of the caller who sends the flood, is forgotten only where other entries of about Bytes have been used since its last use.
// A limit whose keys cost a caller nothing wants another by address before it. Use several Memories where values of one kind shall not
// drive out those of another.
type Memory struct {
	now    func() time.Time
	seed   maphash.Seed
	bound  int64
	room   room
	turn   atomic.Uint64 // the shard that makes room next
	shards []shard
}

// room is what is taken, in bytes.
type room struct {
	all, often atomic.Int64
	evicted    atomic.Int64
}

// Stats says how full a Memory is.
type Stats struct {
	// Entries are kept, those among them that have outlived their ttl and were not met since.
	Entries int
	// Bytes they take.
	Bytes int64
	// Evicted entries were forgotten within their ttl, to make room.
	Evicted int64
}

// NewMemory makes an empty Memory.
func NewMemory(cfg Config) (*Memory, error) {
	if cfg.Bytes < 0 {
		return nil, fmt.Errorf("store: Bytes is %d, want 0 or more", cfg.Bytes)
	}
	if cfg.Bytes == 0 {
		cfg.Bytes = 64 << 20
	}
	if cfg.Now == nil {
		start := time.Now()
		unix := start.UnixNano()
		cfg.Now = func() time.Time { return time.Unix(0, unix+int64(time.Since(start))) }
	}
	m := &Memory{now: cfg.Now, seed: maphash.MakeSeed(), bound: cfg.Bytes}
	m.shards = make([]shard, min(max(cfg.Bytes>>16, 1), 64))
	for i := range m.shards {
		m.shards[i].open(&m.room)
	}
	return m, nil
}

// Stats says how full the Memory is.
func (m *Memory) Stats() Stats {
	s := Stats{Bytes: m.room.all.Load(), Evicted: m.room.evicted.Load()}
	for i := range m.shards {
		m.shards[i].Lock()
		s.Entries += len(m.shards[i].entries)
		m.shards[i].Unlock()
	}
	return s
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := check(ctx, keys...); err != nil {
		return nil, err
	}
	now := m.now().UnixNano()
	values := make([][]byte, len(keys))
	for i, key := range keys {
		s := m.shard(key)
		s.Lock()
		if e := s.find(key, now); e != nil {
			values[i] = e.value
		}
		s.Unlock()
	}
	m.makeRoom(now)
	return values, nil
}

// Set implements Store.
func (m *Memory) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	return m.Update(ctx, key, func(time.Time, []byte) ([]byte, time.Duration, bool) { return present(value), ttl, false })
}

// Add implements Store.
func (m *Memory) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	return m.CompareAndSet(ctx, key, nil, present(value), ttl)
}

// CompareAndSet implements Store.
func (m *Memory) CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if value != nil {
		if err := CheckValue(value, ttl); err != nil {
			return false, err
		}
	}
	done := false
	err := m.Update(ctx, key, func(_ time.Time, is []byte) ([]byte, time.Duration, bool) {
		done = (old == nil) == (is == nil) && bytes.Equal(old, is)
		return value, ttl, !done
	})
	return done, err
}

// Count implements Store.
func (m *Memory) Count(ctx context.Context, key string, by int64, ttl time.Duration) (int64, error) {
	if err := check(ctx, key); err != nil {
		return 0, err
	}
	if err := CheckValue(nil, ttl); err != nil {
		return 0, err
	}
	now := m.now().UnixNano()
	sum, err := m.shard(key).count(key, by, now, after(now, ttl))
	m.makeRoom(now)
	return sum, err
}

// Update implements Store. Change runs once, while calls about some other keys wait for it.
func (m *Memory) Update(ctx context.Context, key string, change Change) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	now := m.now()
	err := m.shard(key).update(key, now, change)
	m.makeRoom(now.UnixNano())
	return err
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, keys ...string) error {
	if err := check(ctx, keys...); err != nil {
		return err
	}
	for _, key := range keys {
		s := m.shard(key)
		s.Lock()
		if e := s.entries[key]; e != nil {
			s.remove(e)
		}
		s.Unlock()
	}
	return nil
}

func (m *Memory) shard(key string) *shard {
	return m.at(maphash.String(m.seed, key))
}

// at is the shard of a hash: its high bits, since a remainder takes longer than all else.
func (m *Memory) at(hash uint64) *shard {
	n, _ := bits.Mul64(hash, uint64(len(m.shards)))
	return &m.shards[n]
}

// makeRoom takes one entry of each shard in turn, so that a large value does not empty the shard that it came to.
func (m *Memory) makeRoom(now int64) {
	for m.room.often.Load() > m.bound/5*4 {
		m.nextShard((*shard).demote, now)
	}
	for m.room.all.Load() > m.bound {
		m.nextShard((*shard).evict, now)
	}
}

// nextShard lets one shard make room, the first in turn that can. Where none can, another call has done it meanwhile.
func (m *Memory) nextShard(makes func(*shard, int64) bool, now int64) {
	for range m.shards {
		s := &m.shards[m.turn.Add(1)%uint64(len(m.shards))]
		s.Lock()
		done := makes(s, now)
		s.Unlock()
		if done {
			return
		}
	}
}

func check(ctx context.Context, keys ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return CheckKeys(keys...)
}

// present is a value that Get does not take for an absent one.
func present(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}

// after is the end of a ttl, which no length of it turns into the past.
func after(now int64, ttl time.Duration) int64 {
	if int64(ttl) > math.MaxInt64-max(now, 0) {
		return math.MaxInt64
	}
	return now + int64(ttl)
}

func digits(n int64) []byte { return strconv.AppendInt(nil, n, 10) }
