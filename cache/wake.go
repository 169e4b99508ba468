package cache

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/internal/record"
)

// wake is what a request that writes invalidates when its transaction is committed.
type wake struct {
	mu   sync.Mutex
	open bool
	of   *Cache
	tags []string
	told int // how many of them the store was told of
}

// wakeOf is that of the request which ctx belongs to; nil is none.
func wakeOf(ctx context.Context, c *Cache) *wake {
	rec := record.From(ctx)
	if rec == nil {
		return nil
	}
	w := record.Local[wake](rec)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open || w.of != c {
		return nil
	}
	return w
}

// add notes tags; false is that it is too late.
func (w *wake) add(tags []string) bool {
	if w == nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open {
		w.tags = append(w.tags, tags...)
	}
	return w.open
}

func (w *wake) begin(c *Cache, tags []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open, w.of, w.tags, w.told = true, c, tags, 0
}

// take are the tags that nobody was told of yet, or all of them.
func (w *wake) take(all bool) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := w.told
	if all {
		from = 0
	}
	w.told = len(w.tags)
	return w.tags[from:]
}

func (w *wake) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = false
}

// follow invalidates what an operation that writes has changed: when its providers are finished, so that all is committed, and before the first
// byte of the answer. A refusal changes nothing. After a failure nobody knows, such as of a commit whose answer was lost, or of a handler that goes
// on after its deadline; and what is answered piece by piece is finished after its last byte: then all is invalidated once more at the end.
func (p *part) follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions { // of what is mounted
			next.ServeHTTP(w, r)
			return
		}
		r, rec := record.Of(r)
		wake := record.Local[wake](rec)
		wake.begin(p.cache, fill(p.clears, r))
		status := 0
		out := &answer.Writer{ResponseWriter: w, Before: func(_ http.Header, s int) {
			if status = s; !refused(s) {
				p.invalidate(r, rec, wake.take(false))
			}
		}}
		defer func() {
			if wake.end(); !refused(status) {
				p.invalidate(r, rec, wake.take(status == 0 || status >= http.StatusInternalServerError || p.sends))
			}
		}()
		next.ServeHTTP(out, r)
	})
}

func (p *part) invalidate(r *http.Request, rec *record.Record, tags []string) {
	if err := p.cache.keeper.invalidate(r.Context(), tags); err != nil && !errors.Is(err, errLost) { // which is logged once
		p.cache.cfg.Logger.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelWarn, "the store of the cache was not told of a change",
			slog.String("operation", rec.Operation), slog.String("request_id", rec.ID), slog.String("error", err.Error()))
	}
}

func refused(status int) bool { return status >= 400 && status < 500 }
