package cache

import (
	"container/list"
	"sync"
	"time"
)

// recent are the values that were asked for last, each until its time is over. With most set it is ready.
type recent[K comparable, V any] struct {
	most int

	mu    sync.Mutex
	all   map[K]*list.Element
	order list.List // the one asked for last is in front
}

type remembered[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

func (r *recent[K, V]) get(key K, now time.Time) (v V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.all[key]
	if !ok {
		return v, false
	}
	one := at.Value.(*remembered[K, V])
	if !now.Before(one.until) {
		r.remove(at)
		return v, false
	}
	r.order.MoveToFront(at)
	return one.value, true
}

func (r *recent[K, V]) set(key K, v V, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.all[key]; ok {
		r.remove(at)
	}
	if r.all == nil {
		r.all = map[K]*list.Element{}
	}
	r.all[key] = r.order.PushFront(&remembered[K, V]{key, v, until})
	if len(r.all) > r.most {
		r.remove(r.order.Back())
	}
}

func (r *recent[K, V]) drop(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at, ok := r.all[key]; ok {
		r.remove(at)
	}
}

func (r *recent[K, V]) remove(at *list.Element) {
	delete(r.all, at.Value.(*remembered[K, V]).key)
	r.order.Remove(at)
}
