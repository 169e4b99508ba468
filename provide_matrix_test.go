package tenon_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/problem"
)

// trial is one request whose handler is given two values that have an end. What is nil does nothing.
type trial struct {
	trail
	outer, inner func(err error) error // what Finish returns
	provider     func() error          // in the second provider
	handler      func(ctx context.Context) error
	next         func(i int) error // before each of the three items of a stream
	cancel       context.CancelFunc
}

type (
	outerValue struct{ *trial }
	innerValue struct{ *trial }
)

func (o *outerValue) Finish(ctx context.Context, err error) error {
	return o.end(ctx, "outer", o.outer, err)
}

func (i *innerValue) Finish(ctx context.Context, err error) error {
	return i.end(ctx, "inner", i.inner, err)
}

func (t *trial) end(ctx context.Context, name string, end func(error) error, err error) error {
	t.add("close %s(%v)", name, err)
	if _, bounded := ctx.Deadline(); ctx.Err() != nil || !bounded || ctx.Value(trialKey{}) == nil {
		t.add("with a context that is no good")
	}
	if end == nil {
		return nil
	}
	return end(err)
}

type trialKey struct{}

// recorder notes when the first byte is sent.
type recorder struct {
	*httptest.ResponseRecorder
	trail *trail
}

func (r *recorder) WriteHeader(status int) {
	r.trail.add("send %d", status)
	r.ResponseRecorder.WriteHeader(status)
}

type innerNeeds struct {
	Outer *outerValue `dep:""`
}

type trialIn struct {
	Inner *innerValue `dep:""`
	Outer *outerValue `dep:""`
}

type (
	trialOut struct {
		Set  string      `header:"X-Set"`
		Body trialAnswer `body:""`
	}
	trialAnswer struct {
		Value any `json:"value"`
	}
	trialLines struct {
		Lines iter.Seq2[int, error] `body:"application/x-ndjson"`
	}
	trialEvents struct {
		Events iter.Seq2[int, error] `body:"text/event-stream"`
	}
	trialText struct {
		Text io.Reader `body:"text/plain"`
	}
)

// trialSource is a body that is read from a file, say.
type trialSource struct {
	io.Reader
	*trial
}

func (s *trialSource) Close() error {
	s.add("close body")
	return nil
}

var errBoom = errors.New("boom")

func (t *trial) app(tb testing.TB) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Provide(func(context.Context, *struct{}) (*outerValue, error) {
		t.add("open outer")
		return &outerValue{t}, nil
	})
	app.Provide(func(_ context.Context, in *innerNeeds) (*innerValue, error) {
		if in.Outer == nil {
			t.add("without outer")
		}
		if t.provider != nil {
			if err := t.provider(); err != nil {
				return nil, err
			}
		}
		t.add("open inner")
		return &innerValue{t}, nil
	})
	run := func(ctx context.Context, in *trialIn) error {
		t.add("handle")
		if in.Inner == nil || in.Outer == nil {
			return errors.New("not provided")
		}
		if t.handler == nil {
			return nil
		}
		return t.handler(ctx)
	}
	items := func(yield func(int, error) bool) {
		for i := range 3 {
			if t.next != nil {
				if err := t.next(i); err != nil {
					yield(0, err)
					return
				}
			}
			t.add("item")
			if !yield(i, nil) {
				return
			}
		}
	}
	app.Get("/value", func(ctx context.Context, in *trialIn) (*trialOut, error) {
		return &trialOut{Set: "yes", Body: trialAnswer{1}}, run(ctx, in)
	})
	app.Get("/unwritable", func(ctx context.Context, in *trialIn) (*trialOut, error) {
		return &trialOut{Set: "yes", Body: trialAnswer{math.NaN()}}, run(ctx, in)
	})
	app.Get("/lines", func(ctx context.Context, in *trialIn) (*trialLines, error) { return &trialLines{items}, run(ctx, in) })
	app.Get("/events", func(ctx context.Context, in *trialIn) (*trialEvents, error) { return &trialEvents{items}, run(ctx, in) })
	app.Get("/text", func(ctx context.Context, in *trialIn) (*trialText, error) {
		return &trialText{&trialSource{strings.NewReader("text"), t}}, run(ctx, in)
	})
	app.Get("/broken", func(ctx context.Context, in *trialIn) (*trialText, error) {
		return &trialText{&trialSource{io.MultiReader(strings.NewReader("text"), iotest.ErrReader(errBoom)), t}}, run(ctx, in)
	})
	if err := app.Compile(); err != nil {
		tb.Fatal(err)
	}
	return app
}

// ask sends one request; a connection that is cut is the last step of the trail.
func (t *trial) ask(tb testing.TB, method, path string) *httptest.ResponseRecorder {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithValue(observe.Wait(tb.Context()), trialKey{}, true))
	defer cancel()
	t.cancel = cancel
	w := &recorder{httptest.NewRecorder(), &t.trail}
	func() {
		defer func() {
			if reason := recover(); reason != nil {
				t.add("cut(%v)", reason == http.ErrAbortHandler) //nolint:errorlint // it is never wrapped
			}
		}()
		t.app(tb).ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, path, nil))
	}()
	return w.ResponseRecorder
}

// TestSD020WhatIsProvidedIsClosedOnce is the matrix of ends: each value is opened once and closed once, in reverse, and is told how
// the request went; before the first byte, but for what is sent piece by piece.
func TestSD020WhatIsProvidedIsClosedOnce(t *testing.T) {
	t.Parallel()
	fails := func(context.Context) error { return errBoom }
	refused := problem.Define(http.StatusNotFound, "none", "There is none.")
	const opened = "open outer, open inner, handle, "
	for _, tt := range []struct {
		name, target string
		trial        *trial
		want         string
	}{
		{"success", "GET /value", &trial{}, opened + "close inner(<nil>), close outer(<nil>), send 200"},
		{"success of HEAD", "HEAD /value", &trial{}, opened + "close inner(<nil>), close outer(<nil>), send 200"},
		{"an error of the handler", "GET /value", &trial{handler: fails}, opened + "close inner(boom), close outer(boom), send 500"},
		{
			"a problem of the handler", "GET /value", &trial{handler: func(context.Context) error { return refused }},
			opened + "close inner(404 none: There is none.), close outer(404 none: There is none.), send 404",
		},
		{
			"a panic in the handler", "GET /value", &trial{handler: func(context.Context) error { panic("boom") }},
			opened + "close inner(panic: boom), close outer(panic: boom), send 500",
		},
		{
			"a panic in the handler that cuts the connection", "GET /value", &trial{handler: func(context.Context) error { panic(http.ErrAbortHandler) }},
			opened + "close inner(panic: net/http: abort Handler), close outer(panic: net/http: abort Handler), cut(true)",
		},
		{"a panic in a provider", "GET /value", &trial{provider: func() error { panic("boom") }}, "open outer, close outer(panic: boom), send 500"},
		{"a provider that fails", "GET /value", &trial{provider: func() error { return errBoom }}, "open outer, close outer(boom), send 500"},
		{"a provider that refuses", "GET /value", &trial{provider: func() error { return refused }}, "open outer, close outer(404 none: There is none.), send 404"},
		{
			"an output that cannot be written", "GET /unwritable", &trial{},
			opened + "close inner(encode: encode Value: the number is not finite), close outer(encode: encode Value: the number is not finite), send 500",
		},
		{"an end that fails", "GET /value", &trial{inner: func(error) error { return errBoom }}, opened + "close inner(<nil>), close outer(boom), send 500"},
		{
			"an end that fails with a problem", "GET /value", &trial{outer: func(error) error { return problem.New(problem.CodeUnavailable, "") }},
			opened + "close inner(<nil>), close outer(<nil>), send 503",
		},
		{"an end that panics", "HEAD /value", &trial{inner: func(error) error { panic("boom") }}, opened + "close inner(<nil>), close outer(panic: boom), send 500"},
		{
			"an end that fails after the handler did", "GET /value",
			&trial{handler: func(context.Context) error { return refused }, inner: func(error) error { return errBoom }},
			opened + "close inner(404 none: There is none.), close outer(404 none: There is none.), send 404",
		},
		{"ends that all fail", "GET /value", &trial{inner: func(error) error { return errBoom }, outer: func(error) error { return refused }}, opened + "close inner(<nil>), close outer(boom), send 500"},
		{"a stream", "GET /lines", &trial{}, opened + "item, send 200, item, item, close inner(<nil>), close outer(<nil>)"},
		{"a stream of events", "GET /events", &trial{}, opened + "item, send 200, item, item, close inner(<nil>), close outer(<nil>)"},
		{"HEAD of a stream", "HEAD /lines", &trial{}, opened + "close inner(<nil>), close outer(<nil>), send 200"},
		{"HEAD of a stream whose end fails", "HEAD /lines", &trial{outer: func(error) error { return errBoom }}, opened + "close inner(<nil>), close outer(<nil>), send 500"},
		{"a stream whose handler fails", "GET /lines", &trial{handler: fails}, opened + "close inner(boom), close outer(boom), send 500"},
		{
			"a stream that fails at once", "GET /lines", &trial{next: func(int) error { return errBoom }},
			opened + "close inner(boom), close outer(boom), send 500",
		},
		{
			"a stream that fails", "GET /lines", &trial{next: func(i int) error { return []error{nil, errBoom}[i] }},
			opened + "item, send 200, close inner(boom), close outer(boom), cut(true)",
		},
		{
			"a stream of events that fails", "GET /events", &trial{next: func(i int) error { return []error{nil, errBoom}[i] }},
			opened + "item, send 200, close inner(boom), close outer(boom)",
		},
		{"a stream whose end fails", "GET /lines", &trial{inner: func(error) error { return errBoom }}, opened + "item, send 200, item, item, close inner(<nil>), close outer(boom), cut(true)"},
		{
			"a stream that panics", "GET /lines", &trial{next: func(i int) error { return panicAt(i, 1) }},
			opened + "item, send 200, close inner(panic: boom), close outer(panic: boom), cut(true)",
		},
		{
			"a stream that panics at once", "GET /lines", &trial{next: func(i int) error { return panicAt(i, 0) }},
			opened + "close inner(panic: boom), close outer(panic: boom), send 500",
		},
		{"a body that is read", "GET /text", &trial{}, opened + "send 200, close body, close inner(<nil>), close outer(<nil>)"},
		{"a body that cannot be read", "GET /broken", &trial{}, opened + "send 200, close body, close inner(read the body: boom), close outer(read the body: boom), cut(true)"},
		{"a body whose end fails", "GET /text", &trial{outer: func(error) error { return errBoom }}, opened + "send 200, close body, close inner(<nil>), close outer(<nil>), cut(true)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			method, path, _ := strings.Cut(tt.target, " ")
			w := tt.trial.ask(t, method, path)
			if got := tt.trial.String(); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
			if w.Code >= 400 && w.Header().Get("X-Set") != "" {
				t.Error("a failure has the header fields of the success")
			}
			if strings.Contains(tt.want, "send 200") && path == "/value" && w.Header().Get("X-Set") != "yes" {
				t.Error("the success lacks its header fields")
			}
		})
	}
}

func panicAt(i, at int) error {
	if i == at {
		panic("boom")
	}
	return nil
}

// TestSD020ClientsThatLeave is the part of the matrix where nobody waits for the answer any more.
func TestSD020ClientsThatLeave(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, target string
		trial        func(*trial)
		want         string
	}{
		{"while the handler runs", "GET /value", func(t *trial) {
			t.handler = func(ctx context.Context) error { t.cancel(); return ctx.Err() }
		}, "close inner(context canceled), close outer(context canceled), send 499"},
		{"and a handler that does not mind", "GET /value", func(t *trial) {
			t.handler = func(context.Context) error { t.cancel(); return nil }
		}, "close inner(<nil>), close outer(<nil>), send 200"},
		{"while a stream is sent", "GET /lines", func(t *trial) {
			t.next = func(i int) error {
				if i == 1 {
					t.cancel()
				}
				return nil
			}
		}, "item, send 200, item, close inner(context canceled), close outer(context canceled), cut(true)"},
		{"while events are sent, and the end fails", "GET /events", func(t *trial) {
			t.next = func(i int) error {
				if i == 1 {
					t.cancel()
				}
				return nil
			}
			t.inner = func(error) error { return errBoom }
		}, "item, send 200, item, close inner(context canceled), close outer(context canceled), cut(true)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			trial := &trial{}
			tt.trial(trial)
			method, path, _ := strings.Cut(tt.target, " ")
			trial.ask(t, method, path)
			if got, want := trial.String(), "open outer, open inner, handle, "+tt.want; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

// TestAfterWaitsForTheEnd gives work to After in every place where one can: it runs when all is finished, and only then.
func TestAfterWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		fails      error
		want       string
	}{
		{"of a value", "/value", nil, "close inner(<nil>), close outer(<nil>), send 200, after handler, after end"},
		{"of a value whose end fails", "/value", errBoom, "close inner(<nil>), close outer(boom), send 500"},
		{"of a stream", "/lines", nil, "item, send 200, item, item, close inner(<nil>), close outer(<nil>), after handler, after end"},
		{"of events whose end fails", "/events", errBoom, "item, send 200, item, item, close inner(<nil>), close outer(boom)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			trial := &trial{}
			after := func(ctx context.Context, what string) {
				tenon.After(ctx, func(context.Context) error { trial.add("after %s", what); return nil })
			}
			trial.handler = func(ctx context.Context) error {
				after(ctx, "handler")
				trial.inner = func(error) error { after(ctx, "end"); return tt.fails }
				return nil
			}
			trial.ask(t, http.MethodGet, tt.path)
			if got, want := trial.String(), "open outer, open inner, handle, "+tt.want; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}
