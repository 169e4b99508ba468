package tenon_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// nothing is middleware that forgets its handler.
func nothing(http.Handler) http.Handler { return nil }

func TestCompileRefusesWhatIsNil(t *testing.T) {
	t.Parallel()
	checkFaults(t, []faulty{
		{"an option of an operation", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), nil) }, "an option is nil"},
		{"an option of a group", line(), func(a *tenon.App) { a.Group("/g", nil).Get("/x", gives[fine]()) }, "an option is nil"},
		{"a middleware", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Auth(nil)) }, "a middleware is nil"},
		{"what a middleware returns", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.AfterAuth(nothing)) }, "returns a nil handler"},
		{"a mounted handler", line(), func(a *tenon.App) { a.Mount("/m", nil) }, "the mounted handler is nil"},
		{"a mapping of errors", line(), func(a *tenon.App) { a.MapError[*net.OpError](nil) }, "MapError has no function"},
		{"a mapping of an operation", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.MapErrors(nil)) }, "MapErrors has no function"},
		{"a format's check", line(), func(a *tenon.App) { a.Format("x", nil, "must be x") }, "lacks its name, check or message"},
	})
}

func TestCompileRefusesWhatTheDocumentCannotSay(t *testing.T) {
	t.Parallel()
	teapot := problem.Define(418, "validation-failed", "I am a teapot.")
	first, second := problem.Define(409, "taken", "Taken."), problem.Define(410, "taken", "Taken.")
	checkFaults(t, []faulty{
		{"a method that OpenAPI does not have", line(), func(a *tenon.App) { a.Handle("PURGE", "/x", gives[fine]()) }, "cannot describe the method PURGE"},
		{"a code of the framework with another status", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Fails(teapot)) }, "the code is the framework's own, with status 422"},
		{"one code with two statuses", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Fails(first, second)) }, `problem "taken" has status 409 and status 410`},
		{"an option that moves the operation", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), func(o *tenon.Operation) { o.Path = "/y" }) }, "changes GET /x into GET /y"},
		{"an option that sets a wrong status", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), func(o *tenon.Operation) { o.Status = 99 }) }, "status 99 is not a success"},
		{"an empty tag", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.Tags("")) }, "a tag is empty"},
		{"a path that would be glued to its prefix", line(), func(a *tenon.App) { a.Group("/x").Get("a", gives[fine]()) }, `path "a" does not begin with /`},
		{"a prefix that would be glued to its prefix", line(), func(a *tenon.App) { a.Group("/x").Group("b").Get("/c", gives[fine]()) }, `path "b" does not begin with /`},
		{"a rest in the prefix of a mounted handler", line(), func(a *tenon.App) { a.Mount("/m/{x...}", http.NotFoundHandler()) }, "leave {x} out of the prefix"},
		{"nine wildcards of a mounted handler", line(), func(a *tenon.App) { a.Mount("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}", http.NotFoundHandler()) }, "has 9 wildcards"},
	})
	for name, docs := range map[string]tenon.Docs{
		"a page without a document": {JSON: "-", Swagger: "/ui"},
		"a path with a wildcard":    {ReDoc: "/{x}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := tenon.New(tenon.Config{Docs: docs}).Compile(); err == nil || !strings.Contains(err.Error(), "tenon.Config: Docs.") {
				t.Errorf("fault %v", err)
			}
		})
	}
}

func TestCompileNamesBothUsersOfOneWildcard(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/u/{a}", func(context.Context, *one) (*found, error) { return &found{}, nil })
	app.Delete("/u/{b}", func(context.Context, *struct {
		B string `path:"b"`
	}) (*found, error) {
		return &found{}, nil
	})
	err := app.Compile()
	if err == nil || strings.Count(err.Error(), "refuse_test.go:") != 2 || !strings.Contains(err.Error(), "give the wildcards the same names") {
		t.Errorf("fault %v, want one with both sites", err)
	}
}

type badOutput struct {
	X  chan int `json:"x"`
	ID int64    `json:"id"`
}

func TestCompileSurvivesAFaultThatOperationsShare(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{}, nil)
	app.Get("/things", gives[badOutput]())
	app.Post("/things", gives[badOutput]())
	app.Get("/things/{id}", given[struct {
		ID int64 `path:"id"`
	}, badOutput]())
	first, second := app.Compile(), app.Compile()
	if first == nil || !errors.Is(second, first) {
		t.Fatalf("%v, then %v, want the same faults", first, second)
	}
	if n := strings.Count(first.Error(), "chan"); n == 0 {
		t.Errorf("the type's fault is not told: %v", first)
	}
	if n := strings.Count(first.Error(), "an option is nil"); n != 1 {
		t.Errorf("the app's fault is told %d times, want once: %v", n, first)
	}
}

func TestCompileTellsFaultsOfTypeAndPathTogether(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/x/{a}/{b}", takes[struct {
		A int `path:"a" minimun:"1"`
	}]())
	err := app.Compile()
	for _, words := range []string{"did you mean minimum?", "no field takes the wildcard {b}"} {
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("fault %v, want one with %q", err, words)
		}
	}
	if err != nil && strings.Contains(err.Error(), "the wildcard {a}") {
		t.Errorf("{a} has a field: %v", err)
	}
}

func TestRegistrationAfterCompilePanics(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for name, register := range map[string]func(){
		"an operation": func() { app.Get("/x", gives[fine]()) },
		"a group":      func() { app.Group("/x") },
		"a mount":      func() { app.Mount("/x", http.NotFoundHandler()) },
		"a format":     func() { app.Format("x", func(string) bool { return true }, "must be x") },
		"a mapping":    func() { app.MapError(func(*net.OpError) *problem.Error { return nil }) },
	} {
		func() {
			defer func() {
				if reason, _ := recover().(string); !strings.Contains(reason, "refuse_test.go:") || !strings.Contains(reason, "after Compile") {
					t.Errorf("%s: panic %q, want one with the call site", name, reason)
				}
			}()
			register()
		}()
	}
}

func TestHeadIsForTheOperationBeforeAMountedHandler(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/x", gives[fine]())
	app.Mount("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(299) }))
	for target, want := range map[string]int{"/x": 200, "/y": 299, "/": 299} {
		if w := serve(t, app, "HEAD", target); w.Code != want {
			t.Errorf("HEAD %s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestAProblemDropsHeaderFieldsOfASuccess(t *testing.T) {
	t.Parallel()
	early := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, value := range map[string]string{
				"Cache-Control": "max-age=3600", "Content-Encoding": "gzip", "ETag": `"x"`, "Last-Modified": "Thu, 26 Nov 2026 02:00:00 GMT", "X-Kept": "yes",
			} {
				w.Header().Set(name, value)
			}
			next.ServeHTTP(w, r)
		})
	}
	app := tenon.New(tenon.Config{}, tenon.BeforeAuth(early))
	w := serve(t, app, "GET", "/nothing")
	for _, name := range []string{"Cache-Control", "Content-Encoding", "ETag", "Last-Modified"} {
		if got := w.Header().Get(name); got != "" {
			t.Errorf("a 404 has %s: %s", name, got)
		}
	}
	if w.Header().Get("X-Kept") != "yes" {
		t.Error("a header field of the middleware is lost")
	}
}

func TestAClientThatLeftIsNoError(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/x", func(ctx context.Context, _ *none) (*found, error) { return nil, context.Cause(ctx) })
	ctx, leave := context.WithCancel(t.Context())
	leave()
	app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/x", nil))
	if strings.Contains(log.String(), "ERROR") || !strings.Contains(log.String(), "the client left") {
		t.Errorf("log %s", log)
	}
}

func TestAMountedHandlerCanTakeTheConnection(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
	app.Mount("/raw", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\nraw\n")
		_ = rw.Flush()
	}))
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, _ = conn.Write([]byte("GET /raw HTTP/1.1\r\nHost: x\r\n\r\n"))
	if status, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(status, "HTTP/1.1 101") {
		t.Errorf("%q, %v", status, err)
	}
}

func TestServeClosesItsListener(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := tenon.New(tenon.Config{Limits: tenon.Limits{Body: -1}})
	if err := tenon.Serve(t.Context(), app, tenon.ServerConfig{Listener: listener}); err == nil {
		t.Error("a wrong app is served")
	}
	if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is open: %v", err)
	}
}

func TestLocationOfANestedCollection(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Post("/u/{a}/posts", given[one, located2]())
	app.Get("/u/{a}/posts/{id}", given[struct {
		one
		ID string `path:"id"`
	}, located2]())
	w := serve(t, app, "POST", "/u/a%2Fb/posts/")
	if got := w.Header().Get("Location"); w.Code != 201 || got != "/u/a%2Fb/posts/7" {
		t.Errorf("%d, Location %q: %s", w.Code, got, w.Body)
	}
}

type located2 struct {
	ID seven `json:"id"`
}

// seven is always 7.
type seven struct{}

func (seven) MarshalText() ([]byte, error) { return []byte("7"), nil }
func (*seven) UnmarshalText([]byte) error  { return nil }
