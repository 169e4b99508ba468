package cache

import (
	"bytes"
	"strconv"
	"time"
)

// make answers by running the operation, or by what another request makes of it.
func (c *call) make() {
	if c.want.noCache { // what another began may be older than the request
		c.origin()
		return
	}
	f, leads := c.join()
	if leads {
		defer c.land(landed{})
		if c.cache.flights.ended.Load() == c.ended || !c.madeMeanwhile() {
			c.origin()
		}
		return
	}
	timer := time.NewTimer(c.cache.cfg.Wait)
	defer timer.Stop()
	select {
	case <-f.done:
	case <-timer.C:
	case <-c.r.Context().Done():
		return // nobody is there to be answered
	}
	select {
	case <-f.done:
		if f.shared && c.share(f.value) {
			return
		}
	default:
	}
	c.origin()
}

// madeMeanwhile looks once more for what is kept, and serves that.
func (c *call) madeMeanwhile() bool {
	stamp := c.stamp
	c.look()
	if !bytes.Equal(stamp, c.stamp) || c.usable() != fresh {
		return false
	}
	c.land(landed{entry: c.kept})
	c.serveKept(fresh)
	return true
}

// share answers with what another request came to; false is that it does not do for this one.
func (c *call) share(l landed) bool {
	if l.failure != 0 {
		c.kept = l.entry
		if !c.standsIn(l.failure) {
			return false
		}
		c.standIn(l.failure, "; collapsed")
		return true
	}
	c.did(c.result())
	status := "fwd=" + c.why() + "; collapsed"
	c.now = c.cache.cfg.Now()
	c.send(l.entry, false, status)
	return true
}

// landed is what a flight comes to.
type landed struct {
	entry   *entry
	failure int // the status of the failure in whose place it is; 0: it is new
}

// join leads a flight, or finds the one that is under way. What was begun before an invalidation is not what is wanted after it.
func (c *call) join() (f *flight[landed], leads bool) {
	under := c.key + string(c.stamp) + strconv.FormatInt(c.cache.keeper.epoch.Load(), 36)
	f, leads = c.cache.flights.join(under)
	if leads {
		c.flown, c.under = f, under
	}
	return f, leads
}

// land tells those who wait what came of the flight that the request leads, if it does, and ends it: who comes while a client takes its answer finds
// what is kept, or begins another. Only the first time counts.
func (c *call) land(l landed) {
	if c.flown != nil {
		c.cache.flights.land(c.flown, l, l.entry != nil)
		c.cache.flights.end(c.under, c.flown)
	}
}
