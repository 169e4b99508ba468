package check_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

type byID struct {
	ID string `path:"id"`
}

type put struct {
	tenon.IfMatch

	ID   string `path:"id"`
	Body note   `body:""`
}

type blindPut struct {
	ID   string `path:"id"`
	Body note   `body:""`
}

type withCookie struct {
	Tenant tenon.Opt[string] `cookie:"tenant"`
}

type note struct {
	Text string `json:"text"`
}

func get(context.Context, *byID) (*note, error)       { return &note{}, nil }
func list(context.Context, *struct{}) (*note, error)  { return &note{}, nil }
func write(context.Context, *put) (*note, error)      { return &note{}, nil }
func blind(context.Context, *blindPut) (*note, error) { return &note{}, nil }

// app is a subject with one more registration.
func app(t *testing.T, cfg tenon.Config, register func(*tenon.App)) *check.Subject {
	t.Helper()
	a := tenon.New(cfg)
	register(a)
	s := &check.Subject{App: a, Err: a.Compile()}
	s.Operations = a.Operations()
	return s
}

func described() tenon.Config {
	return tenon.Config{Title: "Notes", Version: "1.0.0", Description: "Notes."}
}

func file(t *testing.T, mode os.FileMode) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
	return []string{name}
}

// certificate writes one that is valid until 2084, and its key.
func certificate(t *testing.T) tenon.TLSConfig {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	s.Close()
	pair, dir := s.TLS.Certificates[0], t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	c := tenon.TLSConfig{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	for name, block := range map[string]*pem.Block{
		c.CertFile: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, c.KeyFile: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// TestBuiltin has for each check what it finds and what it passes.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	link := func(text string) *url.URL { u, _ := url.Parse(text); return u }
	proxies := func(text string) *check.Subject {
		return &check.Subject{Server: tenon.ServerConfig{Forwarded: middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix(text)}}}}
	}
	operations := func(addr string) *check.Subject {
		return &check.Subject{Server: tenon.ServerConfig{OperationsAddr: addr}}
	}
	insecure := func(addr string) *check.Subject {
		s := operations(addr)
		s.Server.InsecureOperations = true
		return s
	}
	one := func(register func(*tenon.App)) *check.Subject { return app(t, described(), register) }
	docs := func(in bool) *check.Subject {
		s := one(func(*tenon.App) {})
		s.Production = in
		return s
	}
	production := func(s *check.Subject) *check.Subject {
		s.Production = true
		return s
	}
	missing := problem.Define(404, "note-missing", "There is no such note.")
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	versions := func(v tenon.Version) *check.Subject {
		s := one(func(a *tenon.App) {
			v.Name = "v1"
			a.Versions("/{version}", tenon.Versions{List: []tenon.Version{v, {Name: "v2"}}}).Get("/x", list)
		})
		s.Now = now
		return s
	}
	cookies := func(protected bool) *check.Subject {
		return one(func(a *tenon.App) {
			var opts []tenon.Option
			if protected {
				opts = []tenon.Option{tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{}))}
			}
			a.Group("", opts...).Put("/x", func(context.Context, *withCookie) (*note, error) { return &note{}, nil })
			a.Get("/y", func(context.Context, *withCookie) (*note, error) { return &note{}, nil })
			a.Put("/z", list)
		})
	}
	before := now.AddDate(-2, 0, 0)
	signed, other := certificate(t), certificate(t)
	other.ClientCAFile = other.KeyFile // which has no certificate
	opt := func(opts ...tenon.Option) *check.Subject {
		return one(func(a *tenon.App) { a.Get("/x", list, opts...) })
	}
	proven := map[string]bool{}
	for _, tt := range []struct {
		code        string
		finds, pass *check.Subject
	}{
		{"T001", one(func(a *tenon.App) { a.Get("x", list) }), one(func(a *tenon.App) { a.Get("/x", list) })},
		{"T002", &check.Subject{PublicURL: link("http://api.example.com")}, &check.Subject{PublicURL: link("http://localhost:8080")}},
		{"T002", &check.Subject{PublicURL: link("http://192.0.2.1:80/x")}, &check.Subject{PublicURL: link("https://api.example.com")}},
		{"T003", operations(":8081"), operations("127.0.0.1:8081")},
		{"T003", operations("0.0.0.0:8081"), operations("unix:/run/ops.sock")},
		{"T003", operations("fd:4"), insecure("fd:4")},
		{"T003", operations("systemd"), operations("[::1]:8081")},
		{"T003", insecure("systemd"), insecure("0.0.0.0:8081")},
		{"T004", proxies("0.0.0.0/0"), proxies("10.0.0.0/8")},
		{"T004", proxies("::/0"), proxies("fd00::/8")},
		{"T005", &check.Subject{Server: tenon.ServerConfig{TLS: tenon.TLSConfig{CertFile: "a.pem"}}}, &check.Subject{}},
		{
			"T005", &check.Subject{Server: tenon.ServerConfig{TLS: tenon.TLSConfig{CertFile: "none.pem", KeyFile: "none.pem"}}},
			&check.Subject{Server: tenon.ServerConfig{TLS: signed}, Now: now},
		},
		{"T005", &check.Subject{Server: tenon.ServerConfig{TLS: signed}, Now: now.AddDate(100, 0, 0)}, &check.Subject{Server: tenon.ServerConfig{TLS: signed}}},
		{"T005", &check.Subject{Server: tenon.ServerConfig{TLS: signed}, Now: now.AddDate(-80, 0, 0)}, &check.Subject{Server: tenon.ServerConfig{TLS: signed}, Now: now}},
		{"T005", &check.Subject{Server: tenon.ServerConfig{TLS: other}}, &check.Subject{Server: tenon.ServerConfig{TLS: signed}}},
		{
			"T109", docs(true),
			production(app(t, tenon.Config{Admission: middleware.AdmissionConfig{Requests: 512}}, func(*tenon.App) {})),
		},
		{"T110", production(insecure(":8081")), insecure(":8081")},
		{"T110", production(insecure("0.0.0.0:8081")), production(insecure("127.0.0.1:8081"))},
		{"T108", &check.Subject{SecretKeys: file(t, 0o644)}, &check.Subject{SecretKeys: append(file(t, 0o600), "none")}},
		{"T108", production(&check.Subject{SecretKeys: file(t, 0o640)}), production(&check.Subject{SecretKeys: file(t, 0o604)})}, // which T008 finds
		{"T008", production(&check.Subject{SecretKeys: file(t, 0o604)}), production(&check.Subject{SecretKeys: append(file(t, 0o640), "none")})},
		{"T008", production(&check.Subject{SecretKeys: file(t, 0o644)}), &check.Subject{SecretKeys: file(t, 0o644)}},
		{"T009", production(&check.Subject{Developing: []string{"demo"}}), &check.Subject{Developing: []string{"demo"}}},
		{"T010", production(&check.Subject{Debug: true}), &check.Subject{Debug: true}},
		{"T011", &check.Subject{Reused: map[string]string{"cursor_key": "token_key"}}, &check.Subject{}},
		{
			"T012", &check.Subject{Server: tenon.ServerConfig{WriteTimeout: time.Second}},
			&check.Subject{Server: tenon.ServerConfig{Addr: ":8080", OperationsAddr: ":8081", Forwarded: proxies("::/0").Server.Forwarded}},
		},
		{"T006", &check.Subject{Dirs: file(t, 0o777)}, &check.Subject{Dirs: file(t, 0o755)}},
		{
			"T101", &check.Subject{Server: tenon.ServerConfig{Addr: ":8080"}},
			&check.Subject{Server: tenon.ServerConfig{Addr: ":8443", TLS: tenon.TLSConfig{Config: &tls.Config{MinVersion: tls.VersionTLS12}}}},
		},
		{"T101", &check.Subject{Server: tenon.ServerConfig{Addr: "192.0.2.1:80"}}, &check.Subject{Server: tenon.ServerConfig{Addr: "[::1]:80"}}},
		{"T102", docs(true), docs(false)},
		{"T103", &check.Subject{Weak: []string{"cursor_key"}}, production(&check.Subject{Weak: []string{"cursor_key"}})},
		{"T013", production(&check.Subject{Weak: []string{"cursor_key"}}), &check.Subject{Weak: []string{"cursor_key"}}},
		{"T104", &check.Subject{Mistyped: map[string]string{"X_ADR": "X_ADDR"}}, &check.Subject{}},
		{"T105", &check.Subject{OpenFiles: 256}, &check.Subject{OpenFiles: 4096}},
		{"T106", app(t, tenon.Config{Version: "1.0.0"}, func(*tenon.App) {}), docs(false)},
		{"T106", app(t, tenon.Config{Title: "Notes"}, func(*tenon.App) {}), docs(false)},
		{"T107", app(t, tenon.Config{}, func(*tenon.App) {}), docs(false)},
		{"T201", opt(), opt(tenon.Summary("List notes"))},
		{"T202", opt(), opt(tenon.Tags("notes"))},
		{
			"T203", one(func(a *tenon.App) { a.Get("/{id}", get) }),
			one(func(a *tenon.App) { a.Get("/{id}", get, tenon.Fails(missing)) }),
		},
		{"T204", one(func(a *tenon.App) { a.Put("/{id}", blind) }), one(func(a *tenon.App) { a.Put("/{id}", write) })},
		{
			"T205", one(func(a *tenon.App) { a.Put("/{id}", blind, tenon.BodyLimit(11<<20)) }),
			one(func(a *tenon.App) { a.Put("/{id}", blind, tenon.BodyLimit(10<<20)) }),
		},
		{"T206", opt(tenon.NoDeadline("it waits for people")), opt()},
		{
			"T207", &check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/a", Security: []string{"bearer"}}, {Method: "GET", Path: "/b"}}},
			&check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/a"}, {Method: "GET", Path: "/b"}}},
		},
		{
			"T007", &check.Subject{Operations: []tenon.OperationInfo{
				{Method: "GET", Path: "/a", Rule: "role admin", Security: []string{"bearer"}}, {Method: "GET", Path: "/b"},
			}},
			&check.Subject{Operations: []tenon.OperationInfo{
				{Method: "GET", Path: "/a", Rule: "public: x"}, {Method: "GET", Path: "/b", Rule: "signed in", Security: []string{"bearer"}},
			}},
		},
		{ // that somebody said of probes that they are public asks nobody who calls
			"T207", &check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/a", Security: []string{"bearer"}}, {Method: "GET", Path: "/b"}}},
			&check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/livez", Rule: "public: probes"}, {Method: "GET", Path: "/b"}}},
		},
		{"T208", opt(tenon.Deprecated()), opt(tenon.Deprecated(), tenon.Description("Use /y."))},
		{
			"T209", &check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/a", Uncounted: "probes"}}},
			&check.Subject{Operations: []tenon.OperationInfo{{Method: "GET", Path: "/a", Uncounted: "it has its own", Rates: []string{"1/second"}}, {Method: "GET", Path: "/b"}}},
		},
		{"T210", cookies(false), cookies(true)},
		{"T301", versions(tenon.Version{Deprecated: before}), versions(tenon.Version{Deprecated: before, Sunset: now.AddDate(1, 0, 0)})},
		{
			"T302", versions(tenon.Version{Deprecated: before, Sunset: now.AddDate(-1, 0, 0)}),
			versions(tenon.Version{Deprecated: before, Sunset: now.AddDate(-1, 0, 0), Gone: true}),
		},
		{"T303", versions(tenon.Version{Deprecated: before}), versions(tenon.Version{Deprecated: before, Link: "https://example.com/v2"})},
	} {
		proven[tt.code] = true
		if !has(tt.finds, tt.code) {
			t.Errorf("%s does not find what it should", tt.code)
		}
		if has(tt.pass, tt.code) {
			t.Errorf("%s finds what is right: %+v", tt.code, check.Run(tt.pass, check.Builtin()))
		}
	}
	for _, c := range check.Builtin() {
		if !proven[c.Code] {
			t.Errorf("%s has no case", c.Code)
		}
	}
}

func has(s *check.Subject, code string) bool {
	for _, f := range check.Run(s, check.Builtin()) {
		if f.Code == code {
			return f.Where != "" && f.What != "" && f.Fix != ""
		}
	}
	return false
}

func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range check.Builtin() {
		if seen[c.Code] || c.Title == "" || c.Fix == "" || c.Severity != check.Error && c.Severity != check.Warning {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
	if len(seen) < 15 {
		t.Errorf("%d checks", len(seen))
	}
}

func TestErrorsComeFirst(t *testing.T) {
	t.Parallel()
	place := func(*check.Subject) []check.Place { return []check.Place{{Where: "here"}} }
	found := check.Run(&check.Subject{}, []check.Check{
		{Code: "X2", Title: "two", Severity: check.Warning, Find: place}, {Code: "X1", Title: "one", Severity: check.Warning, Find: place},
		{Code: "X3", Title: "three", Severity: check.Error, Find: place},
	})
	if len(found) != 3 || found[0].Code != "X3" || found[1].Code != "X1" || found[2].What != "two" {
		t.Errorf("%+v", found)
	}
}
