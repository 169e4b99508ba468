package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// refusing is a middleware of plain net/http that answers everything with a problem.
func refusing(e *problem.Error) tenon.Middleware {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, e) })
	}
}

func TestWriteAnswersAsTheApp(t *testing.T) {
	t.Parallel()
	e := problem.New(problem.CodeUnauthorized, "Sign in.").WithHeader("WWW-Authenticate", "Bearer").Wrap(errors.New("secret-marker"))
	nothing := func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }
	config := tenon.Config{ProblemBase: "https://example.com/problems/"}
	whole := tenon.New(config, tenon.BeforeAuth(refusing(e)))
	part := tenon.New(config)
	part.Get("/before", nothing, tenon.BeforeAuth(refusing(e)))
	part.Get("/auth", nothing, tenon.Auth(refusing(e)))
	part.Get("/after", nothing, tenon.AfterAuth(refusing(e)))
	part.Mount("/mounted", refusing(e)(nil))
	part.Get("/handler", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, e }, tenon.Fails(e))
	for _, tt := range []struct {
		name, path string
		app        *tenon.App
	}{
		{"of an operation, before authentication", "/before", part},
		{"of an operation, at authentication", "/auth", part},
		{"of an operation, after authentication", "/after", part},
		{"of a mounted handler", "/mounted/x", part},
		{"of the app, where there is no route", "/nothing", whole},
		{"of a handler that returns it", "/handler", part},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tenontest.New(t, tt.app, tenontest.Config{IgnoreDocument: true}).Get(tt.path).Status(401).Problem("unauthorized")
			r.Header("WWW-Authenticate", "Bearer").At("/type", `"https://example.com/problems/unauthorized"`).At("/detail", `"Sign in."`)
			instance := r.Into[struct {
				Instance string `json:"instance"`
			}]().Instance
			if id := strings.TrimPrefix(instance, "urn:uuid:"); len(id) != 36 {
				t.Errorf("the instance is %q", instance)
			}
			if strings.Contains(string(r.Body), "secret-marker") {
				t.Errorf("the answer tells the cause: %s", r.Body)
			}
		})
	}
}

func TestWriteAnswersOutsideAnApp(t *testing.T) {
	t.Parallel()
	e := problem.NotFound("").WithHeader("Allow", "GET")
	for _, tt := range []struct {
		method string
		bytes  bool
	}{{http.MethodGet, true}, {http.MethodPost, true}, {http.MethodHead, false}} {
		w := httptest.NewRecorder()
		w.Header().Set("ETag", `"7"`)
		w.Header().Set("Cache-Control", "max-age=60")
		problem.Write(w, httptest.NewRequest(tt.method, "/x", nil), e)
		header := w.Result().Header
		if w.Code != 404 || header.Get("Content-Type") != "application/problem+json" || header.Get("Allow") != "GET" || header.Get("ETag")+header.Get("Cache-Control") != "" {
			t.Errorf("%s is answered %d %v", tt.method, w.Code, header)
		}
		body := w.Body.String()
		if !tt.bytes {
			if body != "" {
				t.Errorf("%s has the body %s", tt.method, body)
			}
			continue
		}
		want := `{"type":"/problems/not-found","title":"There is no such resource.","status":404,"instance":"urn:uuid:`
		if !strings.HasPrefix(body, want) || !strings.HasSuffix(body, `","code":"not-found"}`) {
			t.Errorf("%s has the body %s", tt.method, body)
		}
	}
}

func TestAppendWritesTheBodyOfAProblem(t *testing.T) {
	t.Parallel()
	const head = `{"type":"/problems/not-found","title":"There is no such resource.","status":404`
	fault := problem.Fault{In: "query", Pointer: "/a", Code: "unknown", Message: "is unknown"}
	const written = `{"in":"query","pointer":"/a","code":"unknown","message":"is unknown"}`
	for _, tt := range []struct {
		name string
		e    *problem.Error
		o    problem.Occurrence
		want string
	}{
		{"without a request", problem.NotFound(""), problem.Occurrence{}, head + `,"code":"not-found"}`},
		{"with a UUID", problem.NotFound(""), problem.Occurrence{RequestID: "01a215ca-a012-702f-95ad-9d1f0af9280b"}, head + `,"instance":"urn:uuid:01a215ca-a012-702f-95ad-9d1f0af9280b","code":"not-found"}`},
		{"with the id of a proxy", problem.NotFound(""), problem.Occurrence{RequestID: "abc-1"}, head + `,"instance":"request:abc-1","code":"not-found"}`},
		{"with text that JSON escapes", problem.NotFound("a\"b\x00\xff"), problem.Occurrence{}, head + `,"detail":"a\"b\u0000` + "\ufffd" + `","code":"not-found"}`},
		{"with faults of its own and of the occurrence", problem.NotFound("").WithFaults(fault), problem.Occurrence{Faults: []problem.Fault{fault}}, head + `,"code":"not-found","errors":[` + written + `,` + written + `]}`},
	} {
		if got := string(tt.e.Append(nil, tt.o)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
