package tenon_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	// accountRow is all that is known of an account; accountView is what may be said of it.
	accountRow struct {
		ID    int
		Name  string
		Hash  string
		Boss  *accountRow
		Notes map[string]string
	}
	accountView struct {
		ID       int                           `json:"id" readOnly:"true"`
		Name     string                        `json:"fullName"`
		Password tenon.Opt[tenon.Secret]       `json:"password" writeOnly:"true"`
		Nick     tenon.Opt[string]             `json:"nick"`
		Left     tenon.Opt[tenon.Null[string]] `json:"left"`
		Boss     *accountView                  `json:"boss"`
		Team     []accountView                 `json:"team,omitempty"`
		Since    time.Time                     `json:"since,omitzero"`
		Labels   map[string]string             `json:"labels,omitempty"`
		hidden   string
	}
	envelope[T any] struct {
		Data T `json:"data"`
	}
)

func (r *accountRow) view() accountView {
	v := accountView{ID: r.ID, Name: r.Name, Labels: r.Notes, hidden: r.Hash}
	if r.Boss != nil {
		boss := r.Boss.view()
		v.Boss = &boss
	}
	return v
}

// TestFA06TheTypeIsTheFilter sends what the output's type declares, at every depth, and documents that.
func TestFA06TheTypeIsTheFilter(t *testing.T) {
	t.Parallel()
	row := &accountRow{ID: 1, Name: "Ada", Hash: "$argon2id$", Boss: &accountRow{ID: 2, Name: "Bob", Hash: "$argon2id$"}}
	full := row.view()
	full.Nick, full.Left = tenon.Some("ada"), tenon.Some(tenon.Null[string]{})
	full.Team = []accountView{{ID: 3, Name: "Cy", Since: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)}}
	full.Labels = map[string]string{"b": "2", "a": "1"}
	full.Password = tenon.Some(tenon.NewSecret("hunter2"))
	for _, tt := range []struct {
		name string
		out  accountView
		want string
	}{
		{"what is unset, empty or zero by its tag is left out", row.view(), `{"id":1,"fullName":"Ada","boss":{"id":2,"fullName":"Bob","boss":null}}`},
		{"what is set is sent, null where it is null", full, `{"id":1,"fullName":"Ada","nick":"ada","left":null,"boss":{"id":2,"fullName":"Bob","boss":null},` +
			`"team":[{"id":3,"fullName":"Cy","boss":null,"since":"2026-11-26T00:00:00Z"}],"labels":{"a":"1","b":"2"}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answerOf(t, &tt.out).Get("/x").Status(200).Text(tt.want)
		})
	}
}

func TestFA06AnOutputThatIsInvalidIsALogged500(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/x", func(context.Context, *none) (*struct {
		Trace string      `header:"X-Trace"`
		Body  accountView `body:""`
	}, error) {
		return &struct {
			Trace string      `header:"X-Trace"`
			Body  accountView `body:""`
		}{"t", accountView{Name: "Ada", Boss: &accountView{Name: "top secret \xff"}}}, nil
	})
	got := tenontest.New(t, app).Get("/x").Status(500).Problem("internal").Header("X-Trace", "")
	for _, word := range []string{"Ada", "secret", "Boss", "UTF-8"} {
		if strings.Contains(string(got.Body), word) {
			t.Errorf("the answer holds %q: %s", word, got.Body)
		}
	}
	if !strings.Contains(log.String(), "Boss.Name") {
		t.Errorf("the log does not name the place: %s", log)
	}
}

// TestSD140ReadOnlyAndWriteOnly goes round: what is writeOnly is taken and never sent, what is readOnly is sent and never taken.
func TestSD140ReadOnlyAndWriteOnly(t *testing.T) {
	t.Parallel()
	type login struct {
		ID       int                     `json:"id" readOnly:"true"`
		Name     string                  `json:"name"`
		Password tenon.Opt[tenon.Secret] `json:"password" writeOnly:"true"`
		Next     *login                  `json:"next"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	took := 0
	app.Put("/x", func(_ context.Context, in *login) (*login, error) {
		if in.ID == 0 && in.Password.Set && in.Next.Password.Set {
			took++
		}
		in.ID = 7
		return in, nil
	})
	s := tenontest.New(t, app)
	s.Put("/x", `{"name":"Ada","password":"hunter2","next":{"name":"Bob","password":"x"}}`).Status(200).
		JSON(`{"id":7,"name":"Ada","next":{"id":0,"name":"Bob","next":null}}`)
	s.Put("/x", `{"id":1,"name":"Ada","next":{"id":2,"name":"Bob"}}`).Status(422).
		Fault("body", "/id", "readOnly").Fault("body", "/next/id", "readOnly").Faults(2)
	if took != 1 {
		t.Errorf("the passwords were taken %d times, want 1", took)
	}
}

func TestFA07HeadersAndCookiesMerge(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Outer", "o")
			w.Header().Set("Vary", "Origin")
			http.SetCookie(w, &http.Cookie{Name: "outer", Value: "1"})
			next.ServeHTTP(w, r)
		})
	}))
	app.Codec("application/x-hex", hexCodec())
	app.Get("/x", func(context.Context, *none) (*parts, error) {
		note := "n"
		return &parts{Status: 202, Note: &note, Session: &http.Cookie{Name: "session", Value: "a"}, Theme: http.Cookie{Name: "theme", Value: "b"}}, nil
	})
	got := tenontest.New(t, app).Get("/x").Status(202).Header("X-Outer", "o").Header("X-Note", "n").Header("Vary", "Origin, Accept")
	if want := []string{"outer=1", "session=a", "theme=b"}; !slices.Equal(got.Headers.Values("Set-Cookie"), want) {
		t.Errorf("%q, want %q", got.Headers.Values("Set-Cookie"), want)
	}
}

// visit is a provided value with header fields and a cookie of its own.
type visit struct{ n int }

func (v *visit) AnswerHeader(h http.Header) {
	h.Set("X-Note", "of the provider")
	h.Set("X-Visit", strconv.Itoa(v.n))
	h.Add("Set-Cookie", (&http.Cookie{Name: "visit", Value: strconv.Itoa(v.n)}).String())
}

// TestFA07HeadersAndCookiesOfProviders merges those of middleware, providers and the output; a problem has those of middleware alone.
func TestFA07HeadersAndCookiesOfProviders(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "outer", Value: "1"})
			next.ServeHTTP(w, r)
		})
	}))
	app.Provide(func(context.Context, *struct{}) (*visit, error) { return &visit{1}, nil })
	note := "of the handler"
	app.Get("/{how}", func(_ context.Context, in *struct {
		How   string `path:"how"`
		Visit *visit `dep:""`
	}) (*parts, error) {
		in.Visit.n = 2
		switch in.How {
		case "fails":
			return nil, problem.NotFound("It is not there.")
		case "panics":
			panic("of the handler")
		case "breaks":
			bad := "a\x00b"
			return &parts{Status: 200, Note: &bad}, nil
		case "plain":
			return &parts{Status: 200}, nil
		}
		return &parts{Status: 200, Note: &note, Session: &http.Cookie{Name: "session", Value: "a"}}, nil
	}, tenon.Fails(problem.NotFound("")))
	s := tenontest.New(t, app)
	for _, tt := range []struct {
		how         string
		status      int
		note, visit string
		cookies     []string
	}{
		{"both", 200, note, "2", []string{"outer=1", "visit=2", "session=a"}},
		{"plain", 200, "of the provider", "2", []string{"outer=1", "visit=2"}},
		{"fails", 404, "", "", []string{"outer=1"}},
		{"panics", 500, "", "", []string{"outer=1"}},
		{"breaks", 500, "", "", []string{"outer=1"}},
	} {
		got := s.Get("/"+tt.how).Status(tt.status).Header("X-Note", tt.note).Header("X-Visit", tt.visit)
		if cookies := got.Headers.Values("Set-Cookie"); !slices.Equal(cookies, tt.cookies) {
			t.Errorf("%s: %q, want %q", tt.how, cookies, tt.cookies)
		}
	}
}

type shade string

func (shade) Enum() []shade { return []shade{"light", "dark"} }

func TestFA08PathValues(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/shades/{shade}/{n}", func(_ context.Context, in *struct {
		Shade shade `path:"shade"`
		N     uint8 `path:"n" maximum:"9"`
	}) (*found, error) {
		return &found{A: string(in.Shade)}, nil
	})
	app.Get("/files/{path...}", func(_ context.Context, in *struct {
		Path string `path:"path" maxLength:"20"`
	}) (*found, error) {
		return &found{A: in.Path}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/shades/dark/9").Status(200).At("/a", `"dark"`)
	s.Get("/shades/Dark/1").Status(422).Fault("path", "/shade", "enum")
	s.Get("/shades/red/256").Status(422).Fault("path", "/shade", "enum").Fault("path", "/n", "range")
	s.Get("/shades/dark/-1").Status(422)
	s.Get("/shades/dark/1.0").Status(422).Fault("path", "/n", "type")
	s.Get("/shades/dark/%31").Status(200)
	s.Get("/files/a/b.txt").Status(200).At("/a", `"a/b.txt"`)
	s.Get("/files/a%20b/c").Status(200).At("/a", `"a b/c"`)
	for _, target := range []string{"/files", "/files/", "/files//a", "/files/a/../b", "/files/%2e%2e/b", "/files/a%2Fb"} {
		s.Get(target).Status(404)
	}
	s.Get("/files/"+strings.Repeat("a", 21)).Status(422).Fault("path", "/path", "maxLength")
}

func TestFA14ProblemsCarryHeaders(t *testing.T) {
	t.Parallel()
	busy := problem.Define(503, "busy", "The service is busy.")
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(context.Context, *none) (*found, error) {
		return nil, busy.With("Come back later.").WithHeader("Retry-After", "5").WithHeader("X-A", "1").WithHeader("X-A", "2")
	}, tenon.Fails(busy.WithHeader("Retry-After", "1")))
	s := tenontest.New(t, app)
	s.Get("/x").Status(503).Problem("busy").Header("Retry-After", "5").Header("X-A", "1, 2").At("/detail", `"Come back later."`)
	s.Head("/x").Status(503).Header("Retry-After", "5").Text("")
}

// TestDR12FaultsPointIntoTheInput finds every fault of a nested input again by its pointer, names with / and ~ too.
func TestDR12FaultsPointIntoTheInput(t *testing.T) {
	t.Parallel()
	type line struct {
		Count int               `json:"count" minimum:"1"`
		Notes map[string]string `json:"a/b~c"`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *struct {
		Lines [][]line `json:"lines"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	tenontest.New(t, app).Post("/x", `{"lines":[[{"count":1,"a/b~c":{}},{"count":0,"a/b~c":{"~/":7}}],[],[{"a/b~c":{},"x/~":1}]]}`).Status(422).Faults(4).
		Fault("body", "/lines/0/1/count", "minimum").Fault("body", "/lines/0/1/a~1b~0c/~0~1", "type").
		Fault("body", "/lines/2/0/count", "required").Fault("body", "/lines/2/0/x~1~0", "unknown")
}

func TestFR04AnEnvelopeIsAType(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(context.Context, *none) (*envelope[accountView], error) {
		return &envelope[accountView]{Data: accountView{ID: 1, Name: "Ada"}}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/x").Status(200).Text(`{"data":{"id":1,"fullName":"Ada","boss":null}}`)
	s.Get("/openapi.json").At("/paths/~1x/get/responses/200/content/application~1json/schema/$ref", `"#/components/schemas/EnvelopeAccountView"`)
}

func TestFR08GuardsOfAppGroupAndOperation(t *testing.T) {
	t.Parallel()
	guard := func(name string) tenon.Option {
		return tenon.Auth(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("X-Guard", name)
				if r.Header.Get("X-Stop") == name {
					w.WriteHeader(http.StatusTeapot)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, guard("app"))
	group := app.Group("/g", guard("group"))
	group.Get("/x", func(context.Context, *none) (*found, error) { return &found{}, nil }, guard("operation"))
	group.Post("/x", func(context.Context, *found) (*found, error) { return &found{}, nil })
	s := tenontest.New(t, app, tenontest.Config{IgnoreDocument: true})
	s.Get("/g/x").Status(200).Header("X-Guard", "app, group, operation")
	s.With("X-Stop", "group").Get("/g/x").Status(418).Header("X-Guard", "app, group")
	s.With("X-Stop", "group").Post("/g/x", "{").Status(418) // before anything of the body is read
	s.Post("/g/x", `{"route":"","a":"","b":""}`).Status(201).Header("X-Guard", "app, group")
}
