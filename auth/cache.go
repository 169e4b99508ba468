package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

// cacheKey is the hash of a token: the cache holds none.
type cacheKey = [sha256.Size]byte

func keyOf(token string) cacheKey { return sha256.Sum256([]byte(token)) }

// kept is how long a verified token is taken for one at most, so that a key that was taken away ends.
const kept = 5 * time.Minute

// cache keeps tokens that were verified. It has two generations: when the young one is full it becomes the old one, and what stood there is
// gone, unless it was asked for since.
type cache struct {
	shards [16]shard
}

type shard struct {
	mu         sync.RWMutex
	young, old map[cacheKey]entry
	half       int
}

type entry struct {
	of    *Identity
	until int64 // Unix nanoseconds
}

// newCache makes a cache; nil is none.
func newCache(size int) *cache {
	if size < 0 {
		return nil
	}
	c := &cache{}
	for i := range c.shards {
		c.shards[i] = shard{young: map[cacheKey]entry{}, half: max(size/len(c.shards)/2, 1)}
	}
	return c
}

func (c *cache) shard(key *cacheKey) *shard { return &c.shards[key[0]&15] }

// get returns who showed a token before; nil is nobody.
func (c *cache) get(key cacheKey, now time.Time) *Principal {
	s := c.shard(&key)
	s.mu.RLock()
	e, young := s.young[key]
	if !young {
		e = s.old[key]
	}
	s.mu.RUnlock()
	if e.of == nil || now.UnixNano() >= e.until {
		return nil
	}
	if !young {
		s.put(key, e)
	}
	return &Principal{of: e.of}
}

// put keeps who a token is of, until it expires and no longer than kept.
func (c *cache) put(key cacheKey, p *Principal, now time.Time) {
	until := now.Add(kept)
	if p.of.Expires.Before(until) {
		until = p.of.Expires
	}
	if now.Before(until) {
		c.shard(&key).put(key, entry{p.of, until.UnixNano()})
	}
}

func (s *shard) put(key cacheKey, e entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.young) >= s.half {
		s.young, s.old = make(map[cacheKey]entry, s.half), s.young
	}
	s.young[key] = e
}
