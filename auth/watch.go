package auth

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/tenon-go/tenon/internal/record"
)

// watchEvery is how long a stream goes on at most when its caller may have it no longer.
const watchEvery = 5 * time.Second

// watchFirst is when a stream is looked at first whose caller a cache may have let in: that of data/accounts believes for four of the five seconds.
const watchFirst = time.Second

// unsure is how often in a row nobody may be able to tell before a stream ends.
const unsure = 3

// Watch judges the caller of a stream again and again, as a new request that changes something would be, and ends it when they may have it no
// longer or their credential ends. It returns at once, and is over when the stream is.
func (a *access) Watch(r *http.Request, end context.CancelCauseFunc) {
	again := r.WithContext(r.Context())
	again.Header = r.Header.Clone() // what still runs for the request may change its own
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				end(fmt.Errorf("auth: panic while a stream was judged: %v", reason))
			}
		}()
		if err := a.watch(again); err != nil {
			end(err)
		}
	}()
}

// beside is the guard of an operation behind another one, such as that of the app in which its own is mounted: both watch.
func (a *access) beside(outer record.Guard) record.Guard { //nolint:ireturn // They have nothing else in common.
	if outer == nil {
		return a
	}
	return guards{outer, a}
}

// guards are several for one stream.
type guards []record.Guard

// Watch has each watch.
func (g guards) Watch(r *http.Request, end context.CancelCauseFunc) {
	for _, one := range g {
		one.Watch(r, end)
	}
}

// watch returns why a stream ends; nil is that it is over.
func (a *access) watch(r *http.Request) error {
	caller := record.From(r.Context()).Caller.(*Principal)
	next := watchEvery
	if !a.fresh(r) {
		next = watchFirst
	}
	for failed := 0; ; next = watchEvery {
		expires := caller.Expires()
		if !expires.IsZero() {
			next = min(next, time.Until(expires))
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-time.After(next):
		}
		if !expires.IsZero() && !time.Now().Before(expires) {
			return ErrExpired
		}
		p, _, err := a.caller(r, true)
		switch {
		case err == nil && p.Subject() == caller.Subject() && a.lets(p):
			caller, failed = p, 0
		case err != nil && !refused(err) && failed+1 < unsure:
			failed++
		default:
			return cmp.Or(err, error(ErrRevoked))
		}
	}
}
