package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// chore is the input of something that runs without a request.
type chore struct {
	Conn *conn `dep:""`
	Pool *pool `dep:""`
}

func jobApp(happened *pool, logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger})
	app.Singleton(func(context.Context, *struct{}) (*pool, error) { return happened, nil })
	app.Provide(open)
	app.Provide(whoCalls)
	return app
}

// TestCall runs functions outside HTTP: what they need is opened and closed as for a request.
func TestCall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		do, end   error
		want      string
		err       string
		logs      string
		panics    bool
		cancelled bool
	}{
		{name: "success", want: "open, work, close(<nil>), after"},
		{name: "an error", do: errBoom, want: "open, work, close(boom)", err: "boom"},
		{name: "an end that fails", end: errBoom, want: "open, work, close(<nil>)", err: "boom"},
		{name: "an end that fails after an error", do: errStrange, end: errBoom, want: "open, work, close(strange)", err: "strange", logs: "clean up"},
		{name: "a panic", panics: true, want: "open, work, close(panic: boom)"},
		{name: "a context that has ended", cancelled: true, want: "open, work, close(<nil>), after"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			happened := &pool{trail: &trail{}, fails: tt.end}
			var logs bytes.Buffer
			app := jobApp(happened, slog.New(slog.NewTextHandler(&logs, nil)))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.cancelled {
				cancel()
			}
			defer func() {
				if reason := recover(); (reason != nil) != tt.panics {
					t.Errorf("panic %v", reason)
				}
				if got := happened.trail.String(); got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			}()
			out, err := app.Call(ctx, func(ctx context.Context, in *chore) (*fine, error) {
				in.Pool.trail.add("work")
				tenon.After(ctx, func(context.Context) error { in.Pool.trail.add("after"); return nil })
				if tt.panics {
					panic("boom")
				}
				return &fine{in.Conn.pool == in.Pool}, tt.do
			})
			if (err == nil) != (out != nil && out.OK) || err == nil && tt.err != "" || err != nil && err.Error() != tt.err {
				t.Errorf("%v, error %v, want %q", out, err, tt.err)
			}
			if !strings.Contains(logs.String(), tt.logs) || tt.logs == "" && logs.Len() > 0 {
				t.Errorf("logged %q, want %q", logs.String(), tt.logs)
			}
		})
	}
}

var errStrange = errors.New("strange")

// TestCallRefuses asks for what only a request has.
func TestCallRefuses(t *testing.T) {
	t.Parallel()
	app := jobApp(&pool{trail: &trail{}}, tenontest.Logger(t))
	call := func(err error) error { return err }
	_, provider := app.Call(t.Context(), greetless)
	_, parameter := app.Call(t.Context(), takes[pageText]())
	_, missing := app.Call(t.Context(), takes[needsUser]())
	_, body := app.Call(t.Context(), takes[fine]())
	_, number := app.Call(t.Context(), takes[int]())
	_, nothing := app.Call[struct{}, fine](t.Context(), nil)
	_, wrong := app.Call(t.Context(), takes[optionalValue]())
	broken := tenon.New(tenon.Config{})
	broken.Get("/{", gives[fine]())
	_, faults := broken.Call(t.Context(), takes[struct{}]())
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"by a provider", provider, "tenon: call: *tenon_test.caller: type tenon_test.callerIn: field Name: only a request has a header X-Caller"},
		{"by the function", parameter, "tenon: call: type tenon_test.pageText: field Page: only a request has a query page"},
		{"a body", body, "tenon: call: type tenon_test.fine: field OK: only a request has a body"},
		{"no struct", number, "tenon: call: type int: the input of a call is a struct with dep fields"},
		{"what nothing provides", missing, "tenon: call: type tenon_test.needsUser: field User: no provider for *tenon_test.depUser"},
		{"no function", nothing, "tenon: Call has no function"},
		{"an optional value", wrong, `dep:"optional" is for what can be nil`},
		{"an app that does not compile", faults, "a wildcard is a whole segment"},
	} {
		if told := not(call(tt.err), tt.want); told != nil {
			t.Errorf("%s: %v", tt.name, told)
		}
	}
}

func greetless(context.Context, *struct {
	Caller *caller `dep:""`
},
) (*fine, error) {
	return nil, nil
}

// TestNilIsToldByName has providers that return nothing without an error.
func TestNilIsToldByName(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
	app.Provide(func(context.Context, *struct{}) (*depUser, error) { return nil, nil })
	app.Provide(func(context.Context, *struct{}) (*clock, error) { return new(clock), nil })
	app.Get("/needs", takes[needsUser]())
	app.Get("/interface", takes[mailerIn]())
	app.Get("/may", func(_ context.Context, in *struct {
		User  *depUser `dep:"optional"`
		Clock clock    `dep:"optional"`
	},
	) (*fine, error) {
		return &fine{in.User == nil && in.Clock == nil}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/may").Status(200).JSON(`{"ok":true}`)
	s.Get("/needs").Status(http.StatusInternalServerError)
	s.Get("/interface").Status(http.StatusInternalServerError)
	for _, want := range []string{"the provider of *tenon_test.depUser registered at ", " returned nil, and tenon_test.needsUser needs it", "the provider of tenon_test.clock registered at "} {
		if !strings.Contains(logs.String(), want) {
			t.Errorf("logged %s, want %q", logs.String(), want)
		}
	}
}
