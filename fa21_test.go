package tenon_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type tick struct {
	N    int    `json:"n"`
	Text string `json:"text,omitempty"`
}

type ticks = iter.Seq2[tick, error]

type lines struct {
	Body ticks `body:"application/x-ndjson"`
}

var errTicks = problem.Define(http.StatusConflict, "no-ticks", "There are no ticks.")

// linesApp answers GET /ticks with what body returns, and logs to the buffer.
func linesApp(body func(context.Context) (ticks, error)) (*tenon.App, *buffer) {
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/ticks", func(ctx context.Context, _ *none) (*lines, error) {
		seq, err := body(ctx)
		return &lines{Body: seq}, err
	}, tenon.Fails(errTicks))
	return app, log
}

// ticksThen yields n ticks and then does what end says.
func ticksThen(n int, end func(yield func(tick, error) bool)) func(context.Context) (ticks, error) {
	return func(context.Context) (ticks, error) {
		return func(yield func(tick, error) bool) {
			for i := range n {
				if !yield(tick{N: i + 1}, nil) {
					return
				}
			}
			end(yield)
		}, nil
	}
}

func failWith(err error) func(func(tick, error) bool) {
	return func(yield func(tick, error) bool) { yield(tick{}, err) }
}

func noMore(func(tick, error) bool) {}

func TestFA21Lines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		body   func(context.Context) (ticks, error)
		status int
		want   string // of the body
		cut    bool   // before its end
		log    string
	}{
		{"sends each item as a line", ticksThen(3, noMore), 200, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", false, ""},
		{"sends no lines", ticksThen(0, noMore), 200, "", false, ""},
		{"escapes line ends", func(context.Context) (ticks, error) {
			return func(yield func(tick, error) bool) { yield(tick{1, "a\nb\r\u2028c"}, nil) }, nil
		}, 200, "{\"n\":1,\"text\":\"a\\nb\\r\u2028c\"}\n", false, ""},
		{"answers the problem of the handler", func(context.Context) (ticks, error) { return nil, errTicks }, 409, "no-ticks", false, ""},
		{"answers the error of the handler", func(context.Context) (ticks, error) { return nil, io.ErrNoProgress }, 500, "internal", false, "internal error"},
		{"answers a problem before the first item", ticksThen(0, failWith(errTicks)), 409, "no-ticks", false, ""},
		{"answers an error before the first item", ticksThen(0, failWith(io.ErrNoProgress)), 500, "internal", false, "internal error"},
		{"answers a panic before the first item", ticksThen(0, func(func(tick, error) bool) { panic("boom") }), 500, "internal", false, "boom"},
		{"answers 500 without a stream", func(context.Context) (ticks, error) { return nil, nil }, 500, "internal", false, "returned no stream"},
		{"is cut when an item fails", ticksThen(2, failWith(io.ErrNoProgress)), 200, "{\"n\":1}\n{\"n\":2}\n", true, "stream failed"},
		{"is cut by a problem, which is logged", ticksThen(1, failWith(errTicks)), 200, "{\"n\":1}\n", true, "no-ticks"},
		{"is cut when an item cannot be encoded", ticksThen(1, func(yield func(tick, error) bool) {
			if yield(tick{Text: "\xff"}, nil) {
				panic("the stream goes on")
			}
		}), 200, "{\"n\":1}\n", true, "encode"},
		{"is cut by a panic", ticksThen(1, func(func(tick, error) bool) { panic("boom") }), 200, "{\"n\":1}\n", true, "boom"},
		{"ends at the first error", ticksThen(0, func(yield func(tick, error) bool) {
			if yield(tick{}, errTicks) {
				panic("the stream goes on")
			}
		}), 409, "no-ticks", false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, log := linesApp(tt.body)
			res, err := httptest.NewTestServer(t, app).Client().Get("http://example.com/ticks")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != tt.status || (tt.status == 200 && string(body) != tt.want) || !strings.Contains(string(body), tt.want) {
				t.Errorf("%d %q, want %d %q", res.StatusCode, body, tt.status, tt.want)
			}
			if cut := err != nil; cut != tt.cut {
				t.Errorf("the body ends with %v, want it cut: %v", err, tt.cut)
			}
			if media := res.Header.Get("Content-Type"); tt.status == 200 && media != "application/x-ndjson" {
				t.Errorf("Content-Type %q", media)
			}
			if got := log.String(); !strings.Contains(got, tt.log) || tt.log == "" && got != "" {
				t.Errorf("log %s, want %q", got, tt.log)
			}
		})
	}
}

func TestFA21LinesArriveAsTheyAreMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, _ := linesApp(func(context.Context) (ticks, error) {
			return func(yield func(tick, error) bool) {
				for n := 1; n <= 3 && yield(tick{N: n}, nil); n++ {
					time.Sleep(time.Hour) //nolint:forbidigo // in the time of the test
				}
			}, nil
		})
		server := httptest.NewTestServer(t, app)
		server.Config.WriteTimeout = time.Second // which a stream outlives
		server.Config.ReadTimeout = time.Second
		start := time.Now()
		res, err := server.Client().Get("http://example.com/ticks")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		for n := range 3 {
			if !lines.Scan() || time.Since(start).Round(time.Minute) != time.Duration(n)*time.Hour {
				t.Errorf("line %d %q after %v: %v", n+1, lines.Text(), time.Since(start), lines.Err())
			}
		}
		if lines.Scan() || lines.Err() != nil {
			t.Errorf("after the last line: %q, %v", lines.Text(), lines.Err())
		}
	})
}

func TestFA21TheClientsEndEndsTheIterator(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		wait func(ctx context.Context) // between two items
	}{
		{"that waits for its context", func(ctx context.Context) { <-ctx.Done() }},
		{"at its next item", func(context.Context) { time.Sleep(time.Second) }}, //nolint:forbidigo // in the time of the test
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan error, 1)
				app, log := linesApp(func(ctx context.Context) (ticks, error) {
					return func(yield func(tick, error) bool) {
						defer func() { ended <- context.Cause(ctx) }()
						for yield(tick{N: 1}, nil) {
							tt.wait(ctx)
						}
					}, nil
				})
				ctx, leave := context.WithCancel(t.Context())
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://example.com/ticks", nil)
				res, err := httptest.NewTestServer(t, app).Client().Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				_, _ = bufio.NewReader(res.Body).ReadString('\n')
				leave()
				if cause := <-ended; !errors.Is(cause, context.Canceled) {
					t.Errorf("the context ended by %v", cause)
				}
				synctest.Wait()
				if got := log.String(); got != "" {
					t.Errorf("a client that left is in the log: %s", got)
				}
			})
		})
	}
}

// pipe serves app on one connection without any buffer, and returns the client's end.
func pipe(ctx context.Context, t *testing.T, app http.Handler) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	l := &oneListener{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
	l.conn <- server
	s := &http.Server{Handler: app, BaseContext: func(net.Listener) context.Context { return ctx }, WriteTimeout: time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() {
		_ = client.Close()
		_ = s.Close()
		<-done
	})
	return client
}

type oneListener struct {
	conn   chan net.Conn
	closed chan struct{}
}

func (l *oneListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *oneListener) Close() error {
	close(l.closed)
	return nil
}

func (*oneListener) Addr() net.Addr { return &net.TCPAddr{} }

func TestFA21AClientThatDoesNotReadIsLeft(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		size int // of an item
		read func(io.Reader)
		want time.Duration
	}{
		{"after a minute", 10, func(io.Reader) {}, time.Minute},
		{"a minute after its last sign", 200 << 10, func(r io.Reader) {
			for range 5 { // less than one item
				time.Sleep(50 * time.Second) //nolint:forbidigo // in the time of the test
				_, _ = io.ReadFull(r, make([]byte, 18<<10))
			}
		}, 250*time.Second + time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan error, 1)
				app, _ := linesApp(func(ctx context.Context) (ticks, error) {
					return func(yield func(tick, error) bool) {
						for yield(tick{Text: strings.Repeat("x", tt.size)}, nil) {
						}
						ended <- context.Cause(ctx)
					}, nil
				})
				client := pipe(t.Context(), t, app)
				start := time.Now()
				_, _ = io.WriteString(client, "GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n")
				go tt.read(client)
				cause := <-ended
				if took := time.Since(start); took > tt.want || took < tt.want-time.Minute {
					t.Errorf("after %v, want %v", took, tt.want)
				}
				if cause == nil {
					t.Error("the context goes on")
				}
			})
		})
	}
}

func TestFA21HeadAndAccept(t *testing.T) {
	t.Parallel()
	ran := false
	app, _ := linesApp(func(context.Context) (ticks, error) {
		return func(func(tick, error) bool) { ran = true }, nil
	})
	for _, tt := range []struct {
		method, accept string
		status         int
	}{
		{"HEAD", "", 200},
		{"GET", "text/event-stream", 406},
		{"GET", "application/json", 406},
		{"HEAD", "application/*;q=0.1, text/html", 200},
	} {
		r := httptest.NewRequest(tt.method, "/ticks", nil)
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if w.Code != tt.status || w.Code == 200 && (w.Header().Get("Content-Type") != "application/x-ndjson" || w.Body.Len() > 0) {
			t.Errorf("%s, Accept %q: %d %v %s", tt.method, tt.accept, w.Code, w.Header(), w.Body)
		}
	}
	if ran {
		t.Error("HEAD ran the iterator")
	}
}

func TestFA21StreamsAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	type all = iter.Seq2[tick, error]
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"without a media type", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body all `body:""`
			}, error) {
				return nil, nil
			})
		}, "a stream has one media type"},
		{"with a media type that is none of a stream", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body all `body:"application/json"`
			}, error) {
				return nil, nil
			})
		}, "not the media type of a stream"},
		{"as the whole output", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*all, error) { return nil, nil })
		}, "a stream has one media type"},
		{"as a member", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct{ A all }, error) { return nil, nil })
		}, "a stream is a whole body"},
		{"as an item", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct{ A []all }, error) { return nil, nil })
		}, "a whole body, no item"},
		{"that may be absent", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body *all `body:"application/x-ndjson"`
			}, error) {
				return nil, nil
			})
		}, "a body of application/x-ndjson is a string, []byte or io.Reader"},
		{"without errors", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body iter.Seq[tick] `body:"application/x-ndjson"`
			}, error) {
				return nil, nil
			})
		}, "a stream is iter.Seq2[T, error]"},
		{"of secrets", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body iter.Seq2[struct{ Key tenon.Secret }, error] `body:"application/x-ndjson"`
			}, error) {
				return nil, nil
			})
		}, "is a secret"},
		{"of events in lines", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body iter.Seq2[tenon.Event[tick], error] `body:"application/x-ndjson"`
			}, error) {
				return nil, nil
			})
		}, "is an item of text/event-stream"},
		{"in an input", func(app *tenon.App) {
			app.Post("/x", func(context.Context, *struct {
				Body all `body:"application/x-ndjson"`
			}) (*found, error) {
				return nil, nil
			})
		}, "Body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "fa21_test.go:") {
				t.Errorf("fault %v, want one with %q and its call site", err, tt.want)
			}
		})
	}
}

func TestFA21AMiddlewareThatHidesFlushIsFoundOut(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})
	}))
	app.Get("/ticks", func(ctx context.Context, _ *none) (*lines, error) {
		seq, err := ticksThen(1, noMore)(ctx)
		return &lines{seq}, err
	})
	w := serve(t, app, "GET", "/ticks")
	if w.Code != 500 || !strings.Contains(log.String(), "Unwrap") {
		t.Errorf("%d %s, log %s", w.Code, w.Body, log)
	}
}

func TestFA21LeavesNoGoroutine(t *testing.T) { //nolint:paralleltest // it counts
	app, _ := linesApp(ticksThen(100, noMore))
	failing, _ := linesApp(ticksThen(1, failWith(io.ErrNoProgress)))
	before := runtime.NumGoroutine()
	for _, app := range []*tenon.App{app, failing} {
		server := httptest.NewServer(app)
		for range 50 {
			res, err := server.Client().Get(server.URL + "/ticks")
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode == 200 {
				_, _ = bufio.NewReader(res.Body).ReadString('\n')
			}
			_ = res.Body.Close() // before its end
		}
		server.Close()
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
	}
}

func TestFA21TheDocumentDescribesLines(t *testing.T) {
	t.Parallel()
	app, _ := linesApp(ticksThen(2, noMore))
	s := tenontest.New(t, app)
	s.Get("/ticks").Status(200).JSON(`[{"n":1},{"n":2}]`)
	s.Get("/openapi.json").At("/paths/~1ticks/get/responses/200", `{"description":"OK","content":{"application/x-ndjson":{"schema":{
		"type":"array","items":{"$ref":"#/components/schemas/Tick"},"description":"One JSON value on each line, one after the other: no JSON array."}}}}`)
}

func TestFA21AnExportMayBeConditional(t *testing.T) {
	t.Parallel()
	type export struct {
		Tag  tenon.ETag `header:"ETag"`
		Body ticks      `body:"application/jsonl"`
	}
	app := tenon.New(tenon.Config{})
	app.Get("/export", func(ctx context.Context, _ *none) (*export, error) {
		seq, err := ticksThen(1, noMore)(ctx)
		return &export{tenon.NewETag("v1"), seq}, err
	})
	s := tenontest.New(t, app)
	s.Get("/export").Status(200).Header("ETag", `"v1"`).Header("Content-Type", "application/jsonl").JSON(`[{"n":1}]`)
	s.With("If-None-Match", `"v1"`).Get("/export").Status(304).Header("ETag", `"v1"`).Empty()
	s.With("If-Match", `"v2"`).Get("/export").Status(412).Problem("precondition-failed")
}
