package ratelimit

import (
	"context"
	"sync"
	"time"

	"github.com/tenon-go/tenon/store"
)

// queues hold the attempts that wait for a store, by key. The first asks for all that have come by then, in one update: so a key that many use costs
// one call after the other, and not one for each request that race for it.
type queues struct {
	mu    sync.Mutex
	byKey map[string][]*attempt // those that have come since the store was asked last
}

// join makes an attempt wait for its turn at a key; the first has none to wait for.
func (q *queues) join(key string, a *attempt) {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting, busy := q.byKey[key]
	if busy {
		a.turn = make(chan []*attempt, 1) // not kept: a channel belongs to the bubble of a test (testing/synctest)
		q.byKey[key] = append(waiting, a)
		return
	}
	if q.byKey == nil {
		q.byKey = map[string][]*attempt{}
	}
	a.turn, q.byKey[key] = nil, nil
}

// leave tells those for whom another asked what came of it, and has one of those who came meanwhile ask next.
func (q *queues) leave(key string, others []*attempt, err error) {
	for _, a := range others {
		a.err = err
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

// again has attempts wait for another turn, before all others.
func (q *queues) again(key string, all []*attempt) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.byKey[key] = append(all, q.byKey[key]...)
}

// queued makes an attempt that has joined, together with all others that wait at its key, when its turn comes.
func (k *Keeper) queued(ctx context.Context, a *attempt) (err error) {
	all := []*attempt{a}
	if a.turn != nil {
		if all = <-a.turn; all == nil {
			return a.err
		}
	}
	key, others := string(a.key), all[1:]
	defer func() { k.queues.leave(key, others, err) }()
	if k.lost.Load() != 0 {
		return store.ErrUnavailable
	}
	if err = k.ask(ctx, key, together(all)); err == nil || !a.strict || outage(err) || len(others) == 0 {
		return err
	}
	k.queues.again(key, others) // the error is that of one call, such as within a transaction
	others = nil
	return err
}

// together is the store.Change of several attempts at one key, one after the other.
func together(all []*attempt) func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
	for _, a := range all {
		a.asked = true
	}
	return func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
		value, ttl, kept := old, slack, true
		for _, a := range all {
			a.own = !kept
			if next, lives, keeps := a.change(now, value); !keeps {
				value, ttl, kept = next, lives, false
			}
		}
		return value, ttl, kept
	}
}
