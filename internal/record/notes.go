package record

import (
	"sync"
	"sync/atomic"
	"time"
)

// notes are what others keep with a request. They may be used by several goroutines at once.
type notes struct {
	mu      sync.Mutex
	locals  []any
	finding string

	statements int
	asking     time.Duration
	cached     string

	looks atomic.Uint32
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

// Asking is how many there were, and what they took together.
func (r *Record) Asking() (n int, took time.Duration) {
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

// Look is something of a request that what runs may look at.
type Look uint32

// What may be looked at.
const (
	AtCaller  Look = 1 << iota // who calls
	AtClient                   // where the request comes from
	AtAnother                  // a caller other than Record.Caller
)

// Look notes that something is looked at.
func (r *Record) Look(at Look) { r.notes.looks.Or(uint32(at)) }

// Looked is what was looked at since Looked was called last.
func (r *Record) Looked() Look { return Look(r.notes.looks.Swap(0)) }

// Cache keeps what a cache did with the request.
func (r *Record) Cache(did string) {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	r.notes.cached = did
}

// Cached is what a cache did; "" is that none was asked.
func (r *Record) Cached() string {
	r.notes.mu.Lock()
	defer r.notes.mu.Unlock()
	return r.notes.cached
}

// Again is a record for what is done once more for the same caller, beside the request or after it: it has what is known before a handler runs, and
// nothing that came of it.
func (r *Record) Again() *Record {
	return &Record{
		ID: r.ID, TraceID: r.TraceID, Start: time.Now(), Trusted: r.Trusted, Client: r.Client, Scheme: r.Scheme, Host: r.Host, Prefix: r.Prefix,
		Route: r.Route, Operation: r.Operation, Version: r.Version, Principal: r.Principal, Caller: r.Caller, Guard: r.Guard,
		Answer: r.Answer, Report: r.Report, Statements: r.Statements, Streams: r.Streams,
	}
}
