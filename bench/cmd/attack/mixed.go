package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// mixed sends requests of every kind and compares what the server holds before and after.
func mixed(ctx context.Context, requests int64) error {
	s, err := start(ctx, patience{})
	if err != nil {
		return err
	}
	const workers, most = 32, 5
	base := "http://" + s.addr
	transport := &http.Transport{MaxIdleConnsPerHost: workers}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	kinds := []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/echo/a", "", 200}, {"POST", "/echo", `{"text":"a"}`, 201}, {"POST", "/echo", `{"text":1}`, 422}, {"POST", "/echo", `{`, 400},
		{"GET", "/nowhere", "", 404}, {"DELETE", "/echo/a", "", 405}, {"GET", "/panics", "", 500}, {"GET", "/lines", "", 200}, {"GET", "/readyz", "", 200},
	}
	if _, _, err := fetch(ctx, client, "GET", base+"/readyz", ""); err != nil { // the first request makes what stays
		return err
	}
	transport.CloseIdleConnections()
	goroutines, files, err := s.left(ctx)
	if err != nil {
		return err
	}
	var next, wrong atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for n := next.Add(1); n <= requests; n = next.Add(1) {
				k := kinds[n%int64(len(kinds))]
				if _, status, err := fetch(ctx, client, k.method, base+k.path, k.body); err != nil || status != k.status {
					wrong.Add(1)
				}
			}
		})
	}
	wait.Wait()
	transport.CloseIdleConnections()
	var g, f int
	for range 50 { // connections take a moment to close
		if g, f, err = s.left(ctx); err != nil {
			return err
		}
		if g <= goroutines+most && f <= files+most {
			break
		}
		<-time.After(100 * time.Millisecond)
	}
	fmt.Printf("%d requests, %d wrong; goroutines %d -> %d, files %d -> %d\n", requests, wrong.Load(), goroutines, g, files, f)
	if wrong.Load() > 0 || g > goroutines+most || f > files+most {
		err = fmt.Errorf("want 0 wrong, and no more than %d goroutines and files left", most)
	}
	if stopped := s.stop(); err == nil {
		err = stopped
	}
	return err
}
