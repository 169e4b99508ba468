package cli_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/health"
)

// certified is a certificate for 127.0.0.1 that signs itself, in files, and a client that trusts it.
type certified struct {
	cert, key string
	client    *http.Client
	tls       *tls.Config
}

func newCertificate(t *testing.T) *certified {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true,
		BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := &certified{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), tls: &tls.Config{RootCAs: x509.NewCertPool()}}
	for name, block := range map[string]*pem.Block{c.cert: {Type: "CERTIFICATE", Bytes: der}, c.key: {Type: "PRIVATE KEY", Bytes: text}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	c.tls.RootCAs.AddCert(leaf)
	c.client = &http.Client{Transport: &http.Transport{TLSClientConfig: c.tls}}
	return c
}

// served is a service that serves; out are the lines that it has announced.
func served[C any](t *testing.T, s cli.Service[C], args ...string) (line func() string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, done := &announced{lines: make(chan string, 10)}, make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		done <- s.Run(ctx, cli.Process{Args: append([]string{"serve", "--addr=127.0.0.1:0", "--drain-delay=0s"}, args...), Stdout: out, Stderr: &errs})
	}()
	line = func() string {
		select {
		case text := <-out.lines:
			return text
		case code := <-done:
			t.Fatalf("it ended with code %d: %s", code, errs.String())
			return ""
		}
	}
	return line, func() int {
		cancel()
		return <-done
	}
}

func fetch(t *testing.T, client *http.Client, url string, header map[string]string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, string(body), err
}

// public is a service that says all that a Build can say.
type public struct {
	cli.Server
	cli.CORS

	built   int
	counter counter
}

func publicService(cfg **public) cli.Service[public] {
	s := cli.Service[public]{Name: "public"}
	s.Build = func(_ context.Context, c *public) (*tenon.App, error) {
		*cfg = c
		c.built++
		app := tenon.New(tenon.Config{Title: "Public", Version: "1.0.0", Logger: c.Logger, Admission: c.Admission()}, c.CORSOptions()...)
		checks, err := health.New(app, health.Config{})
		if err != nil {
			return nil, err
		}
		c.Ops.Readiness = checks.Details()
		c.Ops.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "requests_total 1\n") })
		c.Serving.Observer = &c.counter
		return app, nil
	}
	return s
}

// counter observes requests.
type counter struct{ begun atomic.Int64 }

func (c *counter) Begin()              { c.begun.Add(1) }
func (*counter) End(tenon.Observation) {}

func dialUnix(path string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
}

// TestServeFollowsItsSettings asks a service over TLS for what its settings promise.
func TestServeFollowsItsSettings(t *testing.T) {
	t.Parallel()
	own := newCertificate(t)
	inside := "unix:" + filepath.Join(t.TempDir(), "ops")
	var cfg *public
	line, stop := served(t, publicService(&cfg), "--tls-cert="+own.cert, "--tls-key="+own.key, "--public-url=https://api.example.com",
		"--cors-origins=https://app.example.com", "--operations="+inside, "--requests=3", "--connections=7", "--idle-timeout=9s")
	base := strings.Fields(line())[1]
	if docs := line(); !strings.HasPrefix(base, "https://127.0.0.1:") || docs != "Docs    "+base+"/docs\n" {
		t.Errorf("announces %q and %q", base, docs)
	}
	answer, _, err := fetch(t, own.client, base+"/livez", map[string]string{"Origin": "https://app.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Strict-Transport-Security": "max-age=31536000; includeSubDomains", "Access-Control-Allow-Origin": "https://app.example.com",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	local := &http.Client{Transport: &http.Transport{DialContext: dialUnix(strings.TrimPrefix(inside, "unix:"))}}
	for path, want := range map[string]string{"/metrics": "requests_total 1", "/readyz": `"ready":true`, "/log/level": "INFO", "/routes": "critical"} {
		if _, body, err := fetch(t, local, "http://localhost"+path, nil); err != nil || !strings.Contains(body, want) {
			t.Errorf("operations at %s: %q, %v, want %q", path, body, err, want)
		}
	}
	if code := stop(); code != cli.ExitOK || cfg.built != 1 || cfg.counter.begun.Load() != 1 {
		t.Errorf("code %d, built %d times, %d requests observed; want 0, once, and 1", code, cfg.built, cfg.counter.begun.Load())
	}
}

func TestServeAsksClientsForCertificates(t *testing.T) {
	t.Parallel()
	own := newCertificate(t)
	var cfg *public
	line, stop := served(t, publicService(&cfg), "--tls-cert="+own.cert, "--tls-key="+own.key, "--tls-client-ca="+own.cert)
	base := strings.Fields(line())[1]
	if _, _, err := fetch(t, own.client, base+"/livez", nil); err == nil {
		t.Error("a client without a certificate is answered")
	}
	pair, err := tls.LoadX509KeyPair(own.cert, own.key)
	if err != nil {
		t.Fatal(err)
	}
	known := own.tls.Clone()
	known.Certificates = []tls.Certificate{pair}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: known}}
	if answer, _, err := fetch(t, client, base+"/livez", nil); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("a client with one: %v, %v", answer, err)
	}
	stop()
}

// TestSettingsOfServing is about those that no request shows.
func TestSettingsOfServing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "public.json")
	if err := os.WriteFile(file, []byte(`{"read_timeout": "12s", "requests": 1, "cors_origins": ["https://a.example"], "connections": 5}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(publicService(new(*public)), []string{"PUBLIC_IDLE_TIMEOUT=1m", "PUBLIC_REQUESTS=2"}, "config", "--config="+file, "--write-timeout=40s")
	for _, want := range []string{
		"read_timeout 12s " + file, "requests 2 PUBLIC_REQUESTS", "idle_timeout 1m PUBLIC_IDLE_TIMEOUT", "write_timeout 40s --write-timeout",
		"connections 5 " + file, "cors_origins https://a.example " + file,
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("no %q in code %d\n%s%s", want, code, out, errs)
		}
	}
	code, _, errs = run(publicService(new(*public)), nil, "routes", "--cors-origins=*,https://a.example", "--requests=-1", "--connections=0", "--idle-timeout=1ms")
	for _, want := range []string{"--requests: ", "--connections: ", "--idle-timeout: "} {
		if code != cli.ExitUsage || !strings.Contains(errs, want) {
			t.Errorf("code %d, no %q in\n%s", code, want, errs)
		}
	}
	if code, _, errs = run(publicService(new(*public)), nil, "check", "--cors-origins=https://a.example/"); code != cli.ExitFailed {
		t.Errorf("an origin with a path: code %d, %s", code, errs)
	}
	if code, out, _ = run(publicService(new(*public)), nil, "check", "--requests=0"); !strings.Contains(out, "T109 warning tenon.Config: Admission") {
		t.Errorf("no bound: code %d, %s", code, out)
	}
}
