package tenon_test

import (
	"context"
	"encoding/json/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// shout is a codec that writes JSON in capitals.
func shout(name string) tenon.Codec {
	return tenon.Codec{Name: name, FromJSON: func(text []byte) ([]byte, error) { return []byte(strings.ToUpper(string(text))), nil }}
}

type caption struct {
	Body string `body:"text/plain"`
}

type captionOrNote struct {
	Note    *note    `status:"200"`
	Caption *caption `status:"202"`
}

// formatApp has operations whose answers may be picked by name.
func formatApp(t *testing.T, opts ...tenon.Option) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, opts...)
	app.Codec("text/x-loud", shout(""))
	app.Codec("application/vnd.loud+json", tenon.Codec{Name: "vnd", FromJSON: func(text []byte) ([]byte, error) { return text, nil }})
	app.Codec("application/vnd.nameless+json", shout(""))
	app.Codec("text/x-read", tenon.Codec{ToJSON: func(b []byte) ([]byte, error) { return b, nil }})
	single := func(_ context.Context, in *one) (*note, error) { return &note{in.A}, nil }
	fixed := func(text string) tenon.Handler[none, note] {
		return func(context.Context, *none) (*note, error) { return &note{text}, nil }
	}
	app.Get("/", fixed("root"))
	app.Get("/notes", fixed("notes"))
	app.Get("/notes/{a}", single)
	app.Put("/notes/{a}", single)
	app.Get("/notes/me", fixed("me"))
	app.Get("/files/{a...}", single)
	app.Get("/plain/{a}", func(_ context.Context, in *one) (*caption, error) { return &caption{in.A}, nil })
	app.Get("/mixed/{a}", func(_ context.Context, in *one) (*captionOrNote, error) {
		if in.A == "p" {
			return &captionOrNote{Caption: &caption{"p"}}, nil
		}
		return &captionOrNote{Note: &note{in.A}}, nil
	})
	app.Get("/odd/{a}", single, tenon.AfterAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Value", r.PathValue("a"))
			w.Header().Set("X-Pattern", r.Pattern)
			next.ServeHTTP(w, r)
		})
	}))
	return app
}

const (
	isJSON = "application/json"
	isLoud = "text/x-loud"
	isVnd  = "application/vnd.loud+json"
)

func TestDR09FormatsByName(t *testing.T) {
	t.Parallel()
	app := formatApp(t, tenon.FormatParameter("format"), tenon.FormatSuffix())
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, target, accept string
		status               int
		media, body, vary    string
	}{
		{"nothing is picked", "/notes", "", 200, isJSON, `{"text":"notes"}`, "Accept"},
		{"Accept decides", "/notes", isLoud, 200, isLoud, `{"TEXT":"NOTES"}`, "Accept"},
		{"Accept decides by weight", "/notes", "application/json;q=0.5, text/x-loud;q=0.6", 200, isLoud, `{"TEXT":"NOTES"}`, "Accept"},
		{"the query picks JSON", "/notes?format=json", isLoud, 200, isJSON, `{"text":"notes"}`, ""},
		{"the query picks a codec", "/notes?format=loud", isJSON, 200, isLoud, `{"TEXT":"NOTES"}`, ""},
		{"the query picks a codec by the name that it was given", "/notes?format=vnd", "", 200, isVnd, `{"text":"notes"}`, ""},
		{"the query wins over what Accept refuses", "/notes?format=json", "application/json;q=0, image/png", 200, isJSON, `{"text":"notes"}`, ""},
		{"an escaped query", "/notes?format=%6Ason", "", 200, isJSON, `{"text":"notes"}`, ""},
		{"a format that is none", "/notes?format=xml", "", 406, "", "", ""},
		{"a format in capitals", "/notes?format=JSON", "", 406, "", "", ""},
		{"a format that is empty", "/notes?format=", "", 406, "", "", ""},
		{"a media type in the place of a format", "/notes?format=application/json", "", 406, "", "", ""},
		{"a codec without a name", "/notes?format=vnd.nameless%2Bjson", "", 406, "", "", ""},
		{"a codec that only reads", "/notes?format=read", "", 406, "", "", ""},
		{"a format twice", "/notes?format=json&format=json", "", 422, "", "", ""},
		{"an unknown parameter beside it", "/notes?format=json&x=1", "", 422, "", "", ""},
		{"a query that cannot be read", "/notes?x=%zz&format=xml", "", 400, "", "", ""},
		{"the path picks JSON", "/notes.json", isLoud, 200, isJSON, `{"text":"notes"}`, ""},
		{"the path picks a codec", "/notes.loud", "", 200, isLoud, `{"TEXT":"NOTES"}`, ""},
		{"the path with a slash at its end", "/notes.loud/", "", 200, isLoud, `{"TEXT":"NOTES"}`, ""},
		{"an escaped path", "/notes%2Eloud", "", 200, isLoud, `{"TEXT":"NOTES"}`, ""},
		{"a path of a format that is none", "/notes.xml", "", 404, "", "", ""},
		{"a path of a format in capitals", "/notes.JSON", "", 404, "", "", ""},
		{"a path with a dot alone", "/notes.", "", 404, "", "", ""},
		{"two suffixes of a fixed path", "/notes.json.json", "", 404, "", "", ""},
		{"the value of a path picks", "/notes/7.loud", "", 200, isLoud, `{"TEXT":"7"}`, ""},
		{"a value with dots", "/notes/a.b.json", "", 200, isJSON, `{"text":"a.b"}`, ""},
		{"a value that ends like a format", "/notes/a.json.json", "", 200, isJSON, `{"text":"a.json"}`, ""},
		{"a value with a suffix that is no format", "/notes/7.xml", "", 200, isJSON, `{"text":"7.xml"}`, "Accept"},
		{"a value that would be empty", "/notes/.json", "", 200, isJSON, `{"text":".json"}`, "Accept"},
		{"a value that would be a dot segment", "/notes/..json", "", 200, isJSON, `{"text":"..json"}`, "Accept"},
		{"a value that would be two dots", "/notes/...json", "", 200, isJSON, `{"text":"...json"}`, "Accept"},
		{"a fixed path beside a wildcard", "/notes/me.loud", "", 200, isLoud, `{"TEXT":"ME"}`, ""},
		{"the path and the query agree", "/notes/7.loud?format=loud", "", 200, isLoud, `{"TEXT":"7"}`, ""},
		{"the path and the query differ", "/notes/7.loud?format=json", "", 406, "", "", ""},
		{"the root by its query", "/?format=loud", "", 200, isLoud, `{"TEXT":"ROOT"}`, ""},
		{"the root has no suffix", "/.json", "", 404, "", "", ""},
		{"the rest of a path has no suffix", "/files/a/b.json", "", 200, isJSON, `{"text":"a/b.json"}`, "Accept"},
		{"the rest of a path by its query", "/files/a/b.json?format=loud", "", 200, isLoud, `{"TEXT":"A/B.JSON"}`, ""},
		{"an answer that is not JSON has no suffix", "/plain/7.json", "", 200, "text/plain", "7.json", ""},
		{"an answer that is not JSON has no parameter", "/plain/7?format=json", "", 422, "", "", ""},
		{"one of several answers", "/mixed/7.loud", "", 200, isLoud, `{"TEXT":"7"}`, ""},
		{"the other of several answers stays what it is", "/mixed/p.json", "", 202, "text/plain", "p", ""},
		{"behind middleware", "/odd/7.loud", "", 200, isLoud, `{"TEXT":"7"}`, ""},
		{"behind middleware by the query", "/odd/7?format=loud", "", 200, isLoud, `{"TEXT":"7"}`, ""},
		{"a suffix that is none behind middleware", "/odd/7.xml", "", 200, isJSON, `{"text":"7.xml"}`, "Accept"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, app)
			if tt.accept != "" {
				s = s.With("Accept", tt.accept)
			}
			got := s.Get(tt.target).Status(tt.status)
			if tt.status >= 400 {
				return
			}
			got.Text(tt.body).Header("Vary", tt.vary)
			if media, _, _ := strings.Cut(got.Headers.Get("Content-Type"), ";"); media != tt.media {
				t.Errorf("the answer is %s, want %s", media, tt.media)
			}
			s.Do("HEAD", tt.target, nil).Status(tt.status).Header("Content-Type", got.Headers.Get("Content-Type")).Text("")
		})
	}
	s := tenontest.New(t, app)
	s.Get("/odd/7.loud").Header("X-Value", "7").Header("X-Pattern", "/odd/{a}.{format}")
	s.Put("/notes/7.loud", nil).Status(200).Text(`{"TEXT":"7"}`)
	s.Delete("/notes.json").Status(405).Header("Allow", "GET, HEAD, OPTIONS")
	s.Delete("/notes/7.json").Status(405).Header("Allow", "GET, HEAD, OPTIONS, PUT")
	s.Get("/notes/7?format=xml").Problem("not-acceptable").At("/detail", `"The format is one of json, loud, vnd."`)
}

func TestDR09FormatsAreOffByDefault(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, formatApp(t))
	s.Get("/notes.json").Status(404)
	s.Get("/notes/7.json").Status(200).JSON(`{"text":"7.json"}`)
	s.Get("/notes?format=json").Status(422).Fault("query", "/format", "unknown")
	query := tenontest.New(t, formatApp(t, tenon.FormatParameter("as")))
	query.Get("/notes.json").Status(404)
	query.Get("/notes/7.json?as=loud").Status(200).Text(`{"TEXT":"7.JSON"}`)
	suffix := tenontest.New(t, formatApp(t, tenon.FormatSuffix()))
	suffix.Get("/notes/7.loud?format=json").Status(422).Fault("query", "/format", "unknown")
	suffix.Get("/notes/7.loud").Status(200).Text(`{"TEXT":"7"}`)
}

func TestDR09FormatsAreDocumented(t *testing.T) {
	t.Parallel()
	paths := documentOf(t, formatApp(t, tenon.FormatParameter("format"), tenon.FormatSuffix())).Paths
	for path, want := range map[string][]string{
		"/": {"format query false"}, "/notes": {"format query false"}, "/notes/{a}": {"a path true", "format query false"},
		"/notes.{format}": {"format query false", "format path true"}, "/notes/{a}.{format}": {"a path true", "format query false", "format path true"},
		"/files/{a}": {"a path true", "format query false"}, "/plain/{a}": {"a path true"},
	} {
		op := paths[path]["get"]
		if op == nil {
			t.Errorf("the document lacks %s", path)
			continue
		}
		var got []string
		for _, p := range op.Parameters {
			text := p.Name + " " + p.In
			if got = append(got, text+map[bool]string{true: " true", false: " false"}[p.Required]); p.Name == "format" {
				if enum, _ := p.Schema["enum"].([]any); !slices.Equal(enum, []any{"json", "loud", "vnd"}) {
					t.Errorf("%s: %s is one of %v", path, text, enum)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", path, got, want)
		}
	}
	if paths["/files/{a}.{format}"] != nil || paths["/plain/{a}.{format}"] != nil || paths["/.{format}"] != nil {
		t.Error("the document has suffixes that are not served")
	}
	if id := paths["/notes/{a}.{format}"]["get"].OperationID; id != "getNotesByAInFormat" {
		t.Errorf("the id is %s", id)
	}
}

type ownFormat struct {
	Format string `query:"format"`
}

type formatPath struct {
	Format string `path:"format"`
}

func TestDR09FormatFaults(t *testing.T) {
	t.Parallel()
	parameter, suffix := tenon.FormatParameter("format"), tenon.FormatSuffix()
	checkFaults(t, []faulty{
		{"a parameter without a name", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.FormatParameter("")) }, "FormatParameter has no name"},
		{"a parameter of no JSON", line(), func(a *tenon.App) { a.Get("/x", gives[caption](), parameter) }, "FormatParameter has no effect"},
		{"a suffix of no JSON", line(), func(a *tenon.App) { a.Get("/x", gives[caption](), suffix) }, "FormatSuffix has no effect"},
		{"a suffix of the rest of a path", line(), func(a *tenon.App) { a.Get("/x/{a...}", given[one, fine](), suffix) }, "FormatSuffix has no effect"},
		{"a suffix of the root", line(), func(a *tenon.App) { a.Get("/", gives[fine](), suffix) }, "FormatSuffix has no effect"},
		{"a parameter of the input", line(), func(a *tenon.App) { a.Get("/x", takes[ownFormat](), parameter) }, "the query parameter format is a field of the input"},
		{"a wildcard of that name", line(), func(a *tenon.App) { a.Get("/x/{format}", takes[formatPath](), suffix) }, "the path has a wildcard {format}"},
		{"a name of a codec that is none", line(), func(a *tenon.App) { a.Codec("text/x", shout("X")) }, "is not of lower-case letters and digits"},
		{"a codec that is called json", line(), func(a *tenon.App) { a.Codec("text/x", shout("json")) }, "or is json"},
	})
	app := tenon.New(tenon.Config{})
	app.Codec("text/x-same", shout(""))
	app.Codec("application/same", shout(""))
	app.Get("/y", gives[fine](), suffix)
	app.Get("/y.json", gives[fine]())
	app.Get("/z", gives[fine](), suffix)
	app.Get("/w", gives[fine](), tenon.OperationID("getZInFormat"))
	err := app.Compile()
	for _, want := range []string{
		`the name "same" is that of text/x-same`, "GET /y.json clashes with GET /y.json registered at", `operation id "getZInFormat" is that of GET /z`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the faults lack %q: %v", want, err)
		}
	}
}

// FuzzFormatSuffix promises that a suffix never changes what a path leads to, but for the form.
func FuzzFormatSuffix(f *testing.F) {
	for _, seed := range []string{"7", "7.json", ".json", "..json", "...json", "a/b.json", "%2e%2e.json", "me.json", "me", ".", "7.loud.json", "7.json/"} {
		f.Add(seed)
	}
	app := tenon.New(tenon.Config{}, tenon.FormatSuffix())
	app.Get("/x/{a}", func(_ context.Context, in *one) (*note, error) { return &note{in.A}, nil })
	if err := app.Compile(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.URL.Path = "/x/" + text
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		value := strings.TrimSuffix(text, "/")
		if cut := strings.TrimSuffix(value, ".json"); cut != "" && cut != "." && cut != ".." {
			value = cut
		}
		if w.Code != 200 {
			return
		}
		var got note
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Text != value {
			t.Errorf("%q answers %s, %v, want %q", text, w.Body, err, value)
		}
	})
}

// TestDR09FormatsOfVersions picks formats where a header field or a query parameter says the version.
func TestDR09FormatsOfVersions(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]tenon.VersionBy{"by a header": tenon.ByHeader("API-Version"), "by a query": tenon.ByQuery("v")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.FormatParameter("format"), tenon.FormatSuffix())
			app.Codec("text/x-loud", shout(""))
			g := app.Versions("/api", tenon.Versions{By: by, List: []tenon.Version{{Name: "v1"}, {Name: "v2"}}})
			g.Get("/notes", func(context.Context, *none) (*note, error) { return &note{"notes"}, nil })
			g.Get("/notes/{a}", func(_ context.Context, in *one) (*note, error) { return &note{in.A}, nil })
			s := tenontest.New(t, app)
			query := func(string) string { return "" }
			if name == "by a query" {
				query = func(name string) string { return "&v=" + name }
			}
			for _, version := range []string{"v1", "v2"} {
				s := s.With("API-Version", version)
				s.Get("/api/notes.loud?" + query(version)).Status(200).Text(`{"TEXT":"NOTES"}`)
				s.Get("/api/notes/7.loud?" + query(version)).Status(200).Text(`{"TEXT":"7"}`)
				s.Get("/api/notes/7?format=loud" + query(version)).Status(200).Text(`{"TEXT":"7"}`)
				s.Get("/api/notes/7.xml?" + query(version)).Status(200).Text(`{"text":"7.xml"}`)
				s.Get("/api/notes/7?format=xml" + query(version)).Status(406)
			}
		})
	}
}
