package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/middleware"
)

// told is what a request is known by after Forwarded.
type told struct{ client, scheme, host, prefix string }

func learn(t *testing.T, cfg middleware.ForwardedConfig, peer string, header http.Header) told {
	t.Helper()
	mw, err := middleware.Forwarded(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var got told
	h := mw(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		rec := record.From(r.Context())
		got = told{"", record.SchemeOf(r), record.HostOf(r), rec.Prefix}
		if c := middleware.ClientIP(r.Context()); c.IsValid() {
			got.client = c.String()
		}
	}))
	r := httptest.NewRequest(http.MethodGet, "http://here/", nil)
	r.RemoteAddr, r.Header = peer, header
	h.ServeHTTP(httptest.NewRecorder(), r)
	return got
}

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// fields makes a header of "Name: value" lines.
func fields(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

const (
	proxy  = "10.0.0.1:5000"
	client = "203.0.113.9"
)

func TestUV05ForwardedByXFields(t *testing.T) {
	t.Parallel()
	cfg := middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8", "fd00::/8"), Host: true, Prefix: true}
	for _, tt := range []struct {
		name, peer string
		header     []string
		want       told
	}{
		{"nothing said: the proxy is all that is known", proxy, nil, told{"10.0.0.1", "http", "here", ""}},
		{"one address", proxy, []string{"X-Forwarded-For: 203.0.113.9"}, told{client, "http", "here", ""}},
		{"a stranger who says he is somebody", "198.51.100.1:1", []string{"X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "X-Forwarded-Prefix: /evil"}, told{"198.51.100.1", "http", "here", ""}},
		{"a client that writes an address to its left", proxy, []string{"X-Forwarded-For: 1.1.1.1, 203.0.113.9"}, told{client, "http", "here", ""}},
		{"a client that says it is a proxy", proxy, []string{"X-Forwarded-For: 10.0.0.7, 203.0.113.9"}, told{client, "http", "here", ""}},
		{"a client that says it is this machine", proxy, []string{"X-Forwarded-For: 127.0.0.1, 203.0.113.9"}, told{client, "http", "here", ""}},
		{"two proxies", proxy, []string{"X-Forwarded-For: 203.0.113.9, 10.0.0.2"}, told{client, "http", "here", ""}},
		{"two proxies and a made-up address", proxy, []string{"X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.0.0.2"}, told{client, "http", "here", ""}},
		{"three proxies over two lines", proxy, []string{"X-Forwarded-For: 203.0.113.9, 10.0.0.3", "X-Forwarded-For: 10.0.0.2"}, told{client, "http", "here", ""}},
		{"a line of the client before the line of the proxy", proxy, []string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 203.0.113.9"}, told{client, "http", "here", ""}},
		{"proxies alone: the request came from inside", proxy, []string{"X-Forwarded-For: 10.0.0.9, 10.0.0.2"}, told{"10.0.0.9", "http", "here", ""}},
		{"IPv6", proxy, []string{"X-Forwarded-For: 2001:db8::1"}, told{"2001:db8::1", "http", "here", ""}},
		{"IPv6 in brackets", proxy, []string{"X-Forwarded-For: [2001:db8::1]"}, told{"2001:db8::1", "http", "here", ""}},
		{"IPv6 with a port", proxy, []string{"X-Forwarded-For: [2001:db8::1]:443"}, told{"2001:db8::1", "http", "here", ""}},
		{"IPv4 with a port", proxy, []string{"X-Forwarded-For: 203.0.113.9:443"}, told{client, "http", "here", ""}},
		{"IPv4 within IPv6", proxy, []string{"X-Forwarded-For: ::ffff:203.0.113.9"}, told{client, "http", "here", ""}},
		{"a proxy that is IPv4 within IPv6", "[::ffff:10.0.0.1]:5000", []string{"X-Forwarded-For: 203.0.113.9"}, told{client, "http", "here", ""}},
		{"a proxy over IPv6", "[fd00::1]:5000", []string{"X-Forwarded-For: 203.0.113.9"}, told{client, "http", "here", ""}},
		{"spaces and tabs", proxy, []string{"X-Forwarded-For: \t 1.1.1.1 ,\t203.0.113.9  "}, told{client, "http", "here", ""}},
		{"empty elements", proxy, []string{"X-Forwarded-For: , 203.0.113.9,, "}, told{client, "http", "here", ""}},
		{"an empty field", proxy, []string{"X-Forwarded-For: "}, told{"10.0.0.1", "http", "here", ""}},
		{"unknown", proxy, []string{"X-Forwarded-For: 1.1.1.1, unknown"}, told{"10.0.0.1", "http", "here", ""}},
		{"a hidden name", proxy, []string{"X-Forwarded-For: 1.1.1.1, _gazonk"}, told{"10.0.0.1", "http", "here", ""}},
		{"garbage behind a second proxy", proxy, []string{"X-Forwarded-For: 1.1.1.1, x y, 10.0.0.2"}, told{"10.0.0.2", "http", "here", ""}},
		{"a name", proxy, []string{"X-Forwarded-For: localhost"}, told{"10.0.0.1", "http", "here", ""}},
		{"a zone", proxy, []string{"X-Forwarded-For: fe80::1%eth0"}, told{"10.0.0.1", "http", "here", ""}},
		{"a number", proxy, []string{"X-Forwarded-For: 3405803785"}, told{"10.0.0.1", "http", "here", ""}},
		{"octal digits", proxy, []string{"X-Forwarded-For: 0313.0.113.9"}, told{"10.0.0.1", "http", "here", ""}},
		{"a port that is none", proxy, []string{"X-Forwarded-For: 203.0.113.9:http"}, told{"10.0.0.1", "http", "here", ""}},
		{"a bracket that is not closed", proxy, []string{"X-Forwarded-For: [2001:db8::1"}, told{"10.0.0.1", "http", "here", ""}},
		{"IPv4 in brackets", proxy, []string{"X-Forwarded-For: [203.0.113.9]"}, told{"10.0.0.1", "http", "here", ""}},
		{"an address and markup", proxy, []string{"X-Forwarded-For: 203.0.113.9<script>"}, told{"10.0.0.1", "http", "here", ""}},
		{"fields that are not the configured ones", proxy, []string{"Forwarded: for=1.1.1.1;proto=https", "X-Real-Ip: 1.1.1.1", "True-Client-Ip: 1.1.1.1", "Cf-Connecting-Ip: 1.1.1.1", "Client-Ip: 1.1.1.1"}, told{"10.0.0.1", "http", "here", ""}},
		{"no address of a peer", "", []string{"X-Forwarded-For: 203.0.113.9"}, told{"", "http", "here", ""}},
		{"a peer on a Unix socket, which is not trusted", "@", []string{"X-Forwarded-For: 203.0.113.9"}, told{"", "http", "here", ""}},

		{"scheme, host and prefix", proxy, []string{"X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: api.example.com:8443", "X-Forwarded-Prefix: /x/"}, told{client, "https", "api.example.com:8443", "/x"}},
		{"what a client put to the left of what its proxy says", proxy, []string{"X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: http, https", "X-Forwarded-Host: evil.example, api.example.com", "X-Forwarded-Prefix: /evil, /x"}, told{client, "https", "api.example.com", "/x"}},
		{"what the outer of two proxies says", proxy, []string{"X-Forwarded-For: 203.0.113.9, 10.0.0.2", "X-Forwarded-Proto: evil, https, http", "X-Forwarded-Host: evil, api.example.com, inner"}, told{client, "https", "api.example.com", ""}},
		{"what the outer of two proxies says, when the inner adds nothing", proxy, []string{"X-Forwarded-For: 203.0.113.9, 10.0.0.2", "X-Forwarded-Proto: https"}, told{client, "https", "here", ""}},
		{"a scheme in capitals", proxy, []string{"X-Forwarded-Proto: HTTPS"}, told{"10.0.0.1", "https", "here", ""}},
		{"a scheme that is another", proxy, []string{"X-Forwarded-Proto: javascript"}, told{"10.0.0.1", "http", "here", ""}},
		{"a host with a path", proxy, []string{"X-Forwarded-Host: evil.example/x"}, told{"10.0.0.1", "http", "here", ""}},
		{"a host with a user", proxy, []string{"X-Forwarded-Host: api@evil.example"}, told{"10.0.0.1", "http", "here", ""}},
		{"a host that is too long", proxy, []string{"X-Forwarded-Host: " + strings.Repeat("a", 256)}, told{"10.0.0.1", "http", "here", ""}},
		{"a prefix that is another host", proxy, []string{"X-Forwarded-Prefix: //evil.example"}, told{"10.0.0.1", "http", "here", ""}},
		{"a prefix that is an address", proxy, []string{"X-Forwarded-Prefix: https://evil.example"}, told{"10.0.0.1", "http", "here", ""}},
		{"a prefix that goes up", proxy, []string{"X-Forwarded-Prefix: /a/../b"}, told{"10.0.0.1", "http", "here", ""}},
		{"a prefix with a backslash", proxy, []string{`X-Forwarded-Prefix: /\evil.example`}, told{"10.0.0.1", "http", "here", ""}},
		{"a prefix that is the root", proxy, []string{"X-Forwarded-Prefix: /"}, told{"10.0.0.1", "http", "here", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := learn(t, cfg, tt.peer, fields(tt.header...)); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestUV05ForwardedByTheStandard(t *testing.T) {
	t.Parallel()
	cfg := middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8"), Standard: true, Host: true}
	unread := told{"10.0.0.1", "http", "here", ""}
	for _, tt := range []struct {
		name   string
		header []string
		want   told
	}{
		{"an address", []string{"Forwarded: for=203.0.113.9"}, told{client, "http", "here", ""}},
		{"all it can say", []string{`Forwarded: for=203.0.113.9;proto=https;host="api.example.com:8443";by=10.0.0.1`}, told{client, "https", "api.example.com:8443", ""}},
		{"names in capitals, and spaces", []string{"Forwarded: FOR=203.0.113.9 ; Proto=HTTPS"}, told{client, "https", "here", ""}},
		{"a port in quotes", []string{`Forwarded: for="203.0.113.9:4711"`}, told{client, "http", "here", ""}},
		{"a hidden port", []string{`Forwarded: for="203.0.113.9:_x"`}, told{client, "http", "here", ""}},
		{"IPv6", []string{`Forwarded: for="[2001:db8::1]:4711"`}, told{"2001:db8::1", "http", "here", ""}},
		{"an escape in quotes", []string{`Forwarded: for="203.0.113\.9"`}, told{client, "http", "here", ""}},
		{"a made-up element on its left", []string{"Forwarded: for=1.1.1.1;proto=https;host=evil, for=203.0.113.9"}, told{client, "http", "here", ""}},
		{"a made-up line before", []string{"Forwarded: for=1.1.1.1;host=evil", "Forwarded: for=203.0.113.9;host=api.example.com"}, told{client, "http", "api.example.com", ""}},
		{"two proxies", []string{"Forwarded: for=203.0.113.9;proto=https;host=api.example.com, for=10.0.0.2;proto=http;host=inner"}, told{client, "https", "api.example.com", ""}},
		{"an extension", []string{`Forwarded: for=203.0.113.9;secret="a,b;c"`}, told{client, "http", "here", ""}},
		{"empty elements", []string{"Forwarded: ,for=203.0.113.9, ,"}, told{client, "http", "here", ""}},
		{"unknown", []string{"Forwarded: for=1.1.1.1, for=unknown;proto=https"}, told{"10.0.0.1", "https", "here", ""}},
		{"a hidden name", []string{"Forwarded: for=_gazonk"}, unread},
		{"nothing about the client", []string{"Forwarded: by=10.0.0.1;proto=https"}, told{"10.0.0.1", "https", "here", ""}},
		{"the fields of the other kind", []string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil"}, unread},
		{"IPv6 without brackets", []string{`Forwarded: for="2001:db8::1"`}, unread},
		{"IPv6 without quotes", []string{"Forwarded: for=[2001:db8::1]"}, unread},
		{"a quote that is not closed", []string{`Forwarded: for=203.0.113.9;x="`}, unread},
		{"a quote of the client that eats what the proxy adds", []string{`Forwarded: for=1.1.1.1;x=", for=203.0.113.9`}, unread},
		{"a quote of the client that eats a quote of the proxy", []string{`Forwarded: for=1.1.1.1;x=", for="[2001:db8::1]"`}, unread},
		{"a parameter given twice", []string{"Forwarded: for=1.1.1.1;for=203.0.113.9"}, unread},
		{"a parameter without a value", []string{"Forwarded: for=203.0.113.9;proto"}, unread},
		{"a parameter without a name", []string{"Forwarded: =203.0.113.9"}, unread},
		{"an empty value", []string{"Forwarded: for="}, unread},
		{"no separator", []string{"Forwarded: for=203.0.113.9 proto=https"}, unread},
		{"more elements of the client than there are proxies", []string{"Forwarded: " + strings.Repeat("for=1.1.1.1, ", 100) + "for=203.0.113.9, for=10.0.0.2"}, told{client, "http", "here", ""}},
		{"a line that is malformed, left of one that is not", []string{`Forwarded: for="`, "Forwarded: for=203.0.113.9"}, told{client, "http", "here", ""}},
		{"a line that is malformed, behind a second proxy", []string{`Forwarded: for="`, "Forwarded: for=10.0.0.2;proto=https"}, told{"10.0.0.2", "http", "here", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := learn(t, cfg, proxy, fields(tt.header...)); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestForwardedTakesOnlyWhatIsConfigured(t *testing.T) {
	t.Parallel()
	header := fields("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: api.example.com", "X-Forwarded-Prefix: /x")
	for _, tt := range []struct {
		name, peer string
		cfg        middleware.ForwardedConfig
		want       told
	}{
		{"nothing by default", proxy, middleware.ForwardedConfig{}, told{"10.0.0.1", "http", "here", ""}},
		{"nothing of this machine by default", "127.0.0.1:1", middleware.ForwardedConfig{}, told{"127.0.0.1", "http", "here", ""}},
		{"client and scheme of a proxy", proxy, middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.1/32")}, told{client, "https", "here", ""}},
		{"nothing of its neighbour", "10.0.0.2:1", middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.1/32")}, told{"10.0.0.2", "http", "here", ""}},
		{"a Unix socket", "@", middleware.ForwardedConfig{UnixSocket: true, Host: true, Prefix: true}, told{client, "https", "api.example.com", "/x"}},
		{"a Unix socket does not open TCP", proxy, middleware.ForwardedConfig{UnixSocket: true}, told{"10.0.0.1", "http", "here", ""}},
		{"a range of IPv4 within IPv6", proxy, middleware.ForwardedConfig{TrustedProxies: prefixes("::ffff:10.0.0.0/104")}, told{client, "https", "here", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := learn(t, tt.cfg, tt.peer, header); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestForwardedRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cfg  middleware.ForwardedConfig
		want string
	}{
		{"everyone", middleware.ForwardedConfig{TrustedProxies: prefixes("0.0.0.0/0")}, "middleware.ForwardedConfig: TrustedProxies has 0.0.0.0/0, which is too many addresses to be proxies; want /8 or narrower, /7 for IPv6"},
		{"everyone over IPv6", middleware.ForwardedConfig{TrustedProxies: prefixes("::/0")}, "middleware.ForwardedConfig: TrustedProxies has ::/0, which is too many addresses to be proxies; want /8 or narrower, /7 for IPv6"},
		{"everyone of IPv4 within IPv6", middleware.ForwardedConfig{TrustedProxies: prefixes("::ffff:0.0.0.0/96")}, "middleware.ForwardedConfig: TrustedProxies has ::ffff:0.0.0.0/96, which is too many addresses to be proxies; want /8 or narrower, /7 for IPv6"},
		{"half of everyone, and a range that is none", middleware.ForwardedConfig{TrustedProxies: append(prefixes("128.0.0.0/1"), netip.Prefix{})}, "middleware.ForwardedConfig: TrustedProxies has 128.0.0.0/1, which is too many addresses to be proxies; want /8 or narrower, /7 for IPv6\nTrustedProxies has an invalid range"},
		{"fields that nobody writes", middleware.ForwardedConfig{Host: true}, "middleware.ForwardedConfig: there are no TrustedProxies, so nobody writes what Standard, Host and Prefix read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mw, err := middleware.Forwarded(tt.cfg)
			if err == nil || err.Error() != tt.want || mw != nil {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// FuzzForwarded finds no header that makes it panic, or that lets a client name the address that a trusted proxy adds on the right.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", "for=1.1.1.1", `for="[2001:db8::1]:1";proto=https, for=unknown`, `x="`, `for=1.1.1.1;x="\`, ",,,", "1.1.1.1, [::1]:2, _x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		if strings.ContainsAny(said, "\r\n\x00") {
			return
		}
		x := learn(t, middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8")}, proxy, http.Header{"X-Forwarded-For": {said + ", 203.0.113.9"}})
		if x.client != client {
			t.Errorf("X-Forwarded-For %q: %s", said, x.client)
		}
		for _, added := range []string{said + ", for=203.0.113.9", said + `, for="203.0.113.9:80"`} {
			s := learn(t, middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8"), Standard: true}, proxy, http.Header{"Forwarded": {added}})
			if s.client != client && s.client != "10.0.0.1" {
				t.Errorf("Forwarded %q: %s", added, s.client)
			}
		}
	})
}
