package cache_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/middleware"
)

// users guards by keys that are the names of users, such as "ann" or "ann@tenant".
func users() tenon.Option {
	return auth.Required(auth.APIKey(auth.APIKeyConfig{
		Verify: func(_ context.Context, _ string, secret auth.Secret, _ bool) (*auth.Principal, error) {
			var key string
			_ = secret.Use(func(b []byte) error { key = string(b); return nil })
			name, tenant, _ := strings.Cut(key, "@")
			return auth.NewPrincipal(auth.Identity{Subject: name, Tenant: tenant})
		},
	}))
}

// seen is all that an answer depends on.
type seen struct {
	Said string `json:"said"`
}

type asked struct {
	Who   *auth.Principal     `dep:""`
	ID    string              `path:"id"`
	Q     tenon.Opt[[]string] `query:"q"`
	Word  tenon.Opt[string]   `query:"word"`
	Lang  tenon.Opt[string]   `header:"Accept-Language"`
	Flags tenon.Opt[[]string] `header:"X-Flag"`
	Theme tenon.Opt[string]   `cookie:"theme"`
}

func echo(_ context.Context, in *asked) (*seen, error) {
	return &seen{fmt.Sprintf("%s at %s asks %q %v %v %v %v %v",
		in.Who, in.Who.Tenant(), in.ID, in.Q, in.Word, in.Lang, in.Flags, in.Theme)}, nil
}

// shouted is what the oldest version answers.
type shouted struct {
	Shouted string `json:"shouted"`
}

func shout(_ context.Context, s *seen) (*shouted, error) {
	return &shouted{strings.ToUpper(s.Said)}, nil
}

// echoing is an app whose answers say all that they depend on.
func echoing(t testing.TB, opts ...tenon.Option) *tenon.App {
	t.Helper()
	return compiled(t, func(app *tenon.App) {
		app.Codec("application/yaml", tenon.Codec{FromJSON: func(text []byte) ([]byte, error) { return append([]byte("yaml "), text...), nil }})
		for _, prefix := range []string{"/a", "/b"} {
			app.Group(prefix, opts...).Get("/{id}", echo)
		}
		app.Versions("/v", tenon.Versions{By: tenon.ByHeader("V"), List: []tenon.Version{{Name: "1"}, {
			Name: "2", Changes: []tenon.VersionChange{{Doc: "Says less.", Migrations: []tenon.Migration{tenon.Downgrade(shout)}}},
		}}}, opts...).Get("/{id}", echo)
	}, users())
}

// TestSD123FC06NoAnswerIsMixedUp sends requests of several users in many variants, many times and at once, and holds each answer against that of
// an app that keeps nothing.
func TestSD123FC06NoAnswerIsMixedUp(t *testing.T) {
	t.Parallel()
	variants := map[string]*http.Request{
		"plain":                  get("/a/1"),
		"another id":             get("/a/2"),
		"an id with a slash":     get("/a/1%2F2"),
		"another route":          get("/b/1"),
		"a query":                get("/a/1?q=x"),
		"two values":             get("/a/1?q=x&q=y"),
		"two values, turned":     get("/a/1?q=y&q=x"),
		"one value of two":       get("/a/1?q=x%26q%3Dy"),
		"a plus":                 get("/a/1?word=a+b"),
		"an escaped plus":        get("/a/1?word=a%2Bb"),
		"an empty word":          get("/a/1?word="),
		"a language":             get("/a/1", "Accept-Language", "de"),
		"another language":       get("/a/1", "Accept-Language", "fr"),
		"a flag":                 get("/a/1", "X-Flag", "x,y"),
		"two flags":              get("/a/1", "X-Flag", "x", "X-Flag", "y"),
		"a cookie":               get("/a/1", "Cookie", "theme=dark"),
		"another cookie":         get("/a/1", "Cookie", "theme=light"),
		"YAML":                   get("/a/1", "Accept", "application/yaml"),
		"JSON, if there is none": get("/a/1", "Accept", "application/yaml;q=0.1, application/json"),
		"the oldest version":     get("/v/1"),
		"the newest version":     get("/v/1", "V", "2"),
		"nothing acceptable":     get("/a/1", "Accept", "image/png"),
		"what no field names":    get("/a/1?nobody=knows"),
		"a bad query":            get("/a/1?q=%zz"),
	}
	kept := newCache(t, cache.Config{})
	plain, caching := echoing(t), echoing(t, cache.Use(kept), cache.For(time.Minute))
	var all sync.WaitGroup
	for range 4 {
		for _, user := range []string{"ann", "bob", "ann@tenant", "bob@tenant", ""} {
			all.Go(func() {
				for range 3 {
					for name, r := range variants {
						r = r.Clone(t.Context())
						if user != "" {
							r.Header.Set("X-Api-Key", user)
						}
						got, want := send(caching, r.Clone(t.Context())), send(plain, r)
						if got.Code != want.Code || got.Code == http.StatusOK && got.Body.String() != want.Body.String() {
							t.Errorf("%s for %q: %d %s, want %d %s", name, user, got.Code, got.Body, want.Code, want.Body)
						}
					}
				}
			})
		}
	}
	all.Wait()
	if s := kept.Stats(); s.Hits < s.Misses || s.Misses < 4*20 {
		t.Errorf("%+v: it was not the cache that answered", s)
	}
}

// TestOneRequestIsOneKey: what means the same for every reader is kept once.
func TestOneRequestIsOneKey(t *testing.T) {
	t.Parallel()
	kept := newCache(t, cache.Config{})
	app := echoing(t, cache.Use(kept), cache.For(time.Minute))
	for _, target := range []string{"/a/1?q=x&word=y", "/a/1?word=y&q=x", "/a/1?&word=%79&&q=x", "/a/1?w%6Frd=y&q=%78&"} {
		if w := send(app, get(target, "X-Api-Key", "ann")); w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if s := kept.Stats(); s.Misses != 1 || s.Hits != 3 {
		t.Errorf("%+v, want one miss and three hits", s)
	}
}

// TestCredentialsTellCallersApart where nothing has found out who calls.
func TestCredentialsTellCallersApart(t *testing.T) {
	t.Parallel()
	n := &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/a", n.next, cache.For(time.Minute))
		app.Get("/own", n.next, cache.For(time.Minute), cache.Vary("X-Token"), tenon.Auth(func(next http.Handler) http.Handler { return next }))
	}, cache.Use(newCache(t, cache.Config{})))
	bodies := map[string]string{}
	by := func(cert string) *http.Request {
		r := get("/a")
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte(cert)}}}
		return r
	}
	for name, r := range map[string]*http.Request{
		"nobody": get("/a"), "a bearer": get("/a", "Authorization", "Bearer a"), "another": get("/a", "Authorization", "Bearer b"),
		"a session": get("/a", "Cookie", "s=1"), "another session": get("/a", "Cookie", "s=2"),
		"two lines": get("/a", "Cookie", "s=1", "Cookie", "s=2"), "a certificate": by("a"), "another certificate": by("b"),
		"a token": get("/own", "X-Token", "a"), "another token": get("/own", "X-Token", "b"),
	} {
		body := send(app, r).Body.String()
		if other, ok := bodies[body]; ok {
			t.Errorf("%s gets the answer of %s", name, other)
		}
		bodies[body] = name
	}
}

// TestAnswersThatDependOnTheClientAreNotKept, whoever calls.
func TestAnswersThatDependOnTheClientAreNotKept(t *testing.T) {
	t.Parallel()
	app := compiled(t, func(app *tenon.App) {
		app.Get("/where", func(ctx context.Context, _ *struct{}) (*seen, error) {
			return &seen{middleware.ClientIP(ctx).String()}, nil
		}, cache.For(time.Minute))
	}, cache.Use(newCache(t, cache.Config{})))
	for _, from := range []string{"192.0.2.1", "192.0.2.2"} {
		r := get("/where")
		r.RemoteAddr = from + ":1234"
		if w := send(app, r); w.Body.String() != `{"said":"`+from+`"}` || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s %v", from, w.Body, w.Header())
		}
	}
}

// TestPublicWhereTheCallerCounts: the types are refused at start, and what a handler looks at is seen.
func TestPublicWhereTheCallerCounts(t *testing.T) {
	t.Parallel()
	n := &counter{}
	kept := newCache(t, cache.Config{})
	app := compiled(t, func(app *tenon.App) {
		app.Get("/sneaks", func(ctx context.Context, _ *struct{}) (*seen, error) {
			n.n.Add(1)
			return &seen{auth.From(ctx).Subject()}, nil
		}, cache.For(time.Minute), cache.Public())
		app.Get("/same", n.next, cache.For(time.Minute), cache.Public())
	}, users(), cache.Use(kept))
	for _, user := range []string{"ann", "bob"} {
		w := send(app, get("/sneaks", "X-Api-Key", user))
		if w.Body.String() != `{"said":"`+user+`"}` || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s %v", user, w.Body, w.Header())
		}
	}
	first := send(app, get("/same", "X-Api-Key", "ann"))
	second := send(app, get("/same", "X-Api-Key", "bob"))
	if second.Body.String() != first.Body.String() || status(second) != "hit" || second.Header().Get("Cache-Control") != "private, max-age=60" {
		t.Errorf("guarded, and the same for all: %s %v", second.Body, second.Header())
	}
	if w := send(app, get("/same")); w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), `"n"`) {
		t.Errorf("what is kept passes the guard: %d %s", w.Code, w.Body)
	}
}

// TestHostsHaveAnswersOfTheirOwn: the host is part of what is asked (RFC 9111, section 2), whether the request says it or a proxy does.
func TestHostsHaveAnswersOfTheirOwn(t *testing.T) {
	t.Parallel()
	forwarded, err := middleware.Forwarded(middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Host: true})
	if err != nil {
		t.Fatal(err)
	}
	n := &counter{}
	app := compiled(t, func(app *tenon.App) {
		app.Get("/host", func(_ context.Context, in *struct {
			Host string `header:"Host"`
		}) (*seen, error) {
			return &seen{in.Host}, nil
		}, cache.For(time.Minute), cache.Public())
		app.Get("/varies", n.next, cache.For(time.Minute), cache.Public(), cache.Vary("Host"))
		app.Get("/any", n.next, cache.For(time.Minute), cache.Public())
	}, cache.Use(newCache(t, cache.Config{})), tenon.BeforeAuth(forwarded))
	for _, how := range []string{"fwd=miss", "hit"} {
		for _, host := range []string{"a.example", "b.example"} {
			w := send(app, get("http://"+host+"/host"))
			if w.Body.String() != `{"said":"`+host+`"}` || status(w) != how || w.Header()["Vary"] != nil {
				t.Errorf("%s: %s %v, want %s", host, w.Body, w.Header(), how)
			}
			for _, target := range []string{"/varies", "/any"} {
				if w := send(app, get("http://"+host+target)); status(w) != how {
					t.Errorf("%s%s: %v, want %s", host, target, w.Header(), how)
				}
				if w := send(app, get(target, "X-Forwarded-Host", host)); status(w) != how {
					t.Errorf("%s of %s by a proxy: %v, want %s", target, host, w.Header(), how)
				}
			}
		}
	}
}

// TestCallersOfMiddlewareAreNotMixedUp: nothing tells the key whom middleware lets call.
func TestCallersOfMiddlewareAreNotMixedUp(t *testing.T) {
	t.Parallel()
	as := tenon.AfterAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p, err := auth.NewPrincipal(auth.Identity{Subject: r.Header.Get("X-As")})
			if err != nil {
				t.Error(err)
			}
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), p)))
		})
	})
	same := tenon.AfterAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(auth.With(r.Context(), auth.From(r.Context()))))
		})
	})
	who := func(ctx context.Context, _ *struct{}) (*seen, error) { return &seen{auth.From(ctx).Subject()}, nil }
	app := compiled(t, func(app *tenon.App) {
		app.Get("/open", who, as, auth.Public("it has its own callers"))
		app.Get("/public", who, as, auth.Public("it has its own callers"), cache.Public())
		app.Get("/guarded", who, as)
		app.Get("/same", who, same)
	}, users(), cache.Use(newCache(t, cache.Config{})), cache.For(time.Minute))
	for _, target := range []string{"/open", "/public", "/guarded"} {
		for _, user := range []string{"ann", "bob"} {
			w := send(app, get(target, "X-Api-Key", "root", "X-As", user))
			if w.Body.String() != `{"said":"`+user+`"}` || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %s: %s %v", target, user, w.Body, w.Header())
			}
		}
	}
	for _, how := range []string{"fwd=miss", "hit"} {
		if w := send(app, get("/same", "X-Api-Key", "ann")); w.Body.String() != `{"said":"ann"}` || status(w) != how {
			t.Errorf("whom the guard knows: %s %v, want %s", w.Body, w.Header(), how)
		}
	}
}
