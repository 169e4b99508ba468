package tenon_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
)

// numbersUntil sends numbers until its context ends, one for each value of beat, and tells why it ended.
func numbersUntil(ctx context.Context, beat <-chan int, ended chan<- error) func(yield func(int, error) bool) {
	return func(yield func(int, error) bool) {
		defer func() { ended <- context.Cause(ctx) }()
		for {
			select {
			case <-ctx.Done():
				return
			case n, ok := <-beat:
				if !ok || !yield(n, nil) {
					return
				}
			}
		}
	}
}

type numbers struct {
	Body func(yield func(int, error) bool) `body:"application/x-ndjson"`
}

// either answers with events or with lines.
type either struct {
	Events *events[int] `status:"200"`
	Lines  *numbers     `status:"202"`
}

// numbersApp streams numbers as events and as lines.
func numbersApp(beat <-chan int, ended chan<- error) func(*slog.Logger) *tenon.App {
	return func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger})
		app.Get("/events", func(ctx context.Context, _ *none) (*events[int], error) {
			return &events[int]{numbersUntil(ctx, beat, ended)}, nil
		})
		app.Get("/either/{a}", func(ctx context.Context, in *one) (*either, error) {
			if in.A == "events" {
				return &either{Events: &events[int]{numbersUntil(ctx, beat, ended)}}, nil
			}
			return &either{Lines: &numbers{numbersUntil(ctx, beat, ended)}}, nil
		})
		app.Get("/lines", func(ctx context.Context, _ *none) (*numbers, error) {
			return &numbers{numbersUntil(ctx, beat, ended)}, nil
		})
		return app
	}
}

func TestW19StreamsDoNotBlockAStop(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		drain      time.Duration
		whole      bool // the client sees the end of the body
	}{
		{"events end at once", "/events", time.Hour, true},
		{"lines end when half of the time is over, and are cut", "/lines", 4 * time.Second, false},
		{"events of an operation that may answer lines", "/either/events", time.Hour, true},
		{"lines of an operation that may answer events", "/either/lines", 4 * time.Second, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			beat, ended := make(chan int, 1), make(chan error, 1)
			r := run(t, numbersApp(beat, ended), tenon.ServerConfig{Drain: tt.drain})
			beat <- 1
			res, err := http.Get("http://" + r.addr + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body := bufio.NewReader(res.Body)
			if _, err := body.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			r.stop()
			if cause := <-ended; !errors.Is(cause, tenon.ErrStopping) {
				t.Errorf("the context ended by %v, want ErrStopping", cause)
			}
			if err := <-r.done; err != nil {
				t.Error(err)
			}
			if _, err := io.ReadAll(body); (err == nil) != tt.whole {
				t.Errorf("the body ends with %v, want it whole: %v", err, tt.whole)
			}
		})
	}
}

func TestW19LinesMayComeToTheirEnd(t *testing.T) {
	t.Parallel()
	beat, ended := make(chan int), make(chan error, 1)
	r := run(t, numbersApp(beat, ended), tenon.ServerConfig{Drain: time.Hour})
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + r.addr + "/lines")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		answer <- fmt.Sprintf("%s %v", body, err)
	}()
	beat <- 1
	r.stop()
	beat <- 2
	close(beat)
	if cause := <-ended; cause != nil {
		t.Errorf("the context ended by %v", cause)
	}
	if got := <-answer; got != "1\n2\n <nil>" {
		t.Errorf("the answer is %q", got)
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

// TestUV02AllRequestsUnderWayAreAnswered stops a server with 50 requests and 10 streams under way.
func TestUV02AllRequestsUnderWayAreAnswered(t *testing.T) {
	t.Parallel()
	const requests, streams = 50, 10
	entered, finish := make(chan struct{}), make(chan struct{})
	beat, ended := make(chan int), make(chan error, streams)
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := numbersApp(beat, ended)(logger)
		app.Get("/slow", func(context.Context, *none) (*found, error) {
			entered <- struct{}{}
			<-finish
			return &found{Route: "slow"}, nil
		})
		app.Get("/stream", func(ctx context.Context, _ *none) (*events[int], error) {
			return &events[int]{func(yield func(int, error) bool) {
				entered <- struct{}{}
				numbersUntil(ctx, beat, ended)(yield)
			}}, nil
		})
		return app
	}, tenon.ServerConfig{})
	answers := make(chan string, requests+streams)
	get := func(path string) {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Get("http://" + r.addr + path)
		if err != nil {
			answers <- err.Error()
			return
		}
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
		answers <- fmt.Sprint(res.StatusCode, err)
	}
	for range streams {
		go get("/stream")
		<-entered
	}
	for range requests {
		go get("/slow")
		<-entered
	}
	r.stop()
	for range streams {
		if cause := <-ended; !errors.Is(cause, tenon.ErrStopping) {
			t.Errorf("a stream ended by %v, want ErrStopping", cause)
		}
	}
	close(finish)
	for range requests + streams {
		if got := <-answers; got != "200 <nil>" {
			t.Errorf("a request got %s", got)
		}
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

// TestW19AClientThatDoesNotReadDoesNotBlockAStop holds a stream in a write while its context ends.
func TestW19AClientThatDoesNotReadDoesNotBlockAStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		app, _ := linesApp(func(context.Context) (ticks, error) {
			return func(yield func(tick, error) bool) {
				yield(tick{N: 1}, nil)
				close(ended)
			}, nil
		})
		base, stop := context.WithCancelCause(t.Context())
		client := pipe(base, t, app)
		_, _ = io.WriteString(client, "GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		start := time.Now()
		stop(tenon.ErrStopping)
		<-ended
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("the write ended after %v, want 5s", took)
		}
	})
}
