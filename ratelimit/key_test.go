package ratelimit_test

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/ratelimit"
)

// TestSD051Bypass tries to look like somebody else, or to ask for something else.
func TestSD051Bypass(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T) *service {
		t.Helper()
		return serve(t, func(a *tenon.App) {
			a.Get("/ping", ping, ratelimit.Per("3/minute"), tenon.AllowUnknownQuery())
			a.Get("/things/{id}", byPath, ratelimit.Per("3/minute"), tenon.FormatSuffix())
		})
	}
	for _, tt := range []struct {
		name  string
		calls func(s *service, i string) *http.Response
	}{
		{"a path parameter", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/things/"+i, ada) }},
		{"a query", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/ping?x="+i, ada) }},
		{"X-Forwarded-For", func(s *service, i string) *http.Response {
			return s.call(http.MethodGet, "/ping", ada, "X-Forwarded-For", "198.51.100."+i, "Forwarded", "for=198.51.100."+i, "X-Real-IP", "198.51.100."+i,
				"True-Client-IP", "198.51.100."+i, "Cf-Connecting-Ip", "198.51.100."+i)
		}},
		{"another port", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/ping", ada+":400"+i) }},
		{"a neighbour in its network", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/ping", "2001:db8:1:2::"+i) }},
		{"a far neighbour in its network", func(s *service, i string) *http.Response {
			return s.call(http.MethodGet, "/ping", "2001:db8:1:2:"+i+":ffff:ffff:ffff")
		}},
		{"a zone", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/ping", "fe80::1%eth"+i) }},
		{"IPv4 within IPv6", func(s *service, i string) *http.Response {
			if i == "1" {
				return s.call(http.MethodGet, "/ping", ada)
			}
			return s.call(http.MethodGet, "/ping", "::ffff:"+ada)
		}},
		{"an address that is none", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/ping", "@:socket"+i) }},
		{"HEAD", func(s *service, i string) *http.Response {
			return s.call(map[bool]string{true: http.MethodHead, false: http.MethodGet}[i > "3"], "/ping", ada)
		}},
		{"escapes", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/%70in%"+"67?"+i, ada) }},
		{"a suffix", func(s *service, i string) *http.Response { return s.call(http.MethodGet, "/things/"+i+".json", ada) }},
		{"Host", func(s *service, i string) *http.Response {
			return s.call(http.MethodGet, "http://"+i+".example.com/ping", ada)
		}},
		{"a credential that does not count", func(s *service, i string) *http.Response {
			return s.call(http.MethodGet, "/ping", ada, "Authorization", "Bearer "+i, "X-Api-Key", i, "Cookie", "session="+i)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, passed := open(t), 0
			for _, i := range []string{"1", "2", "3", "4", "5", "6"} {
				if tt.calls(s, i).StatusCode == http.StatusOK {
					passed++
				}
			}
			if passed != 3 {
				t.Errorf("%d of 6 pass, want 3", passed)
			}
		})
	}
	t.Run("spellings of a path that are no route", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.passes(5, "/ping", ada)
		for _, path := range []string{"/PING", "/Ping", "/ping/", "//ping", "/./ping", "/ping/.", "/x/../ping", "/%2e/ping", "/ping%2f", "/ping%00", "/ping;x"} {
			if got := s.call(http.MethodGet, path, ada).StatusCode; got == http.StatusOK {
				t.Errorf("%s is answered %d", path, got)
			}
		}
	})
	t.Run("others pass", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		for _, from := range []string{ada, bob, "2001:db8:1:2::1", "2001:db8:1:3::1"} {
			if got := s.passes(6, "/ping", from); got != 3 {
				t.Errorf("%d of 6 from %s pass, want 3", got, from)
			}
		}
	})
}

// TestSD051Proxies believes proxies that are trusted, and what they say alone.
func TestSD051Proxies(t *testing.T) {
	t.Parallel()
	s := one(t, tenon.Use(middleware.Forwarded(middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})),
		ratelimit.Per("2/minute"))
	for _, tt := range []struct {
		peer, said string
		want       int
	}{
		{"10.0.0.1", ada, 2},
		{"10.0.0.2", "10.9.9.9, " + ada, 0},
		{"10.0.0.1", "198.51.100.7, " + ada, 0},
		{"10.0.0.1", ada + ", 10.0.0.2", 0},
		{"10.0.0.1", bob, 2},
		{"192.0.2.1", bob + ", 198.51.100.8", 2},
		{"192.0.2.1", "198.51.100.9", 0},
	} {
		if got := s.passes(4, "/ping", tt.peer, "X-Forwarded-For", tt.said); got != tt.want {
			t.Errorf("%d from %s, for %s, pass; want %d", got, tt.peer, tt.said, tt.want)
		}
	}
}

// people know each other by what stands in X-API-Key: kind, subject, tenant, session and credential. They do not know what is wrong.
func people(t *testing.T) auth.Scheme { //nolint:ireturn // Schemes are known by what they do.
	t.Helper()
	return auth.APIKey(auth.APIKeyConfig{Verify: func(_ context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
		var p *auth.Principal
		err := key.Use(func(text []byte) error {
			if strings.HasPrefix(string(text), "wrong") {
				return auth.ErrUnknown
			}
			f := append(strings.Split(string(text), ","), "", "", "", "")
			var err error
			p, err = auth.NewPrincipal(auth.Identity{Kind: f[0], Subject: f[1], Tenant: f[2], Session: f[3], Credential: f[4]})
			return err
		})
		return p, err
	}})
}

func TestSD054Keys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		by    ratelimit.Key
		same  []string // callers, each with an address, that share what there is
		other []string // those who do not
	}{
		{"address", ratelimit.Address(), []string{"user,1 " + ada, "user,2 " + ada}, []string{"user,1 " + bob}},
		{"everybody", ratelimit.Everybody(), []string{"user,1 " + ada, "user,2 " + bob}, nil},
		{"caller", ratelimit.Caller(), []string{"user,1 " + ada, "user,1 " + bob, "user,1,t,s,c " + bob}, []string{"user,2 " + ada, "machine,1 " + ada}},
		{"nobody", ratelimit.Caller(), []string{" " + ada, " " + ada}, []string{" " + bob, "user," + ada + " " + ada, "user,a" + ada + " " + bob}},
		{"credential", ratelimit.Credential(), []string{"machine,1,,,k1 " + ada, "machine,1,,,k1 " + bob}, []string{"machine,1,,,k2 " + ada, "machine,2,,,k1 " + ada}},
		{"session", ratelimit.Credential(), []string{"user,1,,s1,j1 " + ada, "user,1,,s1,j2 " + bob, "user,1,,s2,j3 " + ada}, []string{"user,2,,s3,j1 " + ada}},
		{"tenant", ratelimit.Tenant(), []string{"user,1,acme " + ada, "user,2,acme " + bob}, []string{"user,1,other " + ada, "user,1 " + ada}},
		{
			"two", ratelimit.Each(ratelimit.Caller(), ratelimit.Address()),
			[]string{"user,1 " + ada, "user,1 " + ada}, []string{"user,1 " + bob, "user,2 " + ada},
		},
		{
			"a function", ratelimit.Func("project", func(r *http.Request) string { return r.URL.Query().Get("project") }),
			[]string{"user,1 " + ada + " ?project=x", "user,2 " + bob + " ?project=x"},
			[]string{"user,1 " + ada + " ?project=y", "user,1 " + ada, "user,1 " + bob + " ?project=" + strings.Repeat("x", 4000)},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := one(t, auth.Required(people(t)), auth.Optional("test"), tenon.AllowUnknownQuery(), ratelimit.Limit{Per: "1/minute", By: tt.by}.Option())
			pass := func(who string) bool {
				f := strings.Split(who+" ", " ")
				var fields []string
				if f[0] != "" {
					fields = []string{"X-Api-Key", f[0]}
				}
				r := s.call(http.MethodGet, "/ping"+f[2], f[1], fields...)
				if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusTooManyRequests {
					t.Fatalf("%s is answered %d", who, r.StatusCode)
				}
				return r.StatusCode == http.StatusOK
			}
			for i, who := range tt.same {
				if got := pass(who); got != (i == 0) {
					t.Errorf("%s passes: %v", who, got)
				}
			}
			for _, who := range tt.other {
				if !pass(who) {
					t.Errorf("%s is refused for what others did", who)
				}
			}
		})
	}
}

// TestSD054Refused counts those whom authentication refuses by their address, apart from those who are let in.
func TestSD054Refused(t *testing.T) {
	t.Parallel()
	by := func(k ratelimit.Key) *service {
		return one(t, auth.Required(people(t)), ratelimit.Limit{Per: "2/minute", By: k}.Option())
	}
	for _, key := range []ratelimit.Key{
		ratelimit.Caller(), ratelimit.Credential(), ratelimit.Tenant(), ratelimit.Each(ratelimit.Caller(), ratelimit.Address()),
		ratelimit.Func("project", func(r *http.Request) string { return r.Header.Get("X-Api-Key") }),
	} {
		s := by(key)
		for i, want := range []int{401, 401, 429, 429} {
			r := s.call(http.MethodGet, "/ping", ada, "X-Api-Key", "wrong"+strconv.Itoa(i))
			if r.StatusCode != want || !strings.HasPrefix(r.Header.Get("Ratelimit-Policy"), `"2/minute per `) || (r.Header.Get("Ratelimit") != "") != (want == 429) {
				t.Errorf("guess %d is answered %d with %v", i, r.StatusCode, r.Header)
			}
		}
		if got := s.call(http.MethodGet, "/ping", bob, "X-Api-Key", "user,1").StatusCode; got != http.StatusOK {
			t.Errorf("a caller from elsewhere is answered %d", got)
		}
		s.clock.add(time.Minute)
		for i, want := range []int{200, 200, 429} {
			if got := s.call(http.MethodGet, "/ping", ada, "X-Api-Key", "user,2").StatusCode; got != want {
				t.Errorf("call %d of a caller, a minute later, is answered %d", i, got)
			}
		}
		if got := s.call(http.MethodGet, "/ping", ada).StatusCode; got != http.StatusUnauthorized {
			t.Errorf("a caller who was beyond the limit counts as a guess: %d", got)
		}
	}
	s := by(ratelimit.Address())
	for i, want := range []int{401, 401, 429} {
		r := s.call(http.MethodGet, "/ping", ada)
		if r.StatusCode != want || !strings.HasPrefix(r.Header.Get("Ratelimit"), `"2/minute per address";r=`) {
			t.Errorf("call %d is answered %d with %v", i, r.StatusCode, r.Header)
		}
	}
	s.clock.add(time.Minute)
	if got := s.call(http.MethodGet, "/ping", ada, "X-API-Key", "user,1").StatusCode; got != http.StatusOK {
		t.Errorf("a minute later: %d", got)
	}
}
