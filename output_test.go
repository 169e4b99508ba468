package tenon_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

type parts struct {
	Status   int                `status:"" enum:"200,202"`
	Modified time.Time          `header:"Last-Modified"`
	Version  tenon.Opt[uint8]   `header:"X-Version"`
	Note     *string            `header:"X-Note"`
	ID       uuid.UUID          `header:"X-Id"`
	Score    tenon.Null[int]    `header:"X-Score"`
	Session  *http.Cookie       `cookie:"session"`
	Theme    http.Cookie        `cookie:"theme"`
	Body     struct{ A string } `body:""`
}

func TestOutputParts(t *testing.T) {
	t.Parallel()
	note := "hi"
	at := time.Date(2026, 11, 26, 3, 0, 0, 0, time.FixedZone("", 3600))
	id := uuid.MustParse("01234567-89ab-7def-8123-456789abcdef")
	for _, tt := range []struct {
		name   string
		out    parts
		status int
		want   map[string]string
	}{
		{
			"all of them", parts{
				Status: 202, Modified: at, Version: tenon.Some[uint8](7), Note: &note, ID: id, Score: tenon.NotNull(-3),
				Session: &http.Cookie{Name: "session", Value: "a", HttpOnly: true}, Theme: http.Cookie{Name: "theme", Value: "b"},
			}, 202,
			map[string]string{
				"Last-Modified": "Thu, 26 Nov 2026 02:00:00 GMT", "X-Version": "7", "X-Note": "hi", "X-Id": id.String(), "X-Score": "-3",
				"Set-Cookie": "session=a; HttpOnly|theme=b",
			},
		},
		{
			"what is absent sends nothing, and no status is the first", parts{}, 200,
			map[string]string{"X-Version": "", "X-Note": "", "X-Score": "", "Set-Cookie": ""},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			app.Get("/x", func(context.Context, *none) (*parts, error) { return &tt.out, nil })
			w := serve(t, app, "GET", "/x")
			if w.Code != tt.status || w.Body.String() != `{"A":""}` {
				t.Errorf("%d %s, want %d", w.Code, w.Body, tt.status)
			}
			for name, want := range tt.want {
				if got := strings.Join(w.Header().Values(name), "|"); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestOutputFailsWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		out  parts
	}{
		{"a status that is not listed", parts{Status: 201}},
		{"a cookie that cannot be sent", parts{Theme: http.Cookie{Name: "a b", Value: "x"}}},
		{"text that is not UTF-8", parts{Body: struct{ A string }{"\xff"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			log := &buffer{}
			app := tenon.New(tenon.Config{Logger: logTo(log)}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Outer", "kept")
					next.ServeHTTP(w, r)
				})
			}))
			app.Get("/x", func(context.Context, *none) (*parts, error) { return &tt.out, nil })
			w := serve(t, app, "GET", "/x")
			if w.Code != 500 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("X-Outer") != "kept" {
				t.Errorf("%d %v, want a problem with the header fields of the middleware", w.Code, w.Header())
			}
			if w.Header().Get("X-Id") != "" || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("half an output is sent: %v", w.Header())
			}
			if !strings.Contains(log.String(), "internal error") {
				t.Errorf("not logged: %s", log)
			}
		})
	}
}

// TestWhatAMethodMakesIsAFieldValueToo keeps what ends a line out of the header, whoever makes it.
func TestWhatAMethodMakesIsAFieldValueToo(t *testing.T) {
	t.Parallel()
	gone := problem.Define(410, "gone-on", "It is gone.")
	for _, c := range []string{"\r", "\n", "\x00", "\x1f", "\x7f"} {
		evil := "a" + c + "X-Evil: 1"
		log := &buffer{}
		app := tenon.New(tenon.Config{Logger: logTo(log)})
		app.Post("/location", func(context.Context, *none) (*located, error) { return &located{ID: evil}, nil })
		app.Get("/links", func(context.Context, *none) (*linked, error) { return &linked{ID: evil}, nil })
		app.Get("/field", func(context.Context, *none) (*parts, error) { return &parts{Note: &evil}, nil })
		app.Get("/problem", func(context.Context, *none) (*parts, error) {
			return nil, gone.WithHeader("X-Evil", evil).WithHeader("X-Name"+c, "a").WithHeader("X-Good", "a")
		}, tenon.Fails(gone))
		for path, want := range map[string]int{"POST /location": 500, "GET /links": 500, "GET /field": 500, "GET /problem": 410} {
			method, path, _ := strings.Cut(path, " ")
			w := serve(t, app, method, path)
			if w.Code != want {
				t.Errorf("%s of %q: %d, want %d", path, c, w.Code, want)
			}
			for name, values := range w.Header() {
				if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00\x1f\x7f") {
					t.Errorf("%s of %q: the header has %s: %q", path, c, name, values)
				}
			}
			if want == 410 && w.Header().Get("X-Good") != "a" {
				t.Errorf("%s of %q: the header is %v", path, c, w.Header())
			}
		}
		if strings.Count(log.String(), "has a control character") != 3 {
			t.Errorf("not logged: %s", log)
		}
	}
}

type linked struct {
	ID   string `json:"id"`
	Next string `json:"-"`
}

func (l *linked) Links(u *url.URL) string { return "<" + u.Path + "?after=" + l.ID + ">; rel=\"next\"" }

type located struct {
	ID string `json:"id"`
}

func (l *located) Location() string { return "/elsewhere/" + l.ID }

func TestOutputKnowsItsURL(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	items := app.Group("/api/items", tenon.FormatSuffix())
	items.Post("", func(context.Context, *none) (*linked, error) { return &linked{ID: "a/b c"}, nil })
	items.Get("/{id}", func(_ context.Context, in *struct {
		ID string `path:"id"`
	}) (*linked, error) {
		return &linked{ID: in.ID}, nil
	})
	for path, id := range map[string]string{"/empty": "", "/dots": ".."} {
		app.Post(path, func(context.Context, *none) (*linked, error) { return &linked{ID: id}, nil })
		app.Get(path+"/{id}", func(context.Context, *struct {
			ID string `path:"id"`
		}) (*linked, error) {
			return &linked{}, nil
		})
	}
	app.Post("/own", func(context.Context, *none) (*located, error) { return &located{ID: "7"}, nil })
	app.Post("/none", func(context.Context, *none) (*found, error) { return &found{}, nil })
	for _, tt := range []struct{ name, method, target, header, want string }{
		{"of the GET with one more wildcard", "POST", "/api/items", "Location", "/api/items/a%2Fb%20c"},
		{"without the suffix that picked a form", "POST", "/api/items.json", "Location", "/api/items/a%2Fb%20c"},
		{"which the GET answers", "GET", "/api/items/a%2Fb%20c", "Location", ""},
		{"of its own method", "POST", "/own", "Location", "/elsewhere/7"},
		{"of an empty id, which no route takes", "POST", "/empty", "Location", ""},
		{"of an id of dots, which no route takes", "POST", "/dots", "Location", ""},
		{"of nothing", "POST", "/none", "Location", ""},
		{"links of its own method", "GET", "/api/items/x", "Link", `</api/items/x?after=x>; rel="next"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := serve(t, app, tt.method, tt.target)
			if got := w.Header().Get(tt.header); got != tt.want || w.Code > 299 {
				t.Errorf("%d, %s %q, want %q", w.Code, tt.header, got, tt.want)
			}
		})
	}
}

func TestOutputIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		register func(*tenon.App)
		want     string
	}{
		{"a bare list of a GET", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*[]found, error) { return nil, nil })
		}, "bare list"},
		{"a bare list in the body field of a GET", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				Body []found `body:""`
			}, error) {
				return nil, nil
			})
		}, "bare list"},
		{"a secret", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A map[string][]*struct{ Key tenon.Secret }
			}, error) {
				return nil, nil
			})
		}, "Key"},
		{"a secret as a header field", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A tenon.Secret `header:"X-A"`
			}, error) {
				return nil, nil
			})
		}, "no text form"},
		{"a query in an output", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*one, error) { return nil, nil })
		}, "path is for inputs"},
		{"a status without its values", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*struct {
				A int `status:""`
			}, error) {
				return nil, nil
			})
		}, "lists its values"},
		{"a status of a failure", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*found, error) { return nil, nil }, tenon.Status(404))
		}, "is not a success"},
		{"204 with a body", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*found, error) { return nil, nil }, tenon.Status(204))
		}, "has no body"},
		{"NoContent with 200", func(app *tenon.App) {
			app.Get("/x", func(context.Context, *none) (*tenon.NoContent, error) { return nil, nil }, tenon.Status(200))
		}, "204 or 205"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			tt.register(app)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "output_test.go:") {
				t.Errorf("fault %v, want one with %q and its call site", err, tt.want)
			}
		})
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/", "/users/7", "/users/a%2Fb", "/users/%2e%2e", "//", "/users/%ff", "/files/a/b", "/files/%2F", "/users/me/posts/%00"} {
		f.Add(seed)
	}
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
	app.Get("/users/{a}", func(_ context.Context, in *one) (*found, error) { return &found{A: in.A}, nil })
	app.Get("/files/{a...}", func(_ context.Context, in *one) (*found, error) { return &found{A: in.A}, nil })
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || !strings.HasPrefix(target, "/") {
			return
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, &http.Request{Method: "GET", URL: u, Header: http.Header{}})
		switch w.Code {
		case 400, 404, 414, 422:
		case 200:
			if _, value, _ := strings.Cut(u.Path[1:], "/"); strings.Contains("/"+strings.TrimSuffix(value, "/")+"/", "/../") {
				t.Errorf("%q walks up", target)
			}
		default:
			t.Errorf("%q answers %d: %s", target, w.Code, w.Body)
		}
	})
}
