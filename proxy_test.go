package tenon_test

import (
	"context"
	"encoding/json/v2"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/page"
)

// sendTo sends a request over TCP and follows nothing.
func sendTo(t *testing.T, r *running, method, target string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.addr+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Add(name, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

type (
	madeThing struct {
		ID string `json:"id"`
	}
	thingAt struct {
		ID string `path:"id"`
	}
	thingsPage struct{ page.Query }
	seenFrom   struct {
		Client string `json:"client"`
		ID     string `json:"id"`
	}
)

// mountedApp links, redirects and locates.
func mountedApp(logger *slog.Logger) *tenon.App {
	app := tenon.New(tenon.Config{Logger: logger})
	things := app.Get("/things/{id}", func(_ context.Context, in *thingAt) (*madeThing, error) { return &madeThing{in.ID}, nil })
	app.Post("/things", func(context.Context, *struct{}) (*madeThing, error) { return &madeThing{"7"}, nil })
	app.Get("/things", func(_ context.Context, in *thingsPage) (*page.Of[madeThing], error) {
		return page.New(in.Query, []madeThing{{"1"}}, 100), nil
	})
	app.Get("/go", func(context.Context, *struct{}) (*tenon.Redirect, error) {
		return things.Redirect(thingAt{ID: "7"}), nil
	})
	away := app.Origin("https://login.example.com")
	app.Get("/away", func(context.Context, *struct{}) (*tenon.Redirect, error) { return away.Redirect("/in", nil), nil })
	app.Get("/who", func(ctx context.Context, _ *struct{}) (*seenFrom, error) {
		return &seenFrom{middleware.ClientIP(ctx).String(), tenon.RequestID(ctx)}, nil
	})
	return app
}

// local trusts this machine, as the proxy that a test plays.
func local() middleware.ForwardedConfig {
	return middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Prefix: true, Host: true}
}

// TestFA26BehindAProxyEveryURLHasThePrefix plays a proxy that takes /x off.
func TestFA26BehindAProxyEveryURLHasThePrefix(t *testing.T) {
	t.Parallel()
	r := run(t, mountedApp, tenon.ServerConfig{Forwarded: local()})
	proxied := []string{"X-Forwarded-Prefix: /x", "X-Forwarded-Proto: https", "X-Forwarded-Host: api.example.com", "X-Forwarded-For: 203.0.113.9", "X-Request-Id: from-the-proxy"}
	for _, tt := range []struct {
		name, method, target, field, bare, prefixed string
	}{
		{"a Location of what was created", "POST", "/things", "Location", "/things/7", "/x/things/7"},
		{"a redirect", "GET", "/go", "Location", "/things/7", "/x/things/7"},
		{"a redirect to another origin", "GET", "/away", "Location", "https://login.example.com/in", "https://login.example.com/in"},
		{"the links of a page, which are relative", "GET", "/things?page=2", "Link", "<?page=3", "<?page=3"},
		{"the page of the document, which is relative", "GET", "/docs/", "Location", "../docs", "../docs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if answer, body := sendTo(t, r, tt.method, tt.target); !strings.Contains(answer.Header.Get(tt.field), tt.bare) {
				t.Errorf("without a proxy %s is %q; %s", tt.field, answer.Header.Get(tt.field), body)
			}
			answer, body := sendTo(t, r, tt.method, tt.target, proxied...)
			if !strings.Contains(answer.Header.Get(tt.field), tt.prefixed) || strings.Contains(answer.Header.Get(tt.field), "/x/x") {
				t.Errorf("behind a proxy %s is %q; %s", tt.field, answer.Header.Get(tt.field), body)
			}
			if id := answer.Header.Get("X-Request-Id"); id != "from-the-proxy" {
				t.Errorf("request id %s", id)
			}
		})
	}
	_, body := sendTo(t, r, "GET", "/who", proxied...)
	if want := `{"client":"203.0.113.9","id":"from-the-proxy"}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	_, swagger := sendTo(t, r, "GET", "/docs", proxied...)
	_, document := sendTo(t, r, "GET", "/openapi.json", proxied...)
	for _, absolute := range []string{`"/openapi.json`, `"/docs/`, `"url":"/"`} {
		if strings.Contains(swagger, absolute) || strings.Contains(document, absolute) {
			t.Errorf("the document or its page names %s, which leads past the prefix", absolute)
		}
	}
}

func TestServeTrustsNoProxyByDefault(t *testing.T) {
	t.Parallel()
	r := run(t, mountedApp, tenon.ServerConfig{})
	_, body := sendTo(t, r, "GET", "/who", "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "X-Request-Id: mine")
	var got seenFrom
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Client != "127.0.0.1" || got.ID == "mine" {
		t.Errorf("%s, %v", body, err)
	}
}

func TestServeSendsSecureHeaders(t *testing.T) {
	t.Parallel()
	r := run(t, mountedApp, tenon.ServerConfig{SecureHeaders: middleware.SecureHeadersConfig{PublicURL: "https://api.example.com"}})
	for _, target := range []string{"/things/1", "/none", "/things?page=0", "/openapi.json", "/docs"} {
		answer, _ := sendTo(t, r, "GET", target)
		h := answer.Header
		policy, docs := h.Get("Content-Security-Policy"), target == "/docs"
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
			h.Get("Strict-Transport-Security") == "" || h.Get("Cache-Control") == "" || h["Server"] != nil ||
			!strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "script-src 'self'") != docs {
			t.Errorf("%s: %v", target, h)
		}
	}
	plain := run(t, mountedApp, tenon.ServerConfig{OmitSecureHeaders: true})
	if answer, _ := sendTo(t, plain, "GET", "/things/1"); answer.Header.Get("Content-Security-Policy") != "" {
		t.Errorf("%v", answer.Header)
	}
}

// TestUV06ServeRefusesWhatItHasNoRoomFor fills a server of two places.
func TestUV06ServeRefusesWhatItHasNoRoomFor(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	full := func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger, Admission: middleware.AdmissionConfig{Requests: 2, Patience: 1}},
			tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}})))
		wait := func(context.Context, *struct{}) (*tenon.NoContent, error) {
			entered <- struct{}{}
			<-leave
			return nil, nil
		}
		app.Get("/work", wait)
		app.Get("/livez", wait, tenon.Critical())
		app.Mount("/mounted", http.NotFoundHandler())
		return app
	}
	r := run(t, full, tenon.ServerConfig{})
	var all sync.WaitGroup
	hold := func(target string) {
		all.Go(func() {
			if answer, body := sendTo(t, r, "GET", target); answer.StatusCode != 204 {
				t.Errorf("%s inside gets %d %s", target, answer.StatusCode, body)
			}
		})
		<-entered
	}
	hold("/work")
	for _, target := range []string{"/work", "/mounted/x"} {
		answer, body := sendTo(t, r, "GET", target, "Origin: https://app.example.com")
		if answer.StatusCode != 503 || !strings.Contains(body, `"code":"overloaded"`) || answer.Header.Get("Retry-After") == "" {
			t.Errorf("%s gets %d %v %s", target, answer.StatusCode, answer.Header, body)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") == "" {
			t.Errorf("a page cannot read why %s was refused: %v", target, answer.Header)
		}
	}
	hold("/livez")
	if answer, _ := sendTo(t, r, "GET", "/livez"); answer.StatusCode != 503 {
		t.Errorf("a third one gets %d", answer.StatusCode)
	}
	if answer, _ := sendTo(t, r, "GET", "/none"); answer.StatusCode != 404 {
		t.Errorf("what costs nothing gets %d", answer.StatusCode)
	}
	close(leave)
	all.Wait()
	go func() { <-entered }()
	if answer, _ := sendTo(t, r, "GET", "/work"); answer.StatusCode != 204 {
		t.Errorf("afterwards one gets %d", answer.StatusCode)
	}
}

func TestServeRefusesWrongFronts(t *testing.T) {
	t.Parallel()
	everyone := middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
	err := tenon.Serve(t.Context(), tenon.New(tenon.Config{Admission: middleware.AdmissionConfig{Queue: -1}}), tenon.ServerConfig{
		Forwarded: everyone, SecureHeaders: middleware.SecureHeadersConfig{PublicURL: "http://example.com"},
	})
	for _, want := range []string{"TrustedProxies has 0.0.0.0/0", `PublicURL "http://example.com"`, "Admission: Queue is -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
	never := func(*http.Request) bool { return false }
	err = tenon.New(tenon.Config{Admission: middleware.AdmissionConfig{Critical: never}}).Compile()
	if err == nil || !strings.Contains(err.Error(), "an operation says tenon.Critical()") {
		t.Error(err)
	}
}

// TestClientIPWithoutServe: an app that another server runs knows where its requests come from, where an operation has middleware.
func TestClientIPWithoutServe(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	var got string
	app.Get("/", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		got = middleware.ClientIP(ctx).String()
		return nil, nil
	}, tenon.Use(func(next http.Handler) http.Handler { return next }, nil))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = "[2001:db8::7]:40000"
	app.ServeHTTP(httptest.NewRecorder(), r)
	if got != "2001:db8::7" {
		t.Errorf("the client is %s", got)
	}
}
