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
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/session"
)

// TestFA17MiddlewareOnAndOff sends a large body through every middleware, each alone, none, and all of them with some that read the body
// before the handler does: it comes whole, whoever stands in front. The client asks over HTTPS, as the proxy says.
func TestFA17MiddlewareOnAndOff(t *testing.T) {
	t.Parallel()
	type option struct {
		name string
		add  tenon.Option
		left string // what it leaves in the header of an answer
	}
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := session.New[int](session.Config{Keys: []session.Root{root}})
	if err != nil {
		t.Fatal(err)
	}
	withSession := func(o *tenon.Operation) {
		sessions.Use()(o)
		tenon.Needs[session.Of[int]]()(o)
	}
	all := []option{
		{"none", nil, ""},
		{"cors", tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}})), "Access-Control-Allow-Origin"},
		{"compress", tenon.Use(compress.New(compress.Config{})), "Content-Encoding"},
		{"hosts", tenon.Use(middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"127.0.0.1"}})), ""},
		{"https", tenon.Use(middleware.HTTPS(middleware.HTTPSConfig{Host: "api.example.com"})), ""},
		{"sessions", withSession, ""},
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
			app.Post("/echo", speak)
			return app
		}, behindProxy())
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.addr+"/echo", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Forwarded-Proto", "https")
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

// behindProxy is a server that takes the word of a proxy on this machine, and sets no fields of its own.
func behindProxy() tenon.ServerConfig {
	return tenon.ServerConfig{
		OmitSecureHeaders: true,
		Forwarded:         middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}},
	}
}

// TestFA17EachDoesWhatItIsFor sends requests with a large body, which most of them answer without reading it: each middleware shows in the answer, and
// nothing of it does where it is off.
func TestFA17EachDoesWhatItIsFor(t *testing.T) {
	t.Parallel()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := session.New[int](session.Config{Keys: []session.Root{root}})
	if err != nil {
		t.Fatal(err)
	}
	type counted struct{ Of int }
	counts := func(_ context.Context, in *struct {
		Session *session.Of[int] `dep:""`
	}) (*counted, error) {
		err := in.Session.Change(func(n *int) { *n++ })
		return &counted{in.Session.Value()}, err
	}
	count := tenon.Provides(counts)
	custom := tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Custom", "here")
			next.ServeHTTP(w, r)
		})
	})
	for _, tt := range []struct {
		name    string
		on      tenon.Option
		request map[string]string
		status  int    // when it is on; 201 otherwise
		field   string // of the answer when it is on
		value   string
	}{
		{
			"cors", tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}})),
			map[string]string{"Origin": "https://app.example.com"}, 201, "Access-Control-Allow-Origin", "https://app.example.com",
		},
		{"compression", tenon.Use(compress.New(compress.Config{})), map[string]string{"Accept-Encoding": "zstd;q=0, gzip"}, 201, "Content-Encoding", "gzip"},
		{"trusted hosts", tenon.Use(middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"api.example.com"}})), nil, 421, "", ""},
		{"https", tenon.Use(middleware.HTTPS(middleware.HTTPSConfig{Host: "api.example.com"})), nil, 308, "Location", "https://api.example.com/echo?q=1"},
		{
			"sessions", func(o *tenon.Operation) {
				sessions.Use()(o)
				count(o)
				tenon.Needs[counted]()(o)
			}, nil, 201, "Set-Cookie", "__Host-session",
		},
		{"body limit", tenon.Use(middleware.BodyLimit(middleware.BodyLimitConfig{Bytes: 1 << 20})), nil, 413, "", ""},
		{
			"cross origin", tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{})),
			map[string]string{"Sec-Fetch-Site": "cross-site"}, 403, "", "",
		},
		{"custom", custom, nil, 201, "X-Custom", "here"},
	} {
		for _, on := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s %t", tt.name, on), func(t *testing.T) {
				t.Parallel()
				r := run(t, func(logger *slog.Logger) *tenon.App {
					app := tenon.New(tenon.Config{Logger: logger, Limits: tenon.Limits{Body: 8 << 20, StringBytes: 8 << 20}}, tenon.AllowUnknownQuery())
					group := app.Group("")
					if on {
						group = app.Group("", tt.on)
					}
					group.Post("/echo", speak)
					return app
				}, behindProxy())
				body := `{"text":"` + strings.Repeat("all of it ", 300_000) + `"}`
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.addr+"/echo?q=1", strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", "application/json")
				for name, value := range tt.request {
					request.Header.Set(name, value)
				}
				answer, err := (&http.Transport{DisableCompression: true}).RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				_ = plainBody(t, answer)
				status, value := http.StatusCreated, ""
				if on {
					status, value = tt.status, tt.value
				}
				if got := answer.Header.Get(tt.field); answer.StatusCode != status || !strings.HasPrefix(got, value) || value == "" && tt.field != "" && got != "" {
					t.Errorf("%d with %s %q, want %d with %q", answer.StatusCode, tt.field, got, status, value)
				}
			})
		}
	}
}

// TestFA17OrderIsDefined: the slot decides first, then the layer, then the order of the options, however they are mixed.
func TestFA17OrderIsDefined(t *testing.T) {
	t.Parallel()
	var seen []string
	mark := func(name string) tenon.Middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen = append(seen, name)
				next.ServeHTTP(w, r)
			})
		}
	}
	app := tenon.New(tenon.Config{}, tenon.AfterAuth(mark("app after")), tenon.Auth(mark("app auth")), tenon.BeforeAuth(mark("app before")))
	group := app.Group("/g", tenon.Auth(mark("group auth")), tenon.AfterAuth(mark("group after")), tenon.BeforeAuth(mark("group before"), mark("group before 2")))
	group.Get("/x", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil },
		tenon.AfterAuth(mark("own after")), tenon.BeforeAuth(mark("own before")), tenon.Auth(mark("own auth")))
	app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/g/x", http.NoBody))
	want := []string{
		"app before", "group before", "group before 2", "own before", "app auth", "group auth", "own auth", "app after", "group after", "own after",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}

type spoken struct {
	Text string `json:"text"`
}

func speak(_ context.Context, in *spoken) (*spoken, error) { return in, nil }

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
