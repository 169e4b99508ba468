package admit

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"
)

// Limits are what a user says of a gate. The zero value of a field is its default.
type Limits struct {
	Requests, Queue, Streams int
	Patience                 time.Duration
}

// Open makes a gate of limits: 2 to 512 places for each processor, of which a fifth is for critical requests.
func Open(l Limits) (*Gate, error) {
	var errs []error
	for _, f := range []struct {
		name  string
		value int64
	}{{"Requests", int64(l.Requests)}, {"Queue", int64(l.Queue)}, {"Patience", int64(l.Patience)}, {"Streams", int64(l.Streams)}} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d, want 0 (the default) or more", f.name, f.value))
		}
	}
	processors := runtime.GOMAXPROCS(0)
	most := cmp.Or(l.Requests, 512*processors)
	return New(Config{
		Min: min(2*processors, most), Start: min(8*processors, most), Max: most, Queue: cmp.Or(l.Queue, 512),
		Patience: cmp.Or(l.Patience, 500*time.Millisecond), Reserve: 0.2, Streams: cmp.Or(l.Streams, 5000),
		Pressure: Runnable(), Memory: InUse(), Now: clock(),
	}), errors.Join(errs...)
}

// clock tells the time by the monotonic clock alone, which costs half of what time.Now does.
func clock() func() time.Time {
	base := time.Now()
	return func() time.Time { return base.Add(time.Since(base)) }
}

// RetryAfter is how many seconds a client that is refused should wait. It differs from client to client, so that they do not all
// come back at once.
func RetryAfter() int { return 1 + rand.IntN(3) } //nolint:gosec // Nothing is secret about it.
