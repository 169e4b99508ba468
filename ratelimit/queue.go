package ratelimit

import (
	"context"
	"sync"
	"time"
)

// queues hold the attempts that wait for a store, by key. The first asks for all that have come by then, in one update: so a key that many use costs
// one call after the other, and not one for each request that race for it.
type queues struct {
	mu    sync.Mutex
	byKey map[string][]*attempt // those that have come since the store was asked last
}

// join makes an attempt wait for its turn at a key. What it returns are the attempts to ask for, with it among them; none is that another has asked for it.
func (q *queues) join(key string, a *attempt) []*attempt {
	q.mu.Lock()
	waiting, busy := q.byKey[key]
	if !busy {
		if q.byKey == nil {
			q.byKey = map[string][]*attempt{}
		}
		q.byKey[key] = nil
		q.mu.Unlock()
		return []*attempt{a}
	}
	turn := make(chan []*attempt, 1) // not kept: a channel belongs to the bubble of a test (testing/synctest)
	a.turn, q.byKey[key] = turn, append(waiting, a)
	q.mu.Unlock()
	return <-turn
}

// leave tells those who were asked for, and has one of those who came meanwhile ask next.
func (q *queues) leave(key string, asked []*attempt) {
	for _, a := range asked[1:] {
		a.turn <- nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	next := q.byKey[key]
	if len(next) == 0 {
		delete(q.byKey, key)
		return
	}
	q.byKey[key] = nil
	next[0].turn <- next
}

// queued makes an attempt together with all others that wait at its key.
func (k *Keeper) queued(ctx context.Context, a *attempt) {
	key := string(a.key)
	all := k.queues.join(key, a)
	if all == nil {
		return
	}
	defer k.queues.leave(key, all)
	if k.ask(ctx, key, together(all)) {
		return
	}
	k.counted.alone.Add(int64(len(all)))
	for _, one := range all {
		one.own = true
		_ = k.local.UpdateScratch(one.key, one.change) // which takes any key of the right length
	}
}

// together is the store.Change of several attempts at one key, one after the other.
func together(all []*attempt) func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	return func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
		value, ttl, kept := old, slack, true
		for _, a := range all {
			a.own = !kept
			if next, lives, keeps := a.run(now, value); !keeps {
				value, ttl, kept = next, lives, false
			}
		}
		return value, ttl, kept
	}
}
