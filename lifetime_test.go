package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// Three singletons: engine needs wheel and road, wheel needs road.
type (
	road  struct{ life *trail }
	wheel struct{ road *road }
	motor struct {
		wheel *wheel
		fails error
	}
	needsRoad struct {
		Road *road `dep:""`
	}
	needsWheel struct {
		Wheel *wheel `dep:""`
		Road  *road  `dep:""`
	}
	needsMotor struct {
		Motor *motor `dep:""`
	}
)

func (r *road) Finish(_ context.Context, err error) error {
	r.life.add("close road(%v)", err)
	return nil
}

func (w *wheel) Finish(_ context.Context, err error) error {
	w.road.life.add("close wheel(%v)", err)
	return nil
}

func (m *motor) Finish(_ context.Context, err error) error {
	m.wheel.road.life.add("close motor(%v)", err)
	return m.fails
}

// vehicle registers the three in the wrong order. start is what the start of the motor returns, and end its Finish.
func vehicle(app *tenon.App, life *trail, start func() error, end error) *tenon.App {
	app.Singleton(func(_ context.Context, in *needsWheel) (*motor, error) {
		if err := start(); err != nil {
			return nil, err
		}
		life.add("motor")
		return &motor{in.Wheel, end}, nil
	})
	app.Singleton(func(_ context.Context, in *needsRoad) (*wheel, error) {
		life.add("wheel")
		return &wheel{in.Road}, nil
	})
	app.Singleton(func(context.Context, *struct{}) (*road, error) {
		life.add("road")
		return &road{life}, nil
	})
	app.Get("/drive", func(_ context.Context, in *needsMotor) (*fine, error) {
		life.add("drive")
		return &fine{in.Motor.wheel.road.life == life}, nil
	})
	return app
}

func well() error { return nil }

func TestFA18Singletons(t *testing.T) {
	t.Parallel()
	life := &trail{}
	app := vehicle(tenon.New(tenon.Config{Logger: tenontest.Logger(t)}), life, well, nil)
	ctx := t.Context()
	steps := []struct {
		name string
		do   func() error
		want string
	}{
		{"a stop before the start does nothing", func() error { return app.Stop(ctx) }, ""},
		{"each starts after those that it needs", func() error { return app.Start(ctx) }, "road, wheel, motor"},
		{"a second start does nothing", func() error { return app.Start(ctx) }, ""},
		{"requests share them", func() error { return errors.Join(drive(app, 200), drive(app, 200)) }, "drive, drive"},
		{"they stop in reverse", func() error { return app.Stop(ctx) }, "close motor(<nil>), close wheel(<nil>), close road(<nil>)"},
		{"a second stop does nothing", func() error { return app.Stop(ctx) }, ""},
		{"nothing is served after the stop", func() error { return drive(app, 503) }, ""},
		{"nothing is called after the stop", func() error {
			_, err := app.Call(ctx, given[needsMotor, fine]())
			return not(err, "tenon: the app is stopped")
		}, ""},
		{"it may start again", func() error { return app.Start(ctx) }, "road, wheel, motor"},
		{"and serves anew", func() error { return drive(app, 200) }, "drive"},
		{"and stops", func() error { return app.Stop(ctx) }, "close motor(<nil>), close wheel(<nil>), close road(<nil>)"},
	}
	for _, tt := range steps {
		life.steps = nil
		if err := tt.do(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := life.String(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// not turns an error that is wanted into none.
func not(err error, want string) error {
	if err == nil || !strings.Contains(err.Error(), want) {
		return fmt.Errorf("error %v, want one with %q", err, want) //nolint:errorlint // it is not this error's cause
	}
	return nil
}

func drive(app *tenon.App, status int) error {
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/drive", nil))
	if w.Code != status {
		return fmt.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	return nil
}

func TestSingletonsThatFail(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		start func() error
		want  string
		words string
	}{
		{
			"an error stops those before it", func() error { return errBoom }, "road, wheel, close wheel(…), close road(…)",
			"tenon: start *tenon_test.motor registered at ",
		},
		{"a panic is an error", func() error { panic("boom") }, "road, wheel, close wheel(…), close road(…)", "panic: boom"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			life := &trail{}
			app := vehicle(tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}), life, tt.start, nil)
			err := app.Start(t.Context())
			if told := not(err, tt.words); told != nil {
				t.Error(told)
			}
			if err := drive(app, 500); err != nil {
				t.Errorf("a request tries again: %v", err)
			}
			var got []string
			for _, step := range life.steps {
				name, _, closes := strings.Cut(step, "(")
				if closes {
					name += "(…)"
				}
				got = append(got, name)
			}
			if got, want := strings.Join(got, ", "), tt.want+", "+tt.want; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestStopJoinsAllErrors(t *testing.T) {
	t.Parallel()
	life := &trail{}
	app := vehicle(tenon.New(tenon.Config{}), life, well, errBoom)
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := app.Stop(t.Context())
	if told := not(err, "tenon: stop *tenon_test.motor: boom"); told != nil || !errors.Is(err, errBoom) {
		t.Error(told)
	}
	if got, want := life.String(), "road, wheel, motor, close motor(<nil>), close wheel(<nil>), close road(<nil>)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestFirstRequestStarts sends many requests at once to an app that nobody started.
func TestFirstRequestStarts(t *testing.T) {
	t.Parallel()
	life := &trail{}
	app := vehicle(tenon.New(tenon.Config{Logger: tenontest.Logger(t)}), life, well, nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := drive(app, 200); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := life.String(); strings.Count(got, "road, wheel, motor") != 1 || strings.Count(got, "drive") != 20 {
		t.Error(got)
	}
}

// TestFA18W20MountedApps starts and stops an app with the one that it is mounted in, wherever it is mounted.
func TestFA18W20MountedApps(t *testing.T) {
	t.Parallel()
	life := &trail{}
	inner := vehicle(tenon.New(tenon.Config{}), life, well, nil)
	middle := tenon.New(tenon.Config{})
	middle.Mount("/drive", inner)
	middle.Mount("/again", inner)
	outer := tenon.New(tenon.Config{})
	outer.Group("/").Mount("/drive", middle)
	outer.Singleton(func(context.Context, *struct{}) (*depUser, error) { life.add("outer"); return new(depUser), nil })
	if err := outer.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := drive(outer, 200); err != nil {
		t.Error(err)
	}
	if err := outer.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if got, want := life.String(), "outer, road, wheel, motor, drive, close motor(<nil>), close wheel(<nil>), close road(<nil>)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestMountedAppsThatFail stops what was started when a mounted app does not start.
func TestMountedAppsThatFail(t *testing.T) {
	t.Parallel()
	life := &trail{}
	outer := vehicle(tenon.New(tenon.Config{}), life, well, nil)
	first, second := tenon.New(tenon.Config{}), tenon.New(tenon.Config{})
	first.Singleton(func(context.Context, *struct{}) (*road, error) { life.add("first"); return &road{life}, nil })
	second.Singleton(func(context.Context, *struct{}) (*depUser, error) { return nil, errBoom })
	outer.Mount("/first", first)
	outer.Mount("/second", second)
	if err := outer.Start(t.Context()); !errors.Is(err, errBoom) {
		t.Errorf("error %v", err)
	}
	if got, want := life.String(), "road, wheel, motor, first, close road(<nil>), close motor("; !strings.HasPrefix(got, want) {
		t.Errorf("%s, want %s…", got, want)
	}
}

// TestStartWithinStart has a singleton that asks for the app while it starts: it is told, rather than left to wait for itself.
func TestStartWithinStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app := tenon.New(tenon.Config{})
		app.Singleton(func(ctx context.Context, _ *struct{}) (*road, error) {
			_, err := app.Call(ctx, given[struct{}, fine]())
			return nil, errors.Join(err, app.Start(ctx), app.Stop(ctx))
		})
		err := app.Start(t.Context())
		if err == nil || strings.Count(err.Error(), "tenon: the app is starting or stopping, and a singleton waits for it") != 3 {
			t.Error(err)
		}
	})
}

// TestServeStartsAndStops serves an app until its context ends.
func TestServeStartsAndStops(t *testing.T) {
	t.Parallel()
	life := &trail{}
	app := vehicle(tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}), life, well, errBoom)
	ctx, stop := context.WithCancel(t.Context())
	err := tenon.Serve(ctx, app, tenon.ServerConfig{Addr: "127.0.0.1:0", Ready: func(net.Addr) { life.add("ready"); stop() }})
	if !errors.Is(err, errBoom) {
		t.Errorf("error %v, want that of the end", err)
	}
	if got, want := life.String(), "road, wheel, motor, ready, close motor(<nil>), close wheel(<nil>), close road(<nil>)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	broken := vehicle(tenon.New(tenon.Config{}), &trail{}, func() error { return errBoom }, nil)
	err = tenon.Serve(t.Context(), broken, tenon.ServerConfig{Addr: "127.0.0.1:0", Ready: func(net.Addr) { t.Error("it is ready") }})
	if !errors.Is(err, errBoom) {
		t.Errorf("error %v, want that of the start", err)
	}
}

// TestTestsShareAnApp ends one test while another goes on with the same app.
func TestTestsShareAnApp(t *testing.T) { //nolint:tparallel // its parts end one after the other
	t.Parallel()
	life := &trail{}
	app := vehicle(tenon.New(tenon.Config{}), life, well, nil)
	t.Run("both", func(t *testing.T) { //nolint:paralleltest // its end is waited for
		s := tenontest.New(t, app)
		t.Run("the first", func(t *testing.T) { tenontest.New(t, app).Get("/drive").Status(200) }) //nolint:paralleltest // so is this one's
		s.Get("/drive").Status(200)
		if got := life.String(); strings.Contains(got, "close") {
			t.Error(got)
		}
	})
	if got, want := life.String(), "road, wheel, motor, drive, drive, close motor(<nil>), close wheel(<nil>), close road(<nil>)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
