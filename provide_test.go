package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// trail is what happened, in order.
type trail struct {
	mu    sync.Mutex
	steps []string
}

func (t *trail) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, fmt.Sprintf(format, args...))
}

func (t *trail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.steps, ", ")
}

// pool, conn and caller are provided: a caller needs a conn, which needs the pool.
type (
	pool struct {
		trail *trail
		fails error // of the end of a conn
	}
	conn   struct{ pool *pool }
	caller struct {
		Name string
		conn *conn
	}
)

func (c *conn) Finish(ctx context.Context, err error) error {
	c.pool.trail.add("close(%v)", err)
	if ctx.Err() != nil {
		c.pool.trail.add("late")
	}
	return c.pool.fails
}

type connIn struct {
	Pool *pool `dep:""`
}

func open(_ context.Context, in *connIn) (*conn, error) {
	in.Pool.trail.add("open")
	return &conn{in.Pool}, nil
}

type callerIn struct {
	Name string `header:"X-Caller" minLength:"2"`
	Conn *conn  `dep:""`
}

var errStranger = problem.Define(http.StatusForbidden, "stranger", "The caller is not known.")

func whoCalls(_ context.Context, in *callerIn) (*caller, error) {
	in.Conn.pool.trail.add("caller")
	if in.Name == "eve" {
		return nil, errStranger
	}
	return &caller{in.Name, in.Conn}, nil
}

type greetIn struct {
	Caller *caller `dep:""`
	Conn   *conn   `dep:""`
	Loud   bool    `query:"loud" default:"false"`
}

type greeting struct {
	Text string `json:"text"`
}

func greet(_ context.Context, in *greetIn) (*greeting, error) {
	in.Conn.pool.trail.add("handler")
	if in.Conn != in.Caller.conn {
		return nil, errors.New("two connections in one request")
	}
	if in.Loud {
		return &greeting{strings.ToUpper(in.Caller.Name)}, nil
	}
	return &greeting{in.Caller.Name}, nil
}

func TestSD022FA04Providers(t *testing.T) {
	t.Parallel()
	happened := &trail{}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/hello", greet)
	app.Provide(whoCalls, tenon.Fails(errStranger))
	app.Provide(open)
	app.Singleton(func(context.Context, *struct{}) (*pool, error) { return &pool{trail: happened}, nil })
	s := tenontest.New(t, app).With("X-Caller", "ada")
	s.Get("/hello").Status(200).JSON(`{"text":"ada"}`)
	if got, want := happened.String(), "open, caller, handler, close(<nil>)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	s.With("X-Caller", "eve").Get("/hello").Status(403).Problem("stranger")
	s.With("X-Caller", "x").Get("/hello?loud=x&other=1").Status(422).
		Fault("header", "/X-Caller", "minLength").Fault("query", "/loud", "type").Fault("query", "/other", "unknown")
	if got, want := happened.String(), "open, caller, handler, close(<nil>), open, caller, close(403 stranger: The caller is not known.)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestProvidersBindTogether sends requests whose parameters belong to the handler and to its providers, in one answer.
func TestProvidersBindTogether(t *testing.T) {
	t.Parallel()
	type (
		tenantIn struct {
			Tenant string   `path:"tenant" minLength:"2"`
			Tags   []string `query:"tag" default:""`
		}
		tenant struct {
			Name string
			Tags []string
		}
	)
	type handlerIn struct {
		Tenant *tenant `dep:""`
		Size   int     `query:"size" minimum:"1" default:"10"`
		ID     int     `path:"id"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Provide(func(_ context.Context, in *tenantIn) (*tenant, error) { return &tenant{in.Tenant, in.Tags}, nil })
	show := func(_ context.Context, in *handlerIn) (*greeting, error) {
		return &greeting{fmt.Sprint(in.Tenant.Name, in.Tenant.Tags, in.Size, in.ID)}, nil
	}
	app.Get("/of/{tenant}/{id}", show, tenon.Default("size", "5"), tenon.Default("tag", "none"))
	s := tenontest.New(t, app)
	s.Get("/of/acme/7").Status(200).JSON(`{"text":"acme[none] 5 7"}`)
	s.Get("/of/acme/7?tag=a&size=2&tag=b").Status(200).JSON(`{"text":"acme[a b] 2 7"}`)
	s.Get("/of/a/x?size=0&tags=1").Status(422).Fault("path", "/tenant", "minLength").Fault("path", "/id", "type").
		Fault("query", "/size", "minimum").Fault("query", "/tags", "unknown")
}
