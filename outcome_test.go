package tenon_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type job struct {
	ID string `json:"id"`
}

// renamed is what a change of a name comes to: done, begun, or nothing to do.
type renamed struct {
	Done    *found           `status:"200"`
	Created *job             `status:"201"`
	Queued  *queued          `status:"202"`
	Same    *tenon.NoContent `status:"204"`
	Trace   string           `header:"X-Trace"`
	Session *http.Cookie     `cookie:"session"`
}

type queued struct {
	After int `header:"Retry-After"`
	Job   job `body:""`
}

func outcomes(t *testing.T, out *renamed) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/jobs", func(context.Context, *none) (*renamed, error) { return out, nil })
	app.Get("/jobs/{id}", func(_ context.Context, in *struct {
		ID string `path:"id"`
	}) (*job, error) {
		return &job{in.ID}, nil
	})
	return app
}

func TestFR02OneOfSeveralOutcomesIsAnswered(t *testing.T) {
	t.Parallel()
	cookie := &http.Cookie{Name: "session", Value: "a"}
	for _, tt := range []struct {
		name   string
		out    renamed
		status int
		body   string
		header map[string]string
	}{
		{"a body", renamed{Done: &found{A: "x"}}, 200, `{"route":"","a":"x","b":""}`, map[string]string{"Content-Type": "application/json"}},
		{"what was created, and where", renamed{Created: &job{"7"}}, 201, `{"id":"7"}`, map[string]string{"Location": "/jobs/7"}},
		{"header fields of its own and beside it", renamed{Queued: &queued{After: 5, Job: job{"8"}}, Trace: "t", Session: cookie}, 202, `{"id":"8"}`,
			map[string]string{"Retry-After": "5", "X-Trace": "t", "Set-Cookie": "session=a", "Location": ""}},
		{"nothing", renamed{Same: &tenon.NoContent{}, Trace: "t"}, 204, "", map[string]string{"X-Trace": "t", "Content-Type": "", "Content-Length": ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := tenontest.New(t, outcomes(t, &tt.out)).Post("/jobs", nil).Status(tt.status).Text(tt.body)
			for name, want := range tt.header {
				got.Header(name, want)
			}
		})
	}
}

func TestFR02NotExactlyOneOutcomeIsALogged500(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		out  renamed
		want string
	}{
		{"none", renamed{Trace: "t"}, "not 0"},
		{"two", renamed{Done: &found{}, Same: &tenon.NoContent{}, Trace: "t"}, "not 2 (Done, Same)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			log := &buffer{}
			app := tenon.New(tenon.Config{Logger: logTo(log)})
			app.Post("/jobs", func(context.Context, *none) (*renamed, error) { return &tt.out, nil })
			tenontest.New(t, app).Post("/jobs", nil).Status(500).Problem("internal").Header("X-Trace", "")
			if !strings.Contains(log.String(), tt.want) {
				t.Errorf("the log does not say %q: %s", tt.want, log)
			}
		})
	}
}

func TestFR02OutcomesAreDocumented(t *testing.T) {
	t.Parallel()
	app := outcomes(t, nil)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	responses := app.OpenAPI().Paths["/jobs"].Post.Responses
	for status, want := range map[string][]string{
		"200": {"Set-Cookie", "X-Trace"}, "201": {"Location", "Set-Cookie", "X-Trace"}, "202": {"Retry-After", "Set-Cookie", "X-Trace"}, "204": {"Set-Cookie", "X-Trace"},
	} {
		r := responses[status]
		if r == nil {
			t.Errorf("no response %s", status)
			continue
		}
		for _, name := range want {
			if r.Headers[name] == nil {
				t.Errorf("%s has no header %s", status, name)
			}
		}
		if len(r.Headers) != len(want) || (status == "204") != (r.Content == nil) {
			t.Errorf("%s: headers %v, content %v", status, r.Headers, r.Content)
		}
	}
}

func TestOutcomesAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"a value", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A found `status:"200"`
			}, error) {
				return nil, nil
			})
		}, "an outcome is a pointer"},
		{"two of one status", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *found `status:"200"`
				B *job   `status:"200"`
			}, error) {
				return nil, nil
			})
		}, "outcome A has status 200 too"},
		{"a redirect that is none", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *found `status:"303"`
			}, error) {
				return nil, nil
			})
		}, "that of a *tenon.Redirect"},
		{"204 with a body", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *found `status:"204"`
			}, error) {
				return nil, nil
			})
		}, "has no body"},
		{"NoContent as 200", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *tenon.NoContent `status:"200"`
			}, error) {
				return nil, nil
			})
		}, "204 or 205"},
		{"a body beside them", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *found `status:"200"`
				B job    `body:""`
			}, error) {
				return nil, nil
			})
		}, "it has outcomes"},
		{"a status beside them", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A *found `status:"200"`
			}, error) {
				return nil, nil
			}, tenon.Status(202))
		}, "it has outcomes"},
		{"outcomes within", func(app *tenon.App) {
			app.Post("/x", func(context.Context, *none) (*struct {
				A *renamed `status:"200"`
			}, error) {
				return nil, nil
			})
		}, "type struct { A *tenon_test.renamed"},
		{"a header twice", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				R int     `header:"Retry-After"`
				A *queued `status:"202"`
			}, error) {
				return nil, nil
			})
		}, "is set by the outcome and beside it"},
		{"a header of the server", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A int `header:"content-length"`
			}, error) {
				return nil, nil
			})
		}, "is set by the body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "outcome_test.go:") {
				t.Errorf("fault %v, want one with %q and its call site", err, tt.want)
			}
		})
	}
}
