package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// fetch makes one request and reads its answer whole.
func fetch(ctx context.Context, client *http.Client, method, url, body string) ([]byte, int, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return text, answer.StatusCode, err
}

// good are clients that behave. They ask steadily until they are told to stop, and count.
type good struct {
	sent, failed atomic.Int64
	mu           sync.Mutex
	firstError   string
	wait         sync.WaitGroup
	end          context.CancelFunc
}

// ask lets workers send a request in each pause, a GET and a POST by turns, each on a connection of its own where fresh.
func ask(ctx context.Context, base string, workers int, pause time.Duration, fresh bool) *good {
	ctx, end := context.WithCancel(ctx)
	g := &good{end: end}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: fresh, MaxIdleConnsPerHost: workers}}
	for range workers {
		g.wait.Go(func() {
			tick := time.NewTicker(pause)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				g.one(client, base, n%2 == 0)
			}
		})
	}
	return g
}

func (g *good) one(client *http.Client, base string, read bool) {
	method, path, body, want := http.MethodPost, "/echo", `{"text":"a"}`, http.StatusCreated
	if read {
		method, path, body, want = http.MethodGet, "/echo/a", "", http.StatusOK
	}
	_, status, err := fetch(context.Background(), client, method, base+path, body) // to its end, also when no more are to come
	g.sent.Add(1)
	if err == nil && status == want {
		return
	}
	g.failed.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.firstError == "" {
		g.firstError = method + " " + http.StatusText(status)
		if err != nil {
			g.firstError = err.Error()
		}
	}
}

func (g *good) stop() (sent, failed int64, first string) {
	g.end()
	g.wait.Wait()
	return g.sent.Load(), g.failed.Load(), g.firstError
}
