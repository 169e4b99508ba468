package middleware_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/middleware"
)

func send(h http.Handler, method, target string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	maps.Copy(r.Header, fields(header...))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func ok(http.ResponseWriter, *http.Request) {}

// isProblem holds an answer against the status and code of a problem.
func isProblem(t *testing.T, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), `"code":"`+code+`"`) {
		t.Errorf("%d %v %s, want %d %s", w.Code, w.Header(), w.Body, status, code)
	}
}

func TestSecureHeaders(t *testing.T) {
	t.Parallel()
	const hsts = "max-age=31536000; includeSubDomains"
	for _, tt := range []struct {
		name  string
		cfg   middleware.SecureHeadersConfig
		h     http.HandlerFunc
		field string
		want  string
	}{
		{"a policy that lets nothing be", middleware.SecureHeadersConfig{}, ok, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
		{"a policy of one's own", middleware.SecureHeadersConfig{ContentSecurityPolicy: "default-src 'self'"}, ok, "Content-Security-Policy", "default-src 'self'"},
		{"the policy of an answer stays", middleware.SecureHeadersConfig{}, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Security-Policy", "sandbox") }, "Content-Security-Policy", "sandbox"},
		{"types are what they say", middleware.SecureHeadersConfig{}, ok, "X-Content-Type-Options", "nosniff"},
		{"no referrer", middleware.SecureHeadersConfig{}, ok, "Referrer-Policy", "no-referrer"},
		{"no embedding elsewhere", middleware.SecureHeadersConfig{}, ok, "Cross-Origin-Resource-Policy", "same-origin"},
		{"nothing is stored", middleware.SecureHeadersConfig{}, ok, "Cache-Control", "no-store"},
		{"what has a tag is checked each time", middleware.SecureHeadersConfig{}, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"a"`) }, "Cache-Control", "no-cache"},
		{"what an answer says of caches stays", middleware.SecureHeadersConfig{}, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "max-age=60") }, "Cache-Control", "max-age=60"},
		{"caching of one's own", middleware.SecureHeadersConfig{CacheControl: "private"}, ok, "Cache-Control", "private"},
		{"nothing about HTTPS by default", middleware.SecureHeadersConfig{}, ok, "Strict-Transport-Security", ""},
		{"nothing about HTTPS on this machine", middleware.SecureHeadersConfig{PublicURL: "http://localhost:8080"}, ok, "Strict-Transport-Security", ""},
		{"HTTPS alone where it is public", middleware.SecureHeadersConfig{PublicURL: "https://api.example.com/x"}, ok, "Strict-Transport-Security", hsts},
		{"no word on the server", middleware.SecureHeadersConfig{}, ok, "Server", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := chained(t, func(w http.ResponseWriter, r *http.Request) { tt.h(w, r); w.WriteHeader(http.StatusOK) }, func() (middleware.Middleware, error) { return middleware.SecureHeaders(tt.cfg) })
			if got := send(h, "GET", "/", nil).Header().Get(tt.field); got != tt.want {
				t.Errorf("%s %q, want %q", tt.field, got, tt.want)
			}
		})
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	h := chained(t, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			w.WriteHeader(http.StatusTeapot)
		}
	}, func() (middleware.Middleware, error) {
		return middleware.BodyLimit(middleware.BodyLimitConfig{Bytes: 4})
	})
	if w := send(h, "POST", "/", strings.NewReader("four")); w.Code != 200 {
		t.Errorf("a body of the limit gets %d", w.Code)
	}
	isProblem(t, send(h, "POST", "/", strings.NewReader("fives")), 413, "content-too-large")
	if w := send(h, "POST", "/", io.MultiReader(strings.NewReader("fives"))); w.Code != http.StatusTeapot {
		t.Errorf("a body of unknown length gets %d", w.Code)
	}
	if w := send(h, "GET", "/", nil); w.Code != 200 {
		t.Errorf("no body gets %d", w.Code)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		h      http.HandlerFunc
		status int
		cut    bool
		logged bool
	}{
		{"answers a panic", func(http.ResponseWriter, *http.Request) { panic("secret-marker") }, 500, false, true},
		{"answers a panic with an error", func(http.ResponseWriter, *http.Request) { panic(errors.New("secret-marker")) }, 500, false, true},
		{"cuts an answer that has begun", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x"); panic("secret-marker") }, 200, true, true},
		{"leaves a cut alone", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 200, true, false},
		{"leaves an answer alone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }, 202, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out lines
			h := chained(t, tt.h, requestID, func() (middleware.Middleware, error) {
				return middleware.Recover(middleware.RecoverConfig{Logger: slog.New(slog.NewJSONHandler(&out, nil))})
			})
			w, cut := httptest.NewRecorder(), any(nil)
			func() {
				defer func() { cut = recover() }()
				h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			}()
			if (cut == any(http.ErrAbortHandler)) != tt.cut || w.Code != tt.status {
				t.Errorf("%d, panic %v", w.Code, cut)
			}
			if tt.status == 500 {
				isProblem(t, w, 500, "internal")
			}
			if strings.Contains(w.Body.String(), "secret-marker") || (out.Len() > 0) != tt.logged || tt.logged && !strings.Contains(out.String(), w.Header().Get("X-Request-Id")) {
				t.Errorf("body %s, log %s", w.Body, out.String())
			}
		})
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	h := chained(t, ok, func() (middleware.Middleware, error) {
		return middleware.CrossOrigin(middleware.CrossOriginConfig{TrustedOrigins: []string{"https://app.example.com"}})
	})
	for _, tt := range []struct {
		name, method string
		header       []string
		status       int
	}{
		{"a client that is no browser", "POST", nil, 200},
		{"the same origin", "POST", []string{"Sec-Fetch-Site: same-origin"}, 200},
		{"a person", "POST", []string{"Sec-Fetch-Site: none"}, 200},
		{"an origin that is trusted", "POST", []string{"Sec-Fetch-Site: cross-site", "Origin: https://app.example.com"}, 200},
		{"the origin itself, from an old browser", "POST", []string{"Origin: https://example.com"}, 200},
		{"another site that only reads", "GET", []string{"Sec-Fetch-Site: cross-site"}, 200},
		{"another site", "POST", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"another site that deletes", "DELETE", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"another site that puts", "PUT", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"another site that patches", "PATCH", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"a neighbour", "POST", []string{"Sec-Fetch-Site: same-site"}, 403},
		{"a word that is none", "POST", []string{"Sec-Fetch-Site: whatever"}, 403},
		{"another origin, from an old browser", "POST", []string{"Origin: https://evil.example"}, 403},
		{"an origin that begins like one that is trusted", "POST", []string{"Sec-Fetch-Site: cross-site", "Origin: https://app.example.com.evil.example"}, 403},
		{"a sandbox", "POST", []string{"Origin: null"}, 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := send(h, tt.method, "https://example.com/", nil, tt.header...)
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if tt.status == 403 {
				isProblem(t, w, 403, "cross-origin")
			}
		})
	}
}

func TestTrustedHosts(t *testing.T) {
	t.Parallel()
	h := chained(t, ok, forwarded(middleware.ForwardedConfig{TrustedProxies: prefixes("192.0.2.0/24"), Host: true}), func() (middleware.Middleware, error) {
		return middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"api.Example.com", "*.example.net", "127.0.0.1", "[::1]"}})
	})
	for host, status := range map[string]int{
		"api.example.com": 200, "API.EXAMPLE.COM": 200, "api.example.com:8443": 200, "api.example.com.": 200, "a.example.net": 200, "127.0.0.1:80": 200, "[::1]:80": 200, "[::1]": 200,
		"": 421, "example.com": 421, "evil.example": 421, "api.example.com.evil.example": 421, "xapi.example.com": 421, "a.b.example.net": 421, "example.net": 421, ".example.net": 421,
		"api.example.com@evil.example": 421, "127.0.0.2": 421, "localhost": 421, "[::2]": 421, "api.example.com:8443:1": 421,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr = host, "203.0.113.1:1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("host %q gets %d, want %d", host, w.Code, status)
		}
		if status == 421 {
			isProblem(t, w, 421, "misdirected-request")
		}
	}
	if w := send(h, "GET", "http://inner/", nil, "X-Forwarded-Host: api.example.com"); w.Code != 200 {
		t.Errorf("the host that a proxy tells gets %d", w.Code)
	}
	if w := send(h, "GET", "http://api.example.com/", nil, "X-Forwarded-Host: evil.example"); w.Code != 421 {
		t.Errorf("another host that a proxy tells gets %d", w.Code)
	}
}

func TestHTTPS(t *testing.T) {
	t.Parallel()
	h := chained(t, ok, forwarded(middleware.ForwardedConfig{TrustedProxies: prefixes("192.0.2.0/24"), Prefix: true}), func() (middleware.Middleware, error) {
		return middleware.HTTPS(middleware.HTTPSConfig{Host: "api.example.com:8443"})
	})
	for _, tt := range []struct {
		name, target string
		header       []string
		want         string
	}{
		{"sends to the host", "http://evil.example/a%2Fb?x=1&y=%20", nil, "https://api.example.com:8443/a%2Fb?x=1&y=%20"},
		{"never to a host in the path", "http://evil.example//evil.example/", nil, "https://api.example.com:8443//evil.example/"},
		{"with the prefix", "http://x/a", []string{"X-Forwarded-Prefix: /x"}, "https://api.example.com:8443/x/a"},
		{"leaves HTTPS alone", "https://x/a", nil, ""},
		{"leaves HTTPS in front of a proxy alone", "http://x/a", []string{"X-Forwarded-Proto: https"}, ""},
		{"sends HTTP in front of a proxy", "http://x/a", []string{"X-Forwarded-Proto: http"}, "https://api.example.com:8443/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := send(h, "POST", tt.target, nil, tt.header...)
			if got := w.Header().Get("Location"); got != tt.want || (w.Code == 308) != (tt.want != "") {
				t.Errorf("%d to %q, want %q", w.Code, got, tt.want)
			}
		})
	}
}

func TestConstructorsRefuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func() (middleware.Middleware, error)
		want string
	}{
		{"a public URL without TLS", func() (middleware.Middleware, error) {
			return middleware.SecureHeaders(middleware.SecureHeadersConfig{PublicURL: "http://api.example.com", ContentSecurityPolicy: "a\nb"})
		}, "middleware.SecureHeadersConfig: PublicURL \"http://api.example.com\": want https; http is for this machine alone\nContentSecurityPolicy has characters that a header field cannot have"},
		{"a public URL that is none", func() (middleware.Middleware, error) {
			return middleware.SecureHeaders(middleware.SecureHeadersConfig{PublicURL: "api.example.com"})
		}, `middleware.SecureHeadersConfig: PublicURL "api.example.com": want a scheme and a host, such as https://api.example.com`},
		{"a limit below nothing", func() (middleware.Middleware, error) {
			return middleware.BodyLimit(middleware.BodyLimitConfig{Bytes: -1})
		}, "middleware.BodyLimitConfig: Bytes is -1, want 1 or more, or 0 for the default"},
		{"a trusted origin that is none", func() (middleware.Middleware, error) {
			return middleware.CrossOrigin(middleware.CrossOriginConfig{TrustedOrigins: []string{"app.example.com"}})
		}, `middleware.CrossOriginConfig: invalid origin "app.example.com": scheme is required`},
		{"no hosts", func() (middleware.Middleware, error) {
			return middleware.TrustedHosts(middleware.TrustedHostsConfig{})
		}, "middleware.TrustedHostsConfig: there are no Hosts, want the names that the service answers for"},
		{"hosts that are none", func() (middleware.Middleware, error) {
			return middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"*", "https://a.example"}})
		}, "middleware.TrustedHostsConfig: host \"*\": want a name without scheme, port or path, with a star as its first label at most\nhost \"https://a.example\": want a name without scheme, port or path, with a star as its first label at most"},
		{"a host to go to that is none", func() (middleware.Middleware, error) { return middleware.HTTPS(middleware.HTTPSConfig{}) }, `middleware.HTTPSConfig: Host is "", want a host such as api.example.com, with a port at most`},
		{"a host to go to with a path", func() (middleware.Middleware, error) {
			return middleware.HTTPS(middleware.HTTPSConfig{Host: "a.example/x"})
		}, `middleware.HTTPSConfig: Host is "a.example/x", want a host such as api.example.com, with a port at most`},
		{"places below nothing", func() (middleware.Middleware, error) {
			return middleware.Admission(middleware.AdmissionConfig{Requests: -1, Patience: -1})
		}, "middleware.AdmissionConfig: Requests is -1, want 0 (the default) or more\nPatience is -1, want 0 (the default) or more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.make(); err == nil || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func TestAdmission(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	h := chained(t, func(http.ResponseWriter, *http.Request) { entered <- struct{}{}; <-leave }, requestID, func() (middleware.Middleware, error) {
		return middleware.Admission(middleware.AdmissionConfig{Requests: 2, Queue: 1, Patience: 1, Critical: func(r *http.Request) bool { return r.URL.Path == "/livez" }})
	})
	done := make(chan int, 2)
	serve := func(target string) { done <- send(h, "GET", target, nil).Code }
	go serve("/x")
	<-entered
	w := send(h, "GET", "/x", nil) // the other place is for what is critical
	isProblem(t, w, 503, "overloaded")
	if after := w.Header().Get("Retry-After"); after < "1" || after > "3" || len(after) != 1 {
		t.Errorf("Retry-After %q", after)
	}
	go serve("/livez")
	<-entered
	isProblem(t, send(h, "GET", "/livez", nil), 503, "overloaded")
	left, cancel := context.WithCancel(t.Context())
	cancel()
	gone := httptest.NewRecorder()
	h.ServeHTTP(gone, httptest.NewRequestWithContext(left, "GET", "/x", nil))
	if gone.Code != 499 && gone.Code != 503 {
		t.Errorf("a client that left gets %d", gone.Code)
	}
	close(leave)
	if a, b := <-done, <-done; a != 200 || b != 200 {
		t.Errorf("those inside got %d and %d", a, b)
	}
	go serve("/x")
	<-entered
	if got := <-done; got != 200 {
		t.Errorf("the place did not come back: %d", got)
	}
}
