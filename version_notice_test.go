package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD113EveryAnswerOfADeprecatedVersionSaysSo(t *testing.T) {
	t.Parallel()
	teapot := problem.Define(418, "teapot", "I am a teapot.").WithHeader("Link", `<https://example.com/tea>; rel="help"`).WithHeader("Vary", "Tea")
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	refuse := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, r, problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", "Bearer"))
		})
	}
	g := app.Versions("/api/{version}", peopleVersions())
	peopleRoutes(g)
	g.Get("/guarded", gives[found](), tenon.Auth(refuse), tenon.Fails(problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", "Bearer")))
	g.Get("/broken", func(context.Context, *struct{}) (*found, error) { return nil, errors.New("broken") })
	g.Get("/teapot", func(context.Context, *struct{}) (*found, error) { return nil, teapot }, tenon.Fails(teapot))
	g.Get("/old", gives[found](), tenon.Until("v1"))
	g.Get("/file", func(context.Context, *struct{}) (*tenon.File, error) {
		return &tenon.File{Name: "a.txt", Content: strings.NewReader("abc")}, nil
	})
	g.Get("/pages", func(_ context.Context, in *struct{ page.Query }) (*page.Of[found], error) {
		return page.New(in.Query, []found{}, 0), nil
	})
	g.Mount("/mounted", http.NotFoundHandler())
	s := tenontest.New(t, app)
	const read = `<https://example.com/v1>; rel="deprecation"; type="text/html", <https://example.com/v1>; rel="sunset"; type="text/html"`
	next := func(path string) string { return read + `, </api/v2/` + path + `>; rel="successor-version"` }
	for _, tt := range []struct {
		name, target string
		status       int
		links        []string
	}{
		{"a success", "people/7", 200, []string{next("people/7")}},
		{"one with links of its own", "pages?page=1", 200, []string{next("pages"), `<?page=1>; rel="first", <?page=1>; rel="last"`}},
		{"a refusal", "people/x", 422, []string{next("people/x")}},
		{"a refusal by middleware", "guarded", 401, []string{next("guarded")}},
		{"a failure", "broken", 500, []string{next("broken")}},
		{"a problem with links of its own", "teapot", 418, []string{next("teapot"), `<https://example.com/tea>; rel="help"`}},
		{"what the next version lacks", "old", 200, []string{read}},
		{"a file", "file", 200, []string{next("file")}},
		{"what is mounted", "mounted/x", 404, []string{next("mounted/x")}},
		{"what is not there", "nowhere", 404, []string{read}},
		{"a target that needs escapes", "mounted/%3E%22%0D%0A>", 404, []string{next("mounted/%3E%22%0D%0A%3E")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answer := s.Get("/api/v1/"+tt.target).Status(tt.status).
				Header("Deprecation", "@1767225600").Header("Sunset", "Tue, 01 Jan 2036 00:00:00 GMT")
			if got := answer.Headers["Link"]; !slices.Equal(got, tt.links) {
				t.Errorf("Link %q\nwant %q", got, tt.links)
			}
			for _, name := range []string{"Deprecation", "Sunset"} {
				if got := s.Get("/api/v2/" + tt.target).Headers.Get(name); got != "" {
					t.Errorf("v2 says %s: %s", name, got)
				}
			}
		})
	}
	s.Delete("/api/v1/people").Status(405).Header("Deprecation", "@1767225600")
	operation := `/paths/~1api~1v1~1people/get`
	s.Get("/openapi/v1.json").At(operation+"/deprecated", "true").At(operation+"/responses/200/headers/Deprecation/required", "true").
		At(operation+"/responses/422", `{"$ref":"#/components/responses/VersionedValidationFailed"}`)
}

func TestTheSuccessorIsFoundBehindAPrefix(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	peopleRoutes(app.Versions("/api/{version}", peopleVersions()))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/people", nil)
	rec := record.New()
	rec.Prefix = "/shop" // as a proxy says that it took it off
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r.WithContext(record.With(r.Context(), rec)))
	if got := w.Header().Get("Link"); !strings.HasSuffix(got, `</shop/api/v2/people>; rel="successor-version"`) || rec.Version != "v1" {
		t.Errorf("version %s, Link %s", rec.Version, got)
	}
}

func TestAVersionMayBeGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		sunset time.Time
		gone   bool
		status int
	}{
		{"the sunset is to come", time.Now().Add(time.Hour), true, http.StatusOK},
		{"the sunset has come", time.Now(), true, http.StatusGone},
		{"the sunset has come, and the version stays", time.Now(), false, http.StatusOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			versions := peopleVersions()
			versions.List[0].Gone = tt.gone
			versions.List[0].Deprecated = tt.sunset.AddDate(-10, 0, 0)
			versions.List[0].Sunset = tt.sunset
			app := tenon.New(tenon.Config{})
			peopleRoutes(app.Versions("/{version}", versions))
			s := tenontest.New(t, app)
			answer := s.Get("/v1/people").Status(tt.status)
			if answer.Headers.Get("Sunset") == "" {
				t.Error("the answer does not tell the sunset")
			}
			if tt.status == http.StatusGone {
				answer.Problem("version-gone")
			}
			s.Get("/v2/people").Status(http.StatusOK)
			if documented := app.Document("v1").Paths["/v1/people"].Get.Responses["410"] != nil; documented != tt.gone {
				t.Errorf("410 is documented: %t", documented)
			}
		})
	}
}

func TestCallsAreCountedByVersionAndClient(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	g := app.Versions("/{version}", tenon.Versions{
		List:   []tenon.Version{{Name: "v1"}, {Name: "v2"}},
		Client: func(r *http.Request) string { return r.Header.Get("Client") },
	})
	g.Get("/x", func(_ context.Context, in *struct{ page.Query }) (*page.Of[found], error) {
		return page.New(in.Query, []found{}, 0), nil
	})
	s := tenontest.New(t, app)
	if got := app.VersionCalls(); got != nil {
		t.Errorf("calls before the first: %v", got)
	}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 5 {
				s.With("Client", fmt.Sprint("c", i%2)).Get("/v1/x")
			}
			s.Get("/v2/x?page=0") // a refusal is a call as well
		})
	}
	group.Wait()
	s.Get("/v3/x")
	want := []tenon.VersionCalls{{"v1", "c0", 10}, {"v1", "c1", 10}, {"v2", "", 4}}
	if got := app.VersionCalls(); !slices.Equal(got, want) {
		t.Errorf("calls %v, want %v", got, want)
	}
	for i := range 1100 {
		s.With("Client", fmt.Sprint("many", i)).Get("/v2/x")
	}
	if got := app.VersionCalls(); len(got) != 2+1+1+1000 || !slices.Contains(got, tenon.VersionCalls{Version: "v2", Client: "*", Calls: 100}) {
		t.Errorf("%d counters", len(got))
	}
}

// signedIn is middleware that knows the caller.
func signedIn(name string) tenon.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			record.From(r.Context()).Principal = name
			next.ServeHTTP(w, r)
		})
	}
}

func TestCallsAreCountedByPrincipal(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}}}, tenon.Auth(signedIn("user 7"))).Get("/x", gives[found]())
	tenontest.New(t, app).Get("/v1/x").Status(200)
	if got := app.VersionCalls(); !slices.Equal(got, []tenon.VersionCalls{{"v1", "user 7", 1}}) {
		t.Errorf("calls %v", got)
	}
}
