package tenon_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/problem"
)

type level struct{ n int }

// TestFA13ManyRoutesOfNestedGroups has 1,000 routes in 50 groups of which each stands in the one before. Prefixes and middleware add up;
// what a group says once, the nearest says. (bench/start measures how long such an app takes to start.)
func TestFA13ManyRoutesOfNestedGroups(t *testing.T) {
	t.Parallel()
	const groups, routes = 50, 20
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	full := problem.Define(http.StatusConflict, "group-full", "The group is full.")
	group := app.Group("/g0", tenon.Tags("outer"), tenon.Fails(full), tenon.Summary("outermost"))
	for g := range groups {
		if g > 0 {
			group = group.Group(fmt.Sprintf("/g%d", g), tenon.Tags(fmt.Sprintf("g%d", g)), tenon.BeforeAuth(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Add("X-Groups", strconv.Itoa(g))
					next.ServeHTTP(w, r)
				})
			}))
		}
		if g%10 == 0 { // a provider of the group hides that of the groups around it
			group.Provide(func(context.Context, *struct{}) (*level, error) { return &level{g}, nil })
		}
		for n := range routes {
			group.Get(fmt.Sprintf("/r%d", n), func(_ context.Context, in *struct {
				Level *level `dep:""`
			}) (*found, error) {
				return &found{Route: fmt.Sprintf("%d.%d", g, n), A: strconv.Itoa(in.Level.n)}, nil
			})
		}
	}
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	if n := len(app.Operations()); n != groups*routes {
		t.Errorf("%d operations", n)
	}
	path := ""
	for g := range groups {
		path += fmt.Sprintf("/g%d", g)
		for n := range routes {
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/r%d", path, n), http.NoBody))
			want := fmt.Sprintf(`{"route":"%d.%d","a":"%d","b":""}`, g, n, g/10*10)
			if w.Code != http.StatusOK || w.Body.String() != want || len(w.Header().Values("X-Groups")) != g {
				t.Fatalf("%s/r%d: %d %s by %v, want %s", path, n, w.Code, w.Body, w.Header().Values("X-Groups"), want)
			}
		}
	}
	deep := app.OpenAPI().Paths[path+"/r0"].Get
	if deep.Summary != "outermost" || deep.Responses["409"] == nil || deep.Tags[0] != "outer" || !slices.Contains(deep.Tags, "g49") {
		t.Errorf("summary %q, tags %v, 409 %t", deep.Summary, deep.Tags, deep.Responses["409"] != nil)
	}
}

// TestFA17MiddlewareOnAndOff sends a large body through every middleware, each alone, none, and all of them with some that read the body
// before the handler does: it comes whole, whoever stands in front.
func TestFA17MiddlewareOnAndOff(t *testing.T) {
	t.Parallel()
	type option struct {
		name string
		add  tenon.Option
		left string // what it leaves in the header of an answer
	}
	all := []option{
		{"none", nil, ""},
		{"cors", tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}})), "Access-Control-Allow-Origin"},
		{"compress", tenon.Use(compress.New(compress.Config{})), "Content-Encoding"},
		{"hosts", tenon.Use(middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"127.0.0.1"}})), ""},
		{"headers", tenon.Use(middleware.SecureHeaders(middleware.SecureHeadersConfig{ContentSecurityPolicy: "default-src 'self'"})), "Content-Security-Policy"},
		{"limit", tenon.Use(middleware.BodyLimit(middleware.BodyLimitConfig{Bytes: 8 << 20})), ""},
		{"cross origin", tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{TrustedOrigins: []string{"https://app.example.com"}})), ""},
		{"recover", tenon.Use(middleware.Recover(middleware.RecoverConfig{Logger: slog.New(slog.DiscardHandler)})), ""},
		{"admission", tenon.Use(middleware.Admission(middleware.AdmissionConfig{})), ""},
		{"a reader of the body", tenon.BeforeAuth(readFirst), "X-Read"},
		{"a second reader of the body", tenon.Auth(readFirst), "X-Read"},
	}
	body := []byte(`{"text":"` + strings.Repeat("all of it ", 300_000) + `"}`)
	for i := range len(all) + 1 {
		on := all
		if i < len(all) {
			on = all[i : i+1]
		}
		r := run(t, func(logger *slog.Logger) *tenon.App {
			var options []tenon.Option
			for _, o := range on {
				if o.add != nil {
					options = append(options, o.add)
				}
			}
			app := tenon.New(tenon.Config{Logger: logger, Limits: tenon.Limits{Body: 8 << 20, StringBytes: 8 << 20}}, options...)
			app.Post("/echo", func(_ context.Context, in *struct {
				Text string `json:"text"`
			}) (*struct {
				Text string `json:"text"`
			}, error) {
				return &struct {
					Text string `json:"text"`
				}{in.Text}, nil
			})
			return app
		}, tenon.ServerConfig{OmitSecureHeaders: true})
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.addr+"/echo", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", "https://app.example.com")
		request.Header.Set("Accept-Encoding", "zstd;q=0, gzip")
		answer, err := (&http.Transport{DisableCompression: true}).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		got := plainBody(t, answer)
		if answer.StatusCode != http.StatusCreated || !bytes.Equal(got, body) {
			t.Errorf("%v: %d with %d bytes, want 201 with %d", on[0].name, answer.StatusCode, len(got), len(body))
		}
		for _, o := range all[1:] {
			is := slices.ContainsFunc(on, func(other option) bool { return other.left == o.left })
			if o.left != "" && (answer.Header.Get(o.left) != "") != is {
				t.Errorf("%s of %d: the answer has %s: %q", on[0].name, len(on), o.left, answer.Header.Get(o.left))
			}
		}
	}
}

// readFirst reads the whole body and hands it on.
func readFirst(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Read", strconv.Itoa(len(text)))
		r.Body = io.NopCloser(bytes.NewReader(text))
		next.ServeHTTP(w, r)
	})
}

// plainBody reads an answer that is perhaps compressed.
func plainBody(t *testing.T, answer *http.Response) []byte {
	t.Helper()
	defer answer.Body.Close()
	var from io.Reader = answer.Body
	if answer.Header.Get("Content-Encoding") == "gzip" {
		zipped, err := gzip.NewReader(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = zipped
	}
	body, err := io.ReadAll(from)
	if err != nil {
		t.Error(err)
	}
	return body
}
