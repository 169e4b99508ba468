package tenon_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type crawled struct {
	ID      int    `path:"id"`
	N       int    `query:"n" default:"1"`
	Session string `cookie:"session" default:"none" maxLength:"8"`
	Body    struct {
		Name string `json:"name" maxLength:"2000000"`
	} `body:""`
}

// unwritable is an output that cannot be encoded.
type unwritable struct {
	Ratio float64 `json:"ratio"`
}

// crawlApp can end in every way in which the framework ends a request with an error.
func crawlApp(tb testing.TB) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Put("/x/{id}", func(context.Context, *crawled) (*guideUser, error) { return &guideUser{}, nil }, tenon.BodyLimit(1000))
	app.Get("/x/{id}", func(context.Context, *guideUserGet) (*guideUser, error) { return &guideUser{}, nil })
	app.Delete("/x/{id}", func(context.Context, *guideUserGet) (*tenon.NoContent, error) { return nil, nil })
	app.Get("/error", func(context.Context, *struct{}) (*guideUser, error) { return nil, errors.New("secret-marker") })
	app.Get("/panic", func(context.Context, *struct{}) (*guideUser, error) { panic("secret-marker") })
	app.Get("/nothing", func(context.Context, *struct{}) (*guideUser, error) { return nil, nil })
	app.Get("/nan", func(context.Context, *struct{}) (*unwritable, error) { return &unwritable{math.NaN()}, nil })
	app.Get("/undeclared", func(context.Context, *struct{}) (*guideUser, error) { return nil, errTaken })
	app.Get("/panicking-middleware", func(context.Context, *struct{}) (*guideUser, error) { return &guideUser{}, nil },
		tenon.BeforeAuth(func(http.Handler) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(errors.New("secret-marker")) })
		}))
	app.Put("/late/{id}", func(context.Context, *crawled) (*guideUser, error) { return &guideUser{}, nil }, tenon.BeforeAuth(late))
	return app
}

type guideUserGet struct {
	ID int `path:"id"`
}

// late is middleware that leaves no time to read a body.
func late(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
			panic(err)
		}
		next.ServeHTTP(w, r)
	})
}

// TestSD157EveryErrorHasOneShape provokes every error that the process can emit. Problem checks the shape: the media type
// application/problem+json, the members type, title, status, detail, instance, code, params and errors and no others, the status that
// of the answer.
func TestSD157EveryErrorHasOneShape(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, crawlApp(t), tenontest.Config{IgnoreDocument: true, IgnoreUndeclared: true})
	good := `{"name":"a"}`
	sized := func(n int) string { return `{"name":"` + strings.Repeat("a", n-len(`{"name":""}`)) + `"}` }
	half, rest := io.Pipe()
	go func() { _, _ = rest.Write([]byte(good[:5])) }() // no more comes until the client gives up
	chunked := func(text string) io.Reader { return io.MultiReader(strings.NewReader(text)) }
	for _, tt := range []struct {
		name   string
		answer *tenontest.Response
		status int
		code   problem.Code
	}{
		{"query that cannot be read", s.Put("/x/1?n=%zz", good), 400, problem.CodeBadRequest},
		{"query with a semicolon", s.Put("/x/1?n=1;m=2", good), 400, problem.CodeBadRequest},
		{"query with too many pairs", s.Put("/x/1?"+strings.Repeat("n=1&", 101), good), 400, problem.CodeBadRequest},
		{"cookie that cannot be read", s.With("Cookie", "session").Put("/x/1", good), 400, problem.CodeBadRequest},
		{"too many cookies", s.With("Cookie", "session=a"+strings.Repeat("; b=c", 50)).Put("/x/1", good), 400, problem.CodeBadRequest},
		{"body that is not JSON", s.Put("/x/1", `{"name":`), 400, problem.CodeBadRequest},
		{"body that is not UTF-8", s.Put("/x/1", "{\"name\":\"\xff\"}"), 400, problem.CodeBadRequest},
		{"no such path", s.Get("/y"), 404, problem.CodeNotFound},
		{"an empty segment", s.Get("/x//1"), 404, problem.CodeNotFound},
		{"no such method", s.Do("PATCH", "/x/1", nil), 405, problem.CodeMethodNotAllowed},
		{"a method nobody knows", s.Do("BREW", "/x/1", nil), 405, problem.CodeMethodNotAllowed},
		{"nothing that is accepted", s.With("Accept", "text/html").Put("/x/1", good), 406, problem.CodeNotAcceptable},
		{"JSON ruled out", s.With("Accept", "*/*, application/json;q=0").Put("/x/1", good), 406, problem.CodeNotAcceptable},
		{"a body that does not arrive", s.Put("/late/1", half), 408, problem.CodeRequestTimeout},
		{"a body one byte too long", s.Put("/x/1", sized(1001)), 413, problem.CodeContentTooLarge},
		{"the same in chunks", s.Put("/x/1", chunked(sized(1001))), 413, problem.CodeContentTooLarge},
		{"a target too long", s.Get("/" + strings.Repeat("a", 8192)), 414, problem.CodeURITooLong},
		{"no media type", s.With("Content-Type", "").Put("/x/1", good), 415, problem.CodeUnsupportedMediaType},
		{"another media type", s.With("Content-Type", "text/plain").Put("/x/1", good), 415, problem.CodeUnsupportedMediaType},
		{"a form", s.With("Content-Type", "application/x-www-form-urlencoded").Put("/x/1", good), 415, problem.CodeUnsupportedMediaType},
		{"another charset", s.With("Content-Type", "application/json; charset=latin1").Put("/x/1", good), 415, problem.CodeUnsupportedMediaType},
		{"a compressed body", s.With("Content-Encoding", "gzip").Put("/x/1", good), 415, problem.CodeUnsupportedMediaType},
		{"a path value", s.Put("/x/a", good), 422, problem.CodeValidationFailed},
		{"a query value", s.Put("/x/1?n=a", good), 422, problem.CodeValidationFailed},
		{"a cookie value", s.With("Cookie", "session=123456789").Put("/x/1", good), 422, problem.CodeValidationFailed},
		{"a body value", s.Put("/x/1", `{"name":7}`), 422, problem.CodeValidationFailed},
		{"no body", s.Put("/x/1", nil), 422, problem.CodeValidationFailed},
		{"an error of the handler", s.Get("/error"), 500, problem.CodeInternal},
		{"a panic", s.Get("/panic"), 500, problem.CodeInternal},
		{"a panic of middleware", s.Get("/panicking-middleware"), 500, problem.CodeInternal},
		{"a handler that returns nothing", s.Get("/nothing"), 500, problem.CodeInternal},
		{"an output that cannot be encoded", s.Get("/nan"), 500, problem.CodeInternal},
		{"an undeclared problem", s.Get("/undeclared"), 409, "email-taken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.answer.Status(tt.status).Problem(string(tt.code)).At("/type", `"/problems/`+string(tt.code)+`"`).At("/instance", `"<<string>>"`)
			if strings.Contains(string(tt.answer.Body), "secret-marker") {
				t.Error("the answer tells the cause")
			}
			if tt.answer.Headers.Get("X-Powered-By")+tt.answer.Headers.Get("Server") != "" {
				t.Error("the answer names the server")
			}
		})
	}
	s.Put("/x/1", sized(1000)).Status(200)          // a body of exactly the limit passes
	s.Put("/x/1", chunked(sized(1000))).Status(200) // also when its length is not announced
	s.Do("PATCH", "/x/1", nil).Header("Allow", "DELETE, GET, HEAD, OPTIONS, PUT")
	s.With("Content-Encoding", "gzip").Put("/x/1", good).Header("Accept-Encoding", "identity")
}

// TestSD032NothingButTheFaultsDiffers compares the members of errors from the router, the parser, the checks, a limit, a panic and
// the service.
func TestSD032NothingButTheFaultsDiffers(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, crawlApp(t), tenontest.Config{IgnoreDocument: true, IgnoreUndeclared: true})
	for _, r := range []*tenontest.Response{
		s.Get("/y"), s.Do("PATCH", "/x/1", nil), s.Put("/x/1", `{`), s.Put("/x/1", `{}`), s.Put("/x/1", strings.Repeat(" ", 1001)),
		s.Get("/panic"), s.Get("/error"), s.Get("/undeclared"), s.Get("/" + strings.Repeat("a", 8192)),
	} {
		members := r.Into[map[string]any]()
		delete(members, "detail")
		delete(members, "params")
		delete(members, "errors")
		if got := strings.Join(slices.Sorted(maps.Keys(members)), " "); got != "code instance status title type" {
			t.Errorf("%d has the members %s", r.Code, got)
		}
	}
}

// TestW05TheDefaultBodyLimitIsOneMebibyte meets the limit by a byte from both sides.
func TestW05TheDefaultBodyLimitIsOneMebibyte(t *testing.T) {
	t.Parallel()
	type text struct {
		V string `json:"v" maxLength:"2000000"`
	}
	s := tenontest.New(t, taking[text](t))
	body := func(n int) string { return `{"v":"` + strings.Repeat("a", n-len(`{"v":""}`)) + `"}` }
	s.Post("/x", body(1<<20)).Status(204)
	s.Post("/x", body(1<<20+1)).Status(413).Problem("content-too-large")
	s.Post("/x", `{"v":""}`+strings.Repeat(" ", 1<<20-len(`{"v":""}`))).Status(204)
	s.Post("/x", `{"v":""}`+strings.Repeat(" ", 1<<20-len(`{"v":""}`)+1)).Status(413)
}

// TestSD157HeadersTooLarge goes through Serve, which bounds the header.
func TestSD157HeadersTooLarge(t *testing.T) {
	t.Parallel()
	r := run(t, func(*slog.Logger) *tenon.App { return crawlApp(t) }, tenon.ServerConfig{HeaderBytes: 4096})
	fetch(t, r, http.MethodGet, "/x/1", strings.Repeat("a", 3900), http.StatusOK)
	answer, body := fetch(t, r, http.MethodGet, "/x/1", strings.Repeat("a", 4096), http.StatusRequestHeaderFieldsTooLarge)
	if answer.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, `"code":"header-fields-too-large"`) {
		t.Errorf("431 is %s %s", answer.Header.Get("Content-Type"), body)
	}
}

// TestSD157RequestIDsAgree finds one id in the header, in the problem and in the log.
func TestSD157RequestIDsAgree(t *testing.T) {
	t.Parallel()
	r := run(t, func(logger *slog.Logger) *tenon.App { return failing(t, logger, errors.New("cause")) }, tenon.ServerConfig{})
	answer, body := fetch(t, r, http.MethodPost, "/fail", "", http.StatusInternalServerError)
	id := answer.Header.Get("X-Request-Id")
	if !strings.Contains(body, `"instance":"urn:uuid:`+id+`"`) {
		t.Errorf("the header says %s, the body %s", id, body)
	}
	if !strings.Contains(r.log.String(), `"request_id":"`+id+`","error":"cause"`) {
		t.Errorf("the log does not have %s: %s", id, r.log)
	}
}

// fetch sends a request over TCP, with one header field of the given length.
func fetch(t *testing.T, r *running, method, path, long string, status int) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Long", long)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != status {
		t.Errorf("%s %s: %d, want %d", method, path, answer.StatusCode, status)
	}
	return answer, string(body)
}
