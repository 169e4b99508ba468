package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/tenon-go/tenon/internal/record"
)

// refresh makes an answer anew after one that is not fresh was sent: beside the request, or, where much runs so already, before it ends.
func (c *call) refresh() {
	if _, leads := c.join(); !leads {
		return
	}
	turn := c.turns.now()
	if turn == nil {
		c.land(landed{})
		return
	}
	later := c.rec.Later
	c.rec = c.rec.Again()
	ctx := record.With(c.r.Context(), c.rec)
	c.r = c.r.Clone(ctx) // what stands around may do what it likes with its own
	remake := func(ctx context.Context) {
		defer turn.leave()
		defer c.land(landed{})
		c.remake(ctx)
	}
	if later != nil && later(ctx, remake) {
		return
	}
	_ = http.NewResponseController(c.w).Flush() // what cannot flush sends it when the refresh is done
	remake(context.WithoutCancel(ctx))
}

// remake runs the operation for nobody.
func (c *call) remake(ctx context.Context) {
	defer func() {
		if reason := recover(); reason != nil {
			if err, ok := reason.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				c.cache.cfg.Logger.LogAttrs(ctx, slog.LevelError, "panic", slog.String("route", c.rec.Route), slog.String("request_id", c.rec.ID),
					slog.String("error", fmt.Sprintf("%v\n%s", reason, debug.Stack())))
			}
		}
	}()
	out := &writer{to: nowhere{}, header: http.Header{}}
	out.judge = func(status int, h http.Header) verdict {
		if c.keeps(c.rec, status, h) {
			return keep
		}
		c.land(landed{})
		return drop
	}
	c.run(out, c.detached(ctx))
	if out.verdict == keep {
		e := c.entryOf(out)
		c.store(e)
		c.land(landed{entry: e})
	}
}

// nowhere is a writer that nobody reads.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
