package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// ErrTooManyListeners is answered when no further stream of changes can be held open.
var ErrTooManyListeners = problem.Define(http.StatusServiceUnavailable, "too-many-listeners", "Too many clients follow the changes now.")

// ProductChange is what happened to a product.
type ProductChange struct {
	ID      *int64       `json:"id" doc:"The product; null when changes were missed, so that the list must be read again." example:"7"`
	Product *ProductView `json:"product" doc:"The product as it is now; null when it was deleted."`
}

// The names of the events.
const (
	productCreated = "created"
	productChanged = "changed"
	productDeleted = "deleted"
	changesMissed  = "missed"
)

type change = tenon.Event[ProductChange]

// feed tells those who listen what happened, in the order in which it was told. A listener that does not keep up is dropped, so
// that nobody who writes waits for one who reads. It lives in one process: with several, they need a broker.
type feed struct {
	epoch     string // tells the ids of this process from those of another
	keep      int    // changes that are kept for those who come back
	behind    int    // changes that a listener may be behind
	listeners int    // at most

	mu     sync.Mutex
	last   int      // number of the last change
	recent []change // the last ones, up to keep
	open   map[chan change]bool
}

func newFeed(epoch string) *feed {
	return &feed{epoch: epoch, keep: 256, behind: 64, listeners: 1000, open: map[chan change]bool{}}
}

func (f *feed) id(n int) string { return fmt.Sprintf("%s-%d", f.epoch, n) }

// tell sends a change to all who listen, without waiting for any.
func (f *feed) tell(name string, c ProductChange) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	e := change{Name: name, ID: f.id(f.last), Data: c}
	f.recent = append(f.recent, e)
	if len(f.recent) > f.keep {
		f.recent = f.recent[1:]
	}
	for l := range f.open {
		select {
		case l <- e:
		default:
			delete(f.open, l)
			close(l)
		}
	}
}

var errMissed = errors.New("store: changes were missed")

// listen returns the changes after the one with the id, and where those to come arrive. The channel is closed for a listener
// that is dropped.
func (f *feed) listen(after string) (missed []change, next chan change, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.open) >= f.listeners {
		return nil, nil, ErrTooManyListeners
	}
	next = make(chan change, f.behind)
	f.open[next] = true
	if after == "" {
		return nil, next, nil
	}
	for i := range len(f.recent) + 1 {
		if after == f.id(f.last-len(f.recent)+i) {
			return slices.Clone(f.recent[i:]), next, nil
		}
	}
	return nil, next, errMissed
}

func (f *feed) leave(next chan change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, next)
}

// missed is the event that tells a listener to read the list again. Its id is that of the last change, to go on from.
func (f *feed) missed() change {
	f.mu.Lock()
	defer f.mu.Unlock()
	return change{Name: changesMissed, ID: f.id(f.last)}
}

// after is the stream of the changes after the one with the id; "" is from now on.
func (f *feed) after(ctx context.Context, id string) iter.Seq2[change, error] {
	return func(yield func(change, error) bool) {
		missed, next, err := f.listen(id)
		if next != nil {
			defer f.leave(next)
		}
		switch {
		case errors.Is(err, errMissed):
			missed = []change{f.missed()}
		case err != nil:
			yield(change{}, err)
			return
		}
		for _, e := range missed {
			if !yield(e, nil) {
				return
			}
		}
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-next:
				if !ok {
					yield(f.missed(), nil)
					return
				}
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
