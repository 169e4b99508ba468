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
	mu    sync.Mutex
	open  bool
	drops []dropped
	told  int // how many of them the stores were told of
}

// dropped is what is invalidated in one cache.
type dropped struct {
	of   *Cache
	tags []string
}

// drop invalidates tags in the wake of the request that ctx belongs to: that of an operation that a cache reaches, or else of what is provided for it.
// Where there is neither, it does so at once.
func (c *Cache) drop(ctx context.Context, tags ...string) error {
	one, rec := dropped{c, tags}, record.From(ctx)
	if rec != nil && record.Local[wake](rec).add(one) {
		return nil
	}
	if in, ok := ctx.Value(record.WakerKey{}).(record.Waker); ok && in.InWake(func() { invalidate(ctx, rec, []dropped{one}) }) {
		return nil
	}
	return c.keeper.invalidate(ctx, tags)
}

// add notes what is to be dropped; false is that there is no wake, or that it is too late.
func (w *wake) add(d dropped) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open {
		w.drops = append(w.drops, d)
	}
	return w.open
}

func (w *wake) begin(d dropped) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open, w.drops, w.told = true, []dropped{d}, 0
}

// take is what no store was told of yet, or all of it; of a refusal, what its handler itself has said.
func (w *wake) take(all, refused bool) []dropped {
	w.mu.Lock()
	defer w.mu.Unlock()
	from := w.told
	switch {
	case all:
		from = 0
	case refused:
		from = max(from, 1) // the first is that of the options
	}
	w.told = len(w.drops)
	return w.drops[from:]
}

func (w *wake) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = false
}

// follow invalidates what an operation that writes has changed: when its providers are finished, so that all is committed, and before the first
// byte of the answer. A refusal changes nothing but what its handler says. After a failure nobody knows, such as of a commit whose answer was lost,
// or of a handler that goes on after its deadline; and what is answered piece by piece is finished after its last byte: then all is invalidated once
// more at the end.
func (p *part) follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions { // of what is mounted
			next.ServeHTTP(w, r)
			return
		}
		r, rec := record.Of(r)
		wake := record.Local[wake](rec)
		wake.begin(dropped{p.cache, fill(p.clears, r)})
		status := 0
		out := &answer.Writer{ResponseWriter: w, Before: func(_ http.Header, s int) {
			status = s
			invalidate(r.Context(), rec, wake.take(false, refused(s)))
		}}
		defer func() {
			wake.end()
			unknown := status == 0 || status >= http.StatusInternalServerError || p.sends && !refused(status)
			invalidate(r.Context(), rec, wake.take(unknown, refused(status)))
		}()
		next.ServeHTTP(out, r)
	})
}

// invalidate asks each cache once. rec is that of the request; nil is none.
func invalidate(ctx context.Context, rec *record.Record, drops []dropped) {
	tags := map[*Cache][]string{}
	for _, d := range drops {
		tags[d.of] = append(tags[d.of], d.tags...)
	}
	for c, all := range tags {
		if err := c.keeper.invalidate(ctx, all); err != nil && !errors.Is(err, errLost) { // which is logged once
			attrs := []slog.Attr{slog.String("error", err.Error())}
			if rec != nil {
				attrs = append(attrs, slog.String("operation", rec.Operation), slog.String("request_id", rec.ID))
			}
			c.cfg.Logger.LogAttrs(context.WithoutCancel(ctx), slog.LevelWarn, "the store of the cache was not told of a change", attrs...)
		}
	}
}

func refused(status int) bool { return status >= 400 && status < 500 }
