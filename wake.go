package tenon

import (
	"sync"

	"github.com/tenon-go/tenon/internal/record"
)

// wakes are what waits until what was provided for a run is finished.
type wakes struct {
	mu   sync.Mutex
	todo []func()
}

// InWake implements record.Waker. A run without anything to be finished may be part of one that has.
func (c *call) InWake(do func()) bool {
	if !c.open.Load() {
		outer, ok := c.Context.Value(record.WakerKey{}).(record.Waker)
		return ok && outer.InWake(do)
	}
	if c.wakes.Load() == nil {
		c.wakes.CompareAndSwap(nil, &wakes{})
	}
	all := c.wakes.Load()
	all.mu.Lock()
	defer all.mu.Unlock()
	if !c.open.Load() { // it is finished meanwhile
		return false
	}
	all.todo = append(all.todo, do)
	return true
}

// finished runs what waits, once what was provided is finished.
func (c *call) finished() {
	c.open.Store(false)
	all := c.wakes.Load()
	if all == nil {
		return
	}
	all.mu.Lock()
	todo := all.todo
	all.todo = nil
	all.mu.Unlock()
	for _, do := range todo {
		do()
	}
}
