package admit

import "time"

// waiter is a request that waits.
type waiter struct {
	ready   chan struct{}
	since   time.Time
	place   *Place
	done    bool // it was served, refused, or went away
	refused error
}

// queue holds waiters, first come, first served. Those who went away are passed over.
type queue struct {
	waiters []*waiter
	gone    int
}

func (q *queue) len() int { return len(q.waiters) - q.gone }

func (q *queue) push(w *waiter) {
	if len(q.waiters) == cap(q.waiters) && q.gone > len(q.waiters)/2 {
		q.sweep()
	}
	q.waiters = append(q.waiters, w)
}

// sweep drops those who went away.
func (q *queue) sweep() {
	kept := q.waiters[:0]
	for _, w := range q.waiters {
		if !w.done {
			kept = append(kept, w)
		}
	}
	clear(q.waiters[len(kept):])
	q.waiters, q.gone = kept, 0
}

// first is the one who waits longest, or nil.
func (q *queue) first() *waiter {
	for len(q.waiters) > 0 && q.waiters[0].done {
		q.waiters[0] = nil
		q.waiters = q.waiters[1:]
		q.gone--
	}
	if len(q.waiters) == 0 {
		q.waiters = nil
		return nil
	}
	return q.waiters[0]
}

// pop takes the first off.
func (q *queue) pop() {
	q.waiters[0] = nil
	q.waiters = q.waiters[1:]
}
