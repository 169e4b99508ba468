// Package health tells balancers and supervisors how a service does: liveness and readiness as operations of the app.
//
//	checks, err := health.New(app, health.Config{Checks: []health.Check{{Name: "database", Ping: db.Ping}}})
//
// GET /livez answers 200 for as long as the process can answer at all; a supervisor restarts it when that fails, so it asks
// nothing else. GET /readyz answers 200 when the app and all checks are ready, and the problem not-ready with 503 otherwise, from the
// moment on when the app begins to end. Both are critical: they are answered while a server has no room for more (tenon.Config.Admission).
// Neither says more to the public; Details does, and belongs to the listener for operations.
package health

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Check asks something that requests depend on.
type Check struct {
	// Name is for the details, and unique.
	Name string
	// Tags group checks for whoever asks for the details of some of them. Default none.
	Tags []string
	// Ping reports what is wrong, or nil. It is called at most once at a time, and given Config.Timeout.
	Ping func(context.Context) error
}

// Config says what is checked. The zero value checks the app alone.
type Config struct {
	// Live and Ready are the paths of the operations. Default "/livez" and "/readyz".
	Live, Ready string
	// Checks are what readiness depends on. Default none.
	Checks []Check
	// Timeout is the most time for one check; what takes longer is not ready. Default 2 s.
	Timeout time.Duration
	// Cache is how long a result is used again. Default 1 s.
	Cache time.Duration
	// Options are added to both operations, such as a rule that lets everybody in. Default none.
	Options []tenon.Option
}

// Health is what New made.
type Health struct {
	app    *tenon.App
	checks *checks
}

// ErrNotReady is the problem of readiness while the service should not be sent requests.
var ErrNotReady = problem.Define(http.StatusServiceUnavailable, "not-ready", "The service should not be sent requests now.")

// New registers the operations on the app. Call it before Compile.
func New(app *tenon.App, cfg Config) (*Health, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	h := &Health{app: app, checks: newChecks(cfg)}
	group := app.Group("", append([]tenon.Option{tenon.Tags("health"), tenon.Critical(), probed}, cfg.Options...)...)
	group.Get(cfg.Live, h.live, tenon.Summary("Check that the process answers"),
		tenon.Description("Depends on nothing else: where it fails, a restart helps."))
	group.Get(cfg.Ready, h.ready, tenon.Summary("Check that the service can be sent requests"),
		tenon.Description("Answers 503 while something that requests depend on fails, and from when the service begins to stop."), tenon.Fails(ErrNotReady))
	return h, nil
}

// probed says who may call, where no option says it: those who look after the service show nothing.
func probed(o *tenon.Operation) {
	if o.Auth == nil && o.Security == nil && o.Rule == "" {
		o.Rule = "public: probes"
	}
}

func (c Config) check() error {
	var errs []error
	names := map[string]bool{}
	for i, one := range c.Checks {
		switch {
		case one.Name == "":
			errs = append(errs, fmt.Errorf("health: Checks[%d] has no Name", i))
		case names[one.Name]:
			errs = append(errs, fmt.Errorf("health: Checks[%d]: the name %q is taken", i, one.Name))
		case one.Ping == nil:
			errs = append(errs, fmt.Errorf("health: Checks[%d]: %q has no Ping", i, one.Name))
		}
		names[one.Name] = true
	}
	if c.Timeout < 0 {
		errs = append(errs, fmt.Errorf("health: Timeout is %v, want 0 (the default) or more", c.Timeout))
	}
	if c.Cache < 0 {
		errs = append(errs, fmt.Errorf("health: Cache is %v, want 0 (the default) or more", c.Cache))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	if c.Live == "" {
		c.Live = "/livez"
	}
	if c.Ready == "" {
		c.Ready = "/readyz"
	}
	if c.Timeout == 0 {
		c.Timeout = 2 * time.Second
	}
	if c.Cache == 0 {
		c.Cache = time.Second
	}
	return c
}

// View is what the public learns.
type View struct {
	// CacheControl keeps what is true now from being told later.
	CacheControl string `header:"Cache-Control" doc:"Always \"no-store\"."`
	// Body is the answer.
	Body Status `body:""`
}

// Status says that all is well.
type Status struct {
	// Status is "ok".
	Status string `json:"status" enum:"ok" doc:"Always \"ok\"."`
}

func well() *View { return &View{CacheControl: "no-store", Body: Status{Status: "ok"}} }

func (h *Health) live(context.Context, *struct{}) (*View, error) { return well(), nil }

func (h *Health) ready(ctx context.Context, _ *struct{}) (*View, error) {
	if !h.app.Ready() {
		return nil, ErrNotReady
	}
	report, err := h.checks.report(ctx)
	if err != nil {
		return nil, err
	}
	if !report.Ready {
		return nil, ErrNotReady.Wrap(errors.New(report.failing()))
	}
	return well(), nil
}
