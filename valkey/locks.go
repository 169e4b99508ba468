package valkey

import (
	"context"
	"hash/maphash"
)

// locks let the updates of one key by this process wait for each other: what would race on the server, and be tried again, comes one by one.
// Some other keys wait with them.
type locks struct {
	seed  maphash.Seed
	taken []chan struct{}
}

func newLocks() locks {
	l := locks{maphash.MakeSeed(), make([]chan struct{}, 1024)}
	for i := range l.taken {
		l.taken[i] = make(chan struct{}, 1)
	}
	return l
}

func (l locks) lock(ctx context.Context, key string) (unlock func(), err error) {
	taken := l.taken[maphash.String(l.seed, key)%uint64(len(l.taken))]
	select {
	case taken <- struct{}{}:
		return func() { <-taken }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
