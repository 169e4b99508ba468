// Command logins measures what logins tell and what they cost: how long an unknown user and a wrong password take, and, while many sign in at once,
// the memory of the process and the time of another route. The service is the store; it and the client are one process.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/bench/resident"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
)

func main() {
	tries := flag.Int("tries", 200, "tries of each kind, 1800 at most")
	at := flag.Int("logins", 400, "logins at once")
	flag.Parse()
	if err := run(context.Background(), *tries, *at, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	phrase = "correct horse battery"
	most   = 400 // users
)

func run(ctx context.Context, tries, logins int, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	dir, err := os.MkdirTemp("", "logins")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "store.db"), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := fill(ctx, db); err != nil {
		return err
	}
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.DiscardHandler), Limit: "0"})
	if err != nil {
		return err
	}
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, app, tenon.ServerConfig{
			Addr: "127.0.0.1:0", Logger: slog.New(slog.DiscardHandler), Ready: func(addr net.Addr) { ready <- addr },
		})
	}()
	var c client
	select {
	case addr := <-ready:
		c.base = "http://" + addr.String() + "/api/v2"
	case err := <-done:
		return err
	}
	if err := errors.Join(c.compare(ctx, tries, out), c.flood(ctx, logins, out)); err != nil {
		return err
	}
	stop()
	return <-done
}

// fill adds users whose passwords are all the same.
func fill(ctx context.Context, db *data.DB) error {
	hasher, err := password.New(password.Config{})
	if err != nil {
		return err
	}
	hash, err := hasher.Hash(ctx, tenon.NewSecret(phrase))
	if err != nil {
		return err
	}
	return db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		for i := range most {
			if _, err := tx.Exec(ctx, data.SQL(`INSERT INTO users (name, email, age, password_hash, created_at) VALUES ('Member', ?, 30, ?, CURRENT_TIMESTAMP)`,
				email(i), hash)); err != nil {
				return err
			}
		}
		return nil
	})
}

func email(i int) string { return fmt.Sprintf("m%d@example.com", i) }

type client struct {
	base   string
	logins atomic.Int64
}

// from is a client with an address of its own, as tries are limited by address: 127.1.0.0/16 is this machine.
func from(n int64) *http.Client {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}}
	return &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}}
}

// login tries a password, and tells the status and how long the answer took.
func (c *client) login(ctx context.Context, email, secret string) (status int, took time.Duration, err error) {
	body := fmt.Appendf(nil, `{"email":%q,"password":%q}`, email, secret)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/auth/login", bytes.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	return do(from(c.logins.Add(1)), req)
}

func do(c *http.Client, req *http.Request) (status int, took time.Duration, err error) {
	start := time.Now()
	res, err := c.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, time.Since(start), err
}

// compare tries an unknown user and a wrong password in turn.
func (c *client) compare(ctx context.Context, tries int, out io.Writer) error {
	var unknown, wrong []time.Duration
	for i := range tries {
		kinds := []struct {
			email string
			took  *[]time.Duration
		}{{fmt.Sprintf("n%d@example.com", i%most), &unknown}, {email(i % most), &wrong}}
		if i%2 == 1 { // neither is always the second
			slices.Reverse(kinds)
		}
		for _, kind := range kinds {
			status, took, err := c.login(ctx, kind.email, "wrong horse battery")
			if err != nil {
				return err
			}
			if status != http.StatusUnauthorized {
				return fmt.Errorf("try %d of %s: status %d", i, kind.email, status)
			}
			*kind.took = append(*kind.took, took)
		}
	}
	a, b := quantile(unknown, 50), quantile(wrong, 50)
	_, err := fmt.Fprintf(out, "unknown user %.2f ms, wrong password %.2f ms: they differ by %.1f %% (medians of %d)\n",
		ms(a), ms(b), 100*(ms(a)-ms(b))/ms(b), tries)
	return err
}

// flood signs everybody in at once, and asks another route meanwhile.
func (c *client) flood(ctx context.Context, logins int, out io.Writer) error {
	if err := resident.Forget(); err != nil {
		return err
	}
	idle, err := resident.Peak()
	if err != nil {
		return err
	}
	probing, enough := context.WithCancel(ctx)
	defer enough()
	var took []time.Duration
	var probes sync.WaitGroup
	probes.Go(func() { took = c.probe(probing) })

	var mu sync.Mutex
	statuses := map[int]int{}
	var failures error
	start := time.Now()
	var all sync.WaitGroup
	for i := range logins {
		all.Go(func() {
			status, _, err := c.login(ctx, email(i%most), phrase)
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
			failures = errors.Join(failures, err)
		})
	}
	all.Wait()
	lasted := time.Since(start)
	enough()
	probes.Wait()
	peak, err := resident.Peak()
	if err = errors.Join(err, failures); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d logins at once in %.1f s:", logins, lasted.Seconds())
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		_, _ = fmt.Fprintf(out, " %d times %d", statuses[status], status)
	}
	_, err = fmt.Fprintf(out, "; %.0f MiB more than idle were resident; another route took %.1f ms (p99 of %d)\n",
		float64(peak-idle)/(1<<20), ms(quantile(took, 99)), len(took))
	return err
}

// probe asks a route that reads the database, again and again, until ctx ends.
func (c *client) probe(ctx context.Context) (took []time.Duration) {
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/products?size=1", nil)
		if err != nil {
			return took
		}
		status, one, err := do(http.DefaultClient, req)
		if err != nil || status != http.StatusOK {
			return took
		}
		took = append(took, one)
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			return took
		}
	}
}

// quantile is the value below which q of a hundred lie.
func quantile(values []time.Duration, q int) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)*q/100, len(sorted)-1)]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
