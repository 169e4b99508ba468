package record

import (
	"sync"
	"time"
)

// notes are what others keep with a request. They may be used by several goroutines at once.
type notes struct {
	mu      sync.Mutex
	locals  []any
	finding string

	statements int
	asking     time.Duration
}

// Local returns the T of a request, which is made when it is first asked for.
func Local[T any](r *Record) *T {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	for _, v := range r.notes.locals {
		if t, ok := v.(*T); ok {
			return t
		}
	}
	t := new(T)
	r.notes.locals = append(r.notes.locals, t)
	return t
}

// Asked counts a statement of a database, which took some time.
func (r *Record) Asked(took time.Duration) {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	r.notes.statements++
	r.notes.asking += took
}

// Statements is how many there were, and what they took together.
func (r *Record) Statements() (n int, took time.Duration) {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	return r.notes.statements, r.notes.asking
}

// Find keeps the code of the first finding.
func (r *Record) Find(code string) {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	if r.notes.finding == "" {
		r.notes.finding = code
	}
}

// Finding is the code of the first finding; "" is none.
func (r *Record) Finding() string {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	return r.notes.finding
}
