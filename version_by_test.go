package tenon_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/tenontest"
)

// whichVersion are three versions. /kept is in all; /old, /mid and /new are in one; /things/{id} and the more special /things/best are in
// different ones.
func whichVersion(t *testing.T, prefix string, by tenon.VersionBy, fallback string, names ...string) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	list := make([]tenon.Version, len(names))
	for i, name := range names {
		list[i] = tenon.Version{Name: name, Options: []tenon.Option{tenon.AfterAuth(marked(name))}}
	}
	g := app.Versions(prefix, tenon.Versions{By: by, List: list, Default: fallback})
	ok := func(word string) tenon.Handler[struct{}, found] {
		return func(context.Context, *struct{}) (*found, error) { return &found{A: word}, nil }
	}
	g.Get("/kept", ok("kept"))
	g.Get("/old", ok("old"), tenon.Until(names[0]))
	g.Get("/mid", ok("mid"), tenon.Since(names[1]), tenon.Until(names[1]))
	g.Get("/new", ok("new"), tenon.Since(names[2]))
	g.Post("/new", ok("posted"))
	g.Get("/things/best", ok("best"), tenon.Since(names[1]))
	g.Get("/things/{id}", func(_ context.Context, in *struct {
		ID string `path:"id"`
	}) (*found, error) {
		return &found{A: "id " + in.ID}, nil
	})
	g.Get("/pages", func(_ context.Context, in *struct{ page.Query }) (*page.Of[found], error) {
		return page.New(in.Query, []found{}, 100), nil
	})
	app.Get("/free", ok("free"))
	return tenontest.New(t, app)
}

// marked notes in the answer which version's options ran.
func marked(name string) tenon.Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Ran", name)
			next.ServeHTTP(w, r)
		})
	}
}

func TestSD112SB02CA02EachStrategyFindsTheVersion(t *testing.T) {
	t.Parallel()
	const header, accept = "Api-Version", "Accept"
	by := map[string]*tenontest.Server{
		"path":   whichVersion(t, "/api/{version}", tenon.VersionBy{}, "", "v1", "v2", "v3"),
		"header": whichVersion(t, "/api", tenon.ByHeader("API-Version"), "", "v1", "v2", "v3"),
		"newest": whichVersion(t, "/api", tenon.ByHeader("API-Version"), "v3", "v1", "v2", "v3"),
		"strict": whichVersion(t, "/api", tenon.ByHeader("API-Version"), "-", "v1", "v2", "v3"),
		"date":   whichVersion(t, "", tenon.ByDate("API-Version"), "", "2025-01-01", "2025-06-30", "2026-01-01"),
		"media":  whichVersion(t, "/api", tenon.ByMediaType("version"), "", "v1", "v2", "v3"),
		"query":  whichVersion(t, "/api", tenon.ByQuery("api-version"), "", "v1", "v2", "v3"),
	}
	for _, tt := range []struct {
		name, by, target string
		field, value     string
		status           int
		ran              string // or the code of the problem
	}{
		{"the path", "path", "/api/v2/kept", "", "", 200, "v2"},
		{"a version that the path does not have", "path", "/api/v4/kept", "", "", 404, "version-not-found"},
		{"the prefix alone", "path", "/api", "", "", 404, "not-found"},
		{"a version alone", "path", "/api/v1", "", "", 404, "not-found"},
		{"an unknown version alone", "path", "/api/v0", "", "", 404, "version-not-found"},
		{"a version in another case", "path", "/api/V1/kept", "", "", 404, "version-not-found"},
		{"an escaped version", "path", "/api/%761/kept", "", "", 200, "v1"},
		{"a version with a slash in it", "path", "/api/v1%2Fkept", "", "", 404, "version-not-found"},
		{"what the version does not have yet", "path", "/api/v2/new", "", "", 405, "method-not-allowed"},
		{"what it has no longer", "path", "/api/v2/old", "", "", 404, "not-found"},
		{"what it alone has", "path", "/api/v2/mid", "", "", 200, "v2"},
		{"what has no version", "path", "/free", "", "", 200, ""},

		{"a header", "header", "/api/kept", header, "v2", 200, "v2"},
		{"no header is the oldest", "header", "/api/kept", "", "", 200, "v1"},
		{"no header is the default", "newest", "/api/kept", "", "", 200, "v3"},
		{"no header is refused", "strict", "/api/kept", "", "", 400, "unknown-version"},
		{"an unknown version", "header", "/api/kept", header, "v4", 400, "unknown-version"},
		{"an unknown version where nothing is", "header", "/api/nothing", header, "v4", 400, "unknown-version"},
		{"a version in another case", "header", "/api/kept", header, "V2", 400, "unknown-version"},
		{"a long one", "header", "/api/kept", header, strings.Repeat("v", 5000), 400, "unknown-version"},
		{"what is not there yet", "header", "/api/new", header, "v1", 405, "method-not-allowed"},
		{"what is there now", "header", "/api/new", header, "v3", 200, "v3"},
		{"what is gone", "header", "/api/old", header, "v3", 404, "not-found"},
		{"a wildcard where a later version is more special", "header", "/api/things/best", header, "v1", 200, "v1"},
		{"what has no version needs none", "strict", "/free", "", "", 200, ""},
		{"nothing outside of the group", "strict", "/nothing", "", "", 404, "not-found"},

		{"the date of a version", "date", "/kept", header, "2025-06-30", 200, "2025-06-30"},
		{"a date between", "date", "/kept", header, "2025-06-29", 200, "2025-01-01"},
		{"a later date", "date", "/kept", header, "2031-02-28", 200, "2026-01-01"},
		{"a date before all", "date", "/kept", header, "2024-12-31", 400, "unknown-version"},
		{"no date there is", "date", "/kept", header, "2025-02-30", 400, "unknown-version"},
		{"no date at all", "date", "/kept", header, "v1", 400, "unknown-version"},
		{"no header", "date", "/kept", "", "", 200, "2025-01-01"},

		{"a parameter of the media type", "media", "/api/kept", accept, "application/json; version=v2", 200, "v2"},
		{"the same of several", "media", "/api/kept", accept, "application/json;version=v2, */*;version=v2;q=0.1", 200, "v2"},
		{"two of them", "media", "/api/kept", accept, "application/json;version=v2, */*;version=v1", 400, "unknown-version"},
		{"a quoted one", "media", "/api/kept", accept, `application/json; version="v3"`, 200, "v3"},
		{"none", "media", "/api/kept", accept, "application/json", 200, "v1"},
		{"an unknown one", "media", "/api/kept", accept, "application/json; version=2", 400, "unknown-version"},

		{"a query parameter", "query", "/api/kept?api-version=v3", "", "", 200, "v3"},
		{"none of them", "query", "/api/kept", "", "", 200, "v1"},
		{"an unknown one of the query", "query", "/api/kept?api-version=v9", "", "", 400, "unknown-version"},
		{"two of the query", "query", "/api/kept?api-version=v1&api-version=v2", "", "", 400, "unknown-version"},
		{"another parameter is a fault as ever", "query", "/api/kept?version=v3", "", "", 422, "validation-failed"},
	} {
		t.Run(tt.by+": "+tt.name, func(t *testing.T) {
			t.Parallel()
			s := by[tt.by]
			if tt.field != "" {
				s = s.With(tt.field, tt.value)
			}
			answer := s.Get(tt.target).Status(tt.status)
			if tt.status != 200 && tt.status != 422 {
				answer.Problem(tt.ran)
			} else if tt.status == 200 {
				answer.Header("Ran", tt.ran)
			}
			if tt.value != "" && strings.Contains(string(answer.Body), tt.value) && tt.status >= 400 && len(tt.value) > 4 {
				t.Errorf("the answer repeats what was sent: %s", answer.Body)
			}
		})
	}
}

func TestVersionsAreToldToCaches(t *testing.T) {
	t.Parallel()
	header := whichVersion(t, "/api", tenon.ByHeader("API-Version"), "", "v1", "v2", "v3")
	for _, target := range []string{"/api/kept", "/api/nothing", "/api/things/x"} {
		header.With("Api-Version", "v2").Get(target).Header("Vary", "Api-Version").Header("Api-Version", "v2")
	}
	header.With("Api-Version", "v9").Get("/api/kept").Status(400).Header("Vary", "Api-Version")
	dates := whichVersion(t, "/api", tenon.ByDate("API-Version"), "", "2025-01-01", "2025-06-30", "2026-01-01")
	dates.With("Api-Version", "2025-12-31").Get("/api/kept").Header("Api-Version", "2025-06-30")
	whichVersion(t, "/api", tenon.ByMediaType("version"), "", "v1", "v2", "v3").Get("/api/kept").Header("Vary", "Accept")
	query := whichVersion(t, "/api", tenon.ByQuery("v"), "", "v1", "v2", "v3")
	if got := query.Get("/api/pages?v=v2&page=2").Status(200).Headers; got.Get("Vary") != "" || !strings.Contains(got.Get("Link"), "?v=v2&page=3") {
		t.Errorf("header %v", got)
	}
}

func TestVersionsAndMethods(t *testing.T) {
	t.Parallel()
	s := whichVersion(t, "/api", tenon.ByHeader("API-Version"), "-", "v1", "v2", "v3")
	s.With("Api-Version", "v1").Get("/api/new").Status(405).Header("Allow", "OPTIONS, POST")
	s.With("Api-Version", "v3").Delete("/api/new").Status(405).Header("Allow", "GET, HEAD, OPTIONS, POST")
	s.With("Api-Version", "v2").Head("/api/kept").Status(200).Header("Ran", "v2")
	s.Do(http.MethodOptions, "/api/new", nil).Status(204).Header("Allow", "GET, HEAD, OPTIONS, POST") // before a browser can say more
}

func TestTwoVersionFieldsAreRefused(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Versions("/", tenon.Versions{By: tenon.ByHeader("V"), List: []tenon.Version{{Name: "a"}, {Name: "b"}}}).Get("/x", gives[found]())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
	r.Header["V"] = []string{"a", "b"}
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "It is one of a, b, in the header field V.") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func BenchmarkVersions(b *testing.B) {
	names, dates := [2]string{"v1", "v2"}, [2]string{"2025-01-01", "2026-01-01"}
	for _, bb := range []struct {
		name, prefix   string
		by             tenon.VersionBy
		list           [2]string
		field, version string
	}{
		{"none", "", tenon.VersionBy{}, names, "Accept", "*/*"},
		{"path", "/{version}", tenon.VersionBy{}, names, "Accept", "*/*"},
		{"header", "/v2", tenon.ByHeader("API-Version"), names, "Api-Version", "v2"},
		{"date", "/v2", tenon.ByDate("API-Version"), dates, "Api-Version", "2026-03-01"},
		{"media type", "/v2", tenon.ByMediaType("version"), names, "Accept", "application/json; version=v2"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			app := tenon.New(tenon.Config{})
			g := app.Group("/v2")
			if bb.prefix != "" {
				g = app.Versions(bb.prefix, tenon.Versions{By: bb.by, List: []tenon.Version{{Name: bb.list[0]}, {Name: bb.list[1]}}})
			}
			g.Get("/kept", gives[found]())
			if err := app.Compile(); err != nil {
				b.Fatal(err)
			}
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/v2/kept", nil)
			r.Header.Set(bb.field, bb.version)
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				app.ServeHTTP(w, r)
			}
			if w.status != 200 {
				b.Fatal(w.status)
			}
		})
	}
}

// sink is a writer that keeps nothing but the status.
type sink struct {
	header http.Header
	status int
}

func (d *sink) Header() http.Header         { return d.header }
func (d *sink) Write(b []byte) (int, error) { return len(b), nil }
func (d *sink) WriteHeader(status int)      { d.status = status }
