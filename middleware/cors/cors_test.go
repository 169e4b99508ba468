package cors_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/tenontest"
)

type named struct {
	Name string `json:"name" minLength:"1"`
}

// newApp can end in every way in which a request ends.
func newApp(tb testing.TB, cfg cors.Config) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)}, tenon.Use(cors.New(cfg)))
	app.Get("/x", func(context.Context, *struct{}) (*named, error) { return &named{"x"}, nil })
	app.Post("/x", func(context.Context, *named) (*named, error) { return &named{"x"}, nil }, tenon.BodyLimit(100))
	app.Get("/error", func(context.Context, *struct{}) (*named, error) { return nil, errors.New("cause") })
	app.Get("/panic", func(context.Context, *struct{}) (*named, error) { panic("cause") })
	refuse := func(status int) tenon.Option {
		return tenon.Auth(func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		})
	}
	app.Get("/private", func(context.Context, *struct{}) (*named, error) { return &named{"x"}, nil }, refuse(http.StatusUnauthorized))
	app.Get("/often", func(context.Context, *struct{}) (*named, error) { return &named{"x"}, nil }, refuse(http.StatusTooManyRequests))
	app.Mount("/mounted", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("cause") }))
	return app
}

func send(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func varies(w *httptest.ResponseRecorder) bool {
	return slices.Contains(strings.Split(strings.Join(w.Header()["Vary"], ", "), ", "), "Origin")
}

const page = "https://app.example.com"

func TestSD142AnswersCanBeReadHoweverTheyEnd(t *testing.T) {
	t.Parallel()
	app := newApp(t, cors.Config{Origins: []string{page}, Credentials: true})
	for _, tt := range []struct {
		name, method, target, body string
		status                     int
	}{
		{"success", "GET", "/x", "", 200},
		{"created", "POST", "/x", `{"name":"a"}`, 201},
		{"not JSON", "POST", "/x", `{`, 400},
		{"refused by authentication", "GET", "/private", "", 401},
		{"no such path", "GET", "/none", "", 404},
		{"no such method", "DELETE", "/x", "", 405},
		{"not acceptable", "GET", "/x", "", 406},
		{"too large", "POST", "/x", `{"name":"` + strings.Repeat("a", 200) + `"}`, 413},
		{"too long", "GET", "/" + strings.Repeat("a", 9000), "", 414},
		{"invalid", "POST", "/x", `{"name":""}`, 422},
		{"too often", "GET", "/often", "", 429},
		{"an error", "GET", "/error", "", 500},
		{"a panic", "GET", "/panic", "", 500},
		{"a panic of a mounted handler", "GET", "/mounted", "", 500},
		{"the document", "GET", "/openapi.json", "", 200},
		{"OPTIONS that is no preflight", "OPTIONS", "/x", "", 204},
		{"HEAD", "HEAD", "/x", "", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := []string{"Origin: " + page}
			if tt.body != "" {
				header = append(header, "Content-Type: application/json")
			}
			if tt.status == 406 {
				header = append(header, "Accept: text/html")
			}
			w := send(app, tt.method, tt.target, tt.body, header...)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			h := w.Header()
			if h.Get("Access-Control-Allow-Origin") != page || h.Get("Access-Control-Allow-Credentials") != "true" || !varies(w) {
				t.Errorf("header %v", h)
			}
			if got := h.Get("Access-Control-Expose-Headers"); got != "Deprecation, Etag, Link, Location, Ratelimit, Ratelimit-Policy, Retry-After, Sunset, X-Request-Id" {
				t.Errorf("exposed: %s", got)
			}
		})
	}
}

func TestSD142Preflight(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		cfg    cors.Config
		target string
		header []string
		want   [4]string // origin, methods, headers, credentials
	}{
		{"of a listed page", cors.Config{Origins: []string{page}, Credentials: true}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type"}, [4]string{page, "POST", "authorization,content-type", "true"}},
		{"without fields", cors.Config{Origins: []string{page}}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: DELETE"}, [4]string{page, "DELETE", "", ""}},
		{"for a path that no route takes", cors.Config{Origins: []string{page}}, "/none", []string{"Origin: " + page, "Access-Control-Request-Method: PUT"}, [4]string{page, "PUT", "", ""}},
		{"for a field that is not listed", cors.Config{Origins: []string{page}}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-secret"}, [4]string{}},
		{"for any field", cors.Config{Origins: []string{page}, Headers: []string{"*"}}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-any"}, [4]string{page, "POST", "x-any", ""}},
		{"for a method that is not listed", cors.Config{Origins: []string{page}, Methods: []string{"GET"}}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: POST"}, [4]string{}},
		{"for a method of one's own", cors.Config{Origins: []string{page}, Methods: []string{"PURGE"}}, "/x", []string{"Origin: " + page, "Access-Control-Request-Method: PURGE"}, [4]string{page, "PURGE", "", ""}},
		{"of every page", cors.Config{Origins: []string{"*"}}, "/x", []string{"Origin: https://any.example", "Access-Control-Request-Method: POST"}, [4]string{"*", "POST", "", ""}},
		{"of a page that is not listed", cors.Config{Origins: []string{page}, Credentials: true}, "/x", []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}, [4]string{}},
		{"of a sandbox", cors.Config{Origins: []string{page}}, "/x", []string{"Origin: null", "Access-Control-Request-Method: POST"}, [4]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := send(newApp(t, tt.cfg), "OPTIONS", tt.target, "", tt.header...)
			h := w.Header()
			got := [4]string{h.Get("Access-Control-Allow-Origin"), h.Get("Access-Control-Allow-Methods"), h.Get("Access-Control-Allow-Headers"), h.Get("Access-Control-Allow-Credentials")}
			if w.Code != 204 || got != tt.want || !varies(w) {
				t.Errorf("%d %q, want %q; %v", w.Code, got, tt.want, h)
			}
			if age := h.Get("Access-Control-Max-Age"); (age == "600") != (tt.want[0] != "") {
				t.Errorf("max age %q", age)
			}
		})
	}
}

func TestSD142ForeignPagesGetNothing(t *testing.T) {
	t.Parallel()
	app := newApp(t, cors.Config{Origins: []string{page, "http://localhost:3000", "https://app.example.com:8443"}, Credentials: true})
	for _, origin := range []string{
		"", "null", "*", "https://evil.example", "https://app.example.com.evil.example", "https://evilapp.example.com", "https://app.example.co",
		"https://app.example.commerce", "https://example.com", "https://x.app.example.com", "http://app.example.com", "https://app.example.com:443",
		"https://app.example.com:8080", "https://app.example.com:8443.evil.example", "https://app.example.com/", "https://app.example.com/x",
		"https://app.example.com?x", "https://app.example.com#x", "https://app.example.com@evil.example", "https://user@app.example.com",
		"https://app.example.com.", "https://APP.example.com", "HTTPS://app.example.com", "https://app.example.com, https://evil.example",
		"https://app.example.com https://evil.example", "https://app.example.com\t", "https://app.example.com\x00.evil.example", "file://", "file://app.example.com",
		"chrome-extension://app.example.com", "https:app.example.com", "//app.example.com", "app.example.com", "https://аpp.example.com",
		"http://localhost", "http://localhost:3001", "https://localhost:3000", "http://localhost.evil.example:3000", "http://127.0.0.1:3000", "javascript:alert(1)",
	} {
		for _, method := range []string{"GET", "OPTIONS"} {
			r := httptest.NewRequest(method, "/x", nil)
			r.Header["Origin"] = []string{origin}
			if method == "OPTIONS" {
				r.Header.Set("Access-Control-Request-Method", "POST")
			}
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			for name := range w.Header() {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %q gets %s: %s", method, origin, name, w.Header().Get(name))
				}
			}
			if !varies(w) {
				t.Errorf("%s from %q does not vary by Origin", method, origin)
			}
		}
	}
	if w := send(app, "GET", "/x", "", "Origin: "+page, "Origin: https://evil.example"); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("two origins get %v", w.Header())
	}
	for _, origin := range []string{page, "http://localhost:3000", "https://app.example.com:8443"} {
		if w := send(app, "GET", "/x", "", "Origin: "+origin); w.Header().Get("Access-Control-Allow-Origin") != origin {
			t.Errorf("%s gets %v", origin, w.Header())
		}
	}
}

func TestSD142DangerIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cfg  cors.Config
		want []string
	}{
		{"nobody", cors.Config{}, []string{"cors.Config: there are no Origins"}},
		{"everyone with credentials", cors.Config{Origins: []string{"*"}, Credentials: true}, []string{`origin "*" with Credentials would let every page act as its visitor; name the origins`}},
		{"everyone and somebody", cors.Config{Origins: []string{"*", page}}, []string{`origin "*" is every origin, so it stands alone`}},
		{"what any sandbox has", cors.Config{Origins: []string{"null"}}, []string{`origin "null": any page can have it, in a sandbox`}},
		{"a pattern", cors.Config{Origins: []string{"https://*.example.com"}}, []string{`origin "https://*.example.com": a pattern lets in what others may register; name each origin`}},
		{"no scheme", cors.Config{Origins: []string{"app.example.com"}}, []string{`origin "app.example.com": want a scheme and a host, such as https://app.example.com`}},
		{"no host", cors.Config{Origins: []string{"https://:443"}}, []string{`want a scheme and a host`}},
		{"a path", cors.Config{Origins: []string{page + "/x"}}, []string{`an origin is a scheme, a host and a port, without a path`}},
		{"a slash at the end", cors.Config{Origins: []string{page + "/"}}, []string{`without a path`}},
		{"a query", cors.Config{Origins: []string{page + "?x"}}, []string{`without a path`}},
		{"a user", cors.Config{Origins: []string{"https://user@app.example.com"}}, []string{`without a path`}},
		{"capitals", cors.Config{Origins: []string{"https://App.example.com"}}, []string{`browsers send it in lower case`}},
		{"the port of the scheme", cors.Config{Origins: []string{page + ":443"}}, []string{`browsers leave out the port of the scheme`}},
		{"plain HTTP", cors.Config{Origins: []string{"http://app.example.com"}}, []string{`its scheme is https; http is for this machine alone`}},
		{"another scheme", cors.Config{Origins: []string{"ftp://app.example.com"}}, []string{`its scheme is https`}},
		{"words that are none, all at once", cors.Config{Origins: []string{page}, Methods: []string{"GE T"}, Headers: []string{""}, Exposed: []string{"*"}, MaxAge: -1}, []string{`Methods has "GE T", want names of HTTP`, `Headers has ""`, `Exposed has "*"`, `MaxAge is -1ns, want a second or more, or 0 for the default`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mw, err := cors.New(tt.cfg)
			if err == nil || mw != nil {
				t.Fatal("it is accepted")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v, want %s", err, want)
				}
			}
		})
	}
	for _, origin := range []string{page, "https://[2001:db8::1]", "http://[::1]:3000", "http://127.0.0.1", "http://localhost:3000"} {
		if _, err := cors.New(cors.Config{Origins: []string{origin}, MaxAge: time.Hour}); err != nil {
			t.Error(err)
		}
	}
}
