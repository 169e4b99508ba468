package auth

import (
	"context"
	"errors"
	"sync/atomic"
)

// errNoKeysYet is no refusal: nobody can tell before the keys are there.
var errNoKeysYet = errors.New("auth: the keys are not there yet")

// LateKeys returns keys that are there once set was called, such as those of a data directory that is opened when the app starts. Until then
// nothing is signed, and whoever shows a token is answered 503. set is called once; it is safe for concurrent use.
func LateKeys[K Kind]() (keys Keys[K], set func(Keys[K])) {
	late := &lateKeys{}
	return Keys[K]{late}, func(k Keys[K]) {
		if k.source != nil {
			late.set.CompareAndSwap(nil, &k.source)
		}
	}
}

// lateKeys are keys that come later.
type lateKeys struct{ set atomic.Pointer[source] }

func (l *lateKeys) signing() (Key, bool) {
	if s := l.set.Load(); s != nil {
		return (*s).signing()
	}
	return Key{}, false
}

func (l *lateKeys) find(ctx context.Context, id string) (Key, error) {
	if s := l.set.Load(); s != nil {
		return (*s).find(ctx, id)
	}
	return Key{}, errNoKeysYet
}

func (l *lateKeys) known(header string) (Key, bool) {
	if s := l.set.Load(); s != nil {
		return (*s).known(header)
	}
	return Key{}, false
}

func (l *lateKeys) keys() []Key {
	if s := l.set.Load(); s != nil {
		return (*s).keys()
	}
	return nil
}
