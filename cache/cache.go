package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon/store"
)

// MaxBody is the most bytes of a body that is kept.
const MaxBody = 1<<20 - 1

// Config says where answers are kept. The zero value keeps them in the process.
type Config struct {
	// Store keeps them. Replicas that share it share their answers, and what they invalidate. Default: a store.Memory of 64 MiB.
	Store store.Store
	// Prefix begins the keys in the store; services that share one store have different ones. Default "cache:".
	Prefix string
	// Release names what answers look like: where programs of two releases share a store, neither serves what the other has made. Default "".
	Release string
	// Name is that of the cache in Cache-Status (RFC 9211), a token. Default "tenon".
	Name string
	// Timeout is how long a call of the store may take. Default 100 ms.
	Timeout time.Duration
	// Pause is how long a store that failed is left alone, but for one request. Default 1 s.
	Pause time.Duration
	// Runs is how many requests of one operation may run its handler at once; others wait. Default 64.
	Runs int
	// Wait is how long a request waits for another that makes the same answer, and for its turn to run the handler; who has no turn by then is
	// answered 503. Default 5 s.
	Wait time.Duration
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Logger is told that the store is lost, and that it is back. Default slog.Default().
	Logger *slog.Logger
}

// Cache keeps answers, and what functions return. It is safe for concurrent use.
type Cache struct {
	cfg     Config
	keeper  keeper
	flights flights[string, landed]
	counts  counts
}

// New makes a cache.
func New(cfg Config) (*Cache, error) {
	var errs []error
	for _, d := range [...]struct {
		name  string
		value time.Duration
	}{{"Timeout", cfg.Timeout}, {"Pause", cfg.Pause}, {"Wait", cfg.Wait}} {
		if d.value < 0 {
			errs = append(errs, fmt.Errorf("cache.Config: %s is %v, want 0 or more", d.name, d.value))
		}
	}
	if cfg.Runs < 0 {
		errs = append(errs, fmt.Errorf("cache.Config: Runs is %d, want 0 or more", cfg.Runs))
	}
	if len(cfg.Prefix) > 64 {
		errs = append(errs, fmt.Errorf("cache.Config: Prefix has %d bytes, want 64 or fewer", len(cfg.Prefix)))
	}
	if !isToken(cmp.Or(cfg.Name, "tenon")) {
		errs = append(errs, fmt.Errorf("cache.Config: Name is %q, want a token such as tenon", cfg.Name))
	}
	if cfg.Store == nil {
		memory, err := store.NewMemory(store.Config{Now: cfg.Now})
		errs = append(errs, err)
		cfg.Store = memory
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	cfg.Prefix, cfg.Name = cmp.Or(cfg.Prefix, "cache:"), cmp.Or(cfg.Name, "tenon")
	cfg.Timeout, cfg.Pause = cmp.Or(cfg.Timeout, 100*time.Millisecond), cmp.Or(cfg.Pause, time.Second)
	cfg.Runs, cfg.Wait = cmp.Or(cfg.Runs, 64), cmp.Or(cfg.Wait, 5*time.Second)
	cfg.Logger = cmp.Or(cfg.Logger, slog.Default())
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Cache{cfg: cfg}
	c.keeper.open(cfg)
	return c, nil
}

// Invalidate drops what was kept under tags, see Tag. In the handler of an operation that writes, and that Use reaches, with this cache or another,
// it does so in the wake of the transaction: when that is committed, before the answer leaves, also where that refuses. Elsewhere it does so at once.
// An error is that the store could not be asked; it is asked again, and until then this process serves nothing that it kept under the tags.
func (c *Cache) Invalidate(ctx context.Context, tags ...string) error {
	for _, tag := range tags {
		if err := checkTag(tag); err != nil {
			return err
		}
	}
	return c.drop(ctx, tags...)
}

func checkTag(tag string) error {
	if tag == "" || len(tag) > maxTag || tag == allTags {
		return fmt.Errorf("cache: the tag %q: want 1 to %d bytes, other than %s", tag, maxTag, allTags)
	}
	return nil
}

// maxTag is the most bytes of a tag.
const maxTag = 256

// Stats is what a cache did since it was made.
type Stats struct {
	// Hits were answered by what is kept, and is fresh.
	Hits int64
	// Stale were answered by what is kept, and is not fresh any more.
	Stale int64
	// Misses ran the handler, or waited for one that did.
	Misses int64
	// Bypassed ran the handler because their client wanted it so, or because nothing can be kept of them.
	Bypassed int64
	// Errors ran the handler because the store could not be asked.
	Errors int64
}

// counts are Stats as they grow, by result.
type counts [results]atomic.Int64

// Stats returns what the cache did.
func (c *Cache) Stats() Stats {
	return Stats{
		Hits: c.counts[hit].Load(), Stale: c.counts[stale].Load(), Misses: c.counts[miss].Load(),
		Bypassed: c.counts[bypass].Load(), Errors: c.counts[failed].Load(),
	}
}

// result is what the cache did with a request.
type result int

const (
	hit result = iota
	stale
	miss
	bypass
	failed
	results
)

// String is what an Observation calls it.
func (r result) String() string { return [results]string{"hit", "stale", "miss", "bypass", "error"}[r] }

func isToken(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return true
}
