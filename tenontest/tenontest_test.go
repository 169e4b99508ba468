package tenontest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestChecks shows each check pass when it should and fail, with the right words, when it should not.
func TestChecks(t *testing.T) {
	t.Parallel()
	text := func(s *tenontest.Server) *tenontest.Response {
		return s.With("Content-Type", "text/plain").Post("/echo", "hi")
	}
	wrong := func(s *tenontest.Server) *tenontest.Response { return s.Post("/items", `{"name":"A","kind":"c"}`) }
	for _, tt := range []struct {
		name  string
		check func(s *tenontest.Server)
		texts []string
	}{
		{"Status holds", func(s *tenontest.Server) { s.Get("/items/1").Status(200) }, nil},
		{"Status fails with the answer", func(s *tenontest.Server) { s.Get("/items/1").Status(201) },
			[]string{"GET /items/1: status 200, want 201", `{"id":1,"name":"Ada"}`}},
		{"only the first failure of an answer is told", func(s *tenontest.Server) { s.Get("/items/1").Status(201).JSON(`{}`).Header("A", "b") },
			[]string{"status 200, want 201"}},
		{"Header holds", func(s *tenontest.Server) { text(s).Header("content-type", "text/plain").Header("Nope", "") }, nil},
		{"Header joins lines", func(s *tenontest.Server) { s.With("Seen", "a").Post("/echo", "x").Header("Seen", "a, 4") }, nil},
		{"Header fails for another value", func(s *tenontest.Server) { text(s).Header("Content-Type", "text/html") },
			[]string{`header Content-Type is "text/plain", want "text/html"`}},
		{"Header fails for one that should be absent", func(s *tenontest.Server) { text(s).Header("Content-Type", "") },
			[]string{`header Content-Type is "text/plain", want none`}},
		{"Cookie finds", func(s *tenontest.Server) { text(s).Header("Set-Cookie", text(s).Cookie("session").String()) }, nil},
		{"Cookie fails", func(s *tenontest.Server) { text(s).Cookie("other") }, []string{"no cookie other is set"}},
		{"Text holds", func(s *tenontest.Server) { text(s).Text("hi") }, nil},
		{"Text fails", func(s *tenontest.Server) { text(s).Text("ho") }, []string{"the body differs, want\n    ho", "\n    hi"}},
		{"Empty holds", func(s *tenontest.Server) { s.With("Content-Type", "").Do("POST", "/echo", nil).Empty() }, nil},
		{"Empty fails for a body", func(s *tenontest.Server) { text(s).Empty() }, []string{"a body of 2 bytes, want none"}},
		{"Empty fails for a media type", func(s *tenontest.Server) { s.Post("/echo", "").Empty() }, []string{"header Content-Type is"}},
		{"JSON fails for another media type", func(s *tenontest.Server) { text(s).JSON(`"hi"`) }, []string{"not JSON by its Content-Type"}},
		{"At holds", func(s *tenontest.Server) { s.Post("/echo", `{"a/b":[{"c":7}]}`).At("/a~1b/0/c", "7") }, nil},
		{"At fails with the whole path", func(s *tenontest.Server) { s.Post("/echo", `{"a":[{"c":7}]}`).At("/a/0", `{"c":8}`) },
			[]string{"/a/0/c: 7, want 8"}},
		{"At fails where there is nothing", func(s *tenontest.Server) { s.Post("/echo", `{"a":[1]}`).At("/a/1", "1") },
			[]string{"there is nothing at /a/1"}},
		{"Problem holds", func(s *tenontest.Server) { s.Get("/items/410").Status(410).Problem("gone") }, nil},
		{"Problem fails for another code", func(s *tenontest.Server) { s.Get("/items/410").Problem("lost") },
			[]string{`the problem has code "gone", want "lost"`}},
		{"Problem fails for a success", func(s *tenontest.Server) { s.Get("/items/1").Problem("gone") }, []string{"the answer is not a problem"}},
		{"Fault holds", func(s *tenontest.Server) {
			wrong(s).Status(422).Fault("body", "/name", "minLength").Fault("body", "/kind", "enum").Faults(2)
		}, nil},
		{"Fault fails with those that are there", func(s *tenontest.Server) { wrong(s).Fault("body", "/name", "maxLength") },
			[]string{`no fault body "/name" maxLength, only body "/name" minLength, body "/kind" enum`}},
		{"Faults fails", func(s *tenontest.Server) { wrong(s).Faults(1) }, []string{"the problem has 2 faults, want 1"}},
		{"a body that cannot be sent", func(s *tenontest.Server) { s.Post("/echo", iotest.ErrReader(errors.New("torn"))) },
			[]string{"POST /echo: ", "torn"}},
		{"a body that cannot be written", func(s *tenontest.Server) { s.Post("/echo", func() {}) }, []string{"write the body as JSON"}},
		{"a method that is none", func(s *tenontest.Server) { s.Do("A B", "/echo", nil) }, []string{"A B /echo: "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, with(tt.check), tt.texts...)
		})
	}
}

func TestProblemShape(t *testing.T) {
	t.Parallel()
	const good = `"type":"/problems/x","title":"X.","status":200,"code":"x"`
	for _, tt := range []struct {
		name, body, text string
	}{
		{"the least", `{` + good + `}`, ""},
		{"all of it", `{` + good + `,"detail":"d","instance":"i","errors":[{"in":"body","pointer":"/a","code":"c","message":"m"}]}`, ""},
		{"no title", `{"type":"/problems/x","status":200,"code":"x"}`, "/title: absent"},
		{"another status than the answer's", `{"type":"/x","title":"X.","status":404,"code":"x"}`, "/status: 404, but the answer has 200"},
		{"a member of another name", `{"type":"/problems/internal","title":"X.","status":200,"code":"internal","error":"e"}`, "/error: no member of a problem"},
		{"members of the service's own problem", `{` + good + `,"stock":{"available":3}}`, ""},
		{"a wrong type", `{` + good + `,"detail":7}`, "/detail: 7 has the wrong type"},
		{"a fault without a pointer", `{` + good + `,"errors":[{"in":"body","code":"c","message":"m"}]}`, "/errors/0/pointer: absent"},
		{"a fault that repeats the value", `{` + good + `,"errors":[{"in":"body","pointer":"","code":"c","message":"m","value":"v"}]}`,
			"/errors/0/value: no member of a problem"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var texts []string
			if tt.text != "" {
				texts = []string{"the problem has the wrong shape", tt.text}
			}
			expect(t, with(func(s *tenontest.Server) {
				s.With("Content-Type", "application/problem+json").Post("/echo", tt.body).Problem("x")
			}), texts...)
		})
	}
}

func TestRequestsAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, newApp(t))
	s.Get("/echo/%61/?x=%zz&x;y").Status(200).Header("Seen-Target", "/echo/%61/?x=%zz&x;y")
	s.Get("//echo").Status(404)
	s.With("Host", "other.example").Get("/echo").Header("Seen-Host", "other.example")
	s.Get("/echo/a%zz").Status(400)
	s.Post("/echo", []byte("bytes")).Text("bytes").Header("Content-Type", "application/json")
	s.Post("/echo", strings.NewReader("stream")).Text("stream")
	s.Put("/echo", map[string]int{"a": 1}).JSON(`{"a":1}`)
	s.Patch("/echo", item{ID: 1, Name: "Ada"}).JSON(`{"id":1,"name":"Ada"}`)
	s.Delete("/echo").Status(200).Text("")
	s.Head("/items/1").Status(200).Text("")
	s.With("Seen", "a").With("Seen", "b").Get("/echo").Header("Seen", "b, 2")
	s.Get("/echo").Header("Seen", ", 1") // what the kit adds for itself is gone, only the User-Agent is there
}

func TestInto(t *testing.T) {
	t.Parallel()
	got := tenontest.New(t, newApp(t)).Get("/items/7").Into[item]()
	if want := (item{ID: 7, Name: "Ada"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, test := range []func(s *tenontest.Server){
		func(s *tenontest.Server) { s.Get("/items/7").Status(404).Into[item]() },
		func(s *tenontest.Server) { s.Get("/items/7").Into[[]string]() },
	} {
		reached := false
		failed := failures(t, with(func(s *tenontest.Server) { test(s); reached = true }))
		if reached || len(failed) != 2 || failed[1] != "ended" {
			t.Errorf("the test went on: %v, failures %q", reached, failed)
		}
	}
}

func TestChecksRunInAnyGoroutine(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, newApp(t))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { s.With("Seen", "x").Get("/items/1").Status(200).JSON(`{"id":1,"name":"Ada"}`) })
	}
	wg.Wait()
}

func TestAppsThatDoNotCompileEndTheTest(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Get("/items/{id}", getItem)
	app.Get("/b/{wrong}", getItem)
	reached := false
	got := failures(t, func(f *fake) { tenontest.New(f, app); reached = true })
	if reached {
		t.Error("the test went on")
	}
	if len(got) != 1 || !strings.Contains(got[0], "clashes with") || !strings.Contains(got[0], "wrong") {
		t.Errorf("not every fault is told: %q", got)
	}
	expect(t, func(f *fake) { tenontest.New(f, newApp(f), tenontest.Config{}, tenontest.Config{}) }, "one Config, not 2")
}

func TestUndeclaredProblemsFailTheTest(t *testing.T) {
	t.Parallel()
	test := func(cfg tenontest.Config) func(*fake) {
		return func(f *fake) { tenontest.New(f, newApp(f), cfg).Get("/items/411").Status(410).Problem("other") }
	}
	expect(t, test(tenontest.Config{}), "GET /items/{id} answered with a problem that it does not declare", "other")
	expect(t, test(tenontest.Config{IgnoreUndeclared: true}))
}

func TestFindingsFailTheTest(t *testing.T) {
	t.Parallel()
	test := func(cfg tenontest.Config) func(*fake) {
		return func(f *fake) {
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(f)}, tenon.Use(func(next http.Handler) http.Handler { return next }, nil))
			app.Get("/finds/{id}", func(ctx context.Context, _ *struct {
				ID int `path:"id"`
			},
			) (*tenon.NoContent, error) {
				tenon.Report(ctx, "some-code", "is wrong")
				return nil, nil
			})
			tenontest.New(f, app, cfg).Get("/finds/1").Status(204)
		}
	}
	expect(t, test(tenontest.Config{}), "GET /finds/{id}: some-code: is wrong")
	expect(t, test(tenontest.Config{IgnoreFindings: true}))
}

func TestLoggerWritesToTheTest(t *testing.T) {
	t.Parallel()
	f := &fake{TB: t}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(f)})
	app.Get("/items/{id}", getItem)
	tenontest.New(t, app, tenontest.Config{IgnoreUndeclared: true, IgnoreDocument: true}).Get("/items/410").Status(http.StatusGone)
	if got := f.log(); !strings.Contains(got, "undeclared problem") {
		t.Errorf("the log is %q", got)
	}
}
