package tenon_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// authority signs certificates for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &authority{cert, key, pool}
}

// issue makes the PEM texts of a certificate and its key.
func (a *authority) issue(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, own.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text})
}

// files writes a certificate of the name into the folder, and says where.
func (a *authority) files(t *testing.T, dir, name string) tenon.TLSConfig {
	t.Helper()
	cert, key := a.issue(t, name)
	c := tenon.TLSConfig{CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	write(t, c.CertFile, cert)
	write(t, c.KeyFile, key)
	return c
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// over makes one request over TLS.
func (a *authority) over(addr string, change func(*tls.Config)) (*http.Response, error) {
	config := &tls.Config{RootCAs: a.pool}
	if change != nil {
		change(config)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: config.NextProtos == nil, DisableKeepAlives: true}, Timeout: 20 * time.Second}
	answer, err := client.Get("https://" + addr + "/hello/world")
	if err == nil {
		_ = answer.Body.Close()
	}
	return answer, err
}

func TestUV07ServeSpeaksTLS(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	r := run(t, hello, tenon.ServerConfig{TLS: ca.files(t, t.TempDir(), "one")})
	answer, err := ca.over(r.addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || answer.TLS.Version != tls.VersionTLS13 {
		t.Errorf("%s over %s and %s, want 200 over HTTP/2 and TLS 1.3", answer.Status, answer.Proto, tls.VersionName(answer.TLS.Version))
	}
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true} {
		_, err := ca.over(r.addr, func(c *tls.Config) { c.MinVersion, c.MaxVersion = version, version })
		if got := err == nil; got != want {
			t.Errorf("%s is taken: %t, %v", tls.VersionName(version), got, err)
		}
	}
	answer, err = ca.over(r.addr, func(c *tls.Config) { c.NextProtos = []string{"http/1.1"} })
	if err != nil || answer.ProtoMajor != 1 {
		t.Errorf("without h2: %v, %v", answer, err)
	}
}

// TestUV01OverTLSLinesAreReadAsTheStandardAllows has what is refused in the clear: a folded length is a length, LF alone ends a line, and
// what is behind the body is the next request.
func TestUV01OverTLSLinesAreReadAsTheStandardAllows(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	r := run(t, hello, tenon.ServerConfig{TLS: ca.files(t, t.TempDir(), "one")})
	conn, err := tls.Dial("tcp", r.addr, &tls.Config{RootCAs: ca.pool, NextProtos: []string{"http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, "POST /echo HTTP/1.1\r\nHost: x\nContent-Type: application/json\r\nContent-Length:\r\n 12\r\n\r\n{\"text\":\"a\"}"+
		"GET /hello/second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if text := string(answer); err != nil || !strings.Contains(text, "HTTP/1.1 201 ") || !strings.Contains(text, `{"hello":"second"}`) || strings.Count(text, "HTTP/1.1 ") != 2 {
		t.Errorf("%s: %v", text, err)
	}
}

func TestServeReadsNewCertificates(t *testing.T) {
	t.Parallel()
	ca, dir := newAuthority(t), t.TempDir()
	r := run(t, hello, tenon.ServerConfig{TLS: ca.files(t, dir, "one")})
	serves := func() string {
		answer, err := ca.over(r.addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		return answer.TLS.PeerCertificates[0].Subject.CommonName
	}
	if got := serves(); got != "one" {
		t.Errorf("certificate %q", got)
	}
	ca.files(t, dir, "another")
	until(t, "serving the new certificate", func() bool { return serves() == "another" })
	write(t, filepath.Join(dir, "cert.pem"), []byte("nonsense"))
	until(t, "a word about the file", func() bool {
		return serves() == "another" && strings.Contains(r.log.String(), "the old ones stay")
	})
}

func TestUV07ServeAsksForClientCertificates(t *testing.T) {
	t.Parallel()
	ca, other, dir := newAuthority(t), newAuthority(t), t.TempDir()
	config := ca.files(t, dir, "server")
	config.ClientCAFile = filepath.Join(dir, "ca.pem")
	write(t, config.ClientCAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw}))
	shows := func(a *authority) func(*tls.Config) {
		pair, err := tls.X509KeyPair(a.issue(t, "client"))
		if err != nil {
			t.Fatal(err)
		}
		// The client shows it even where the server does not name its authority.
		return func(c *tls.Config) {
			c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
	}
	for _, tt := range []struct {
		name     string
		optional bool
		client   func(*tls.Config)
		want     bool
	}{
		{"lets in who shows one", false, shows(ca), true},
		{"keeps out who shows none", false, nil, false},
		{"keeps out who shows one of another authority", false, shows(other), false},
		{"lets in who shows none where that may be", true, nil, true},
		{"keeps out a wrong one even then", true, shows(other), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			config := config
			config.ClientOptional = tt.optional
			r := run(t, hello, tenon.ServerConfig{TLS: config})
			if _, err := ca.over(r.addr, tt.client); (err == nil) != tt.want {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestDrainOverHTTP2 asks on one connection when the app has begun to end: everything is answered, and soon on another connection (GOAWAY).
func TestDrainOverHTTP2(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	var app *tenon.App
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app = hello(logger)
		return app
	}, tenon.ServerConfig{TLS: ca.files(t, t.TempDir(), "one")})
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.pool}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	again := func() (reused bool) {
		traced := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }})
		request, err := http.NewRequestWithContext(traced, http.MethodGet, "https://"+r.addr+"/hello/world", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 {
			t.Errorf("%s over %s, want 200 over HTTP/2", answer.Status, answer.Proto)
		}
		return reused
	}
	again()
	for range 10 {
		if !again() {
			t.Fatal("a connection is not used again while nothing ends")
		}
	}
	app.Drain()
	left := 1000
	for left > 0 && again() { // GOAWAY may be under way
		left--
	}
	if left == 0 {
		t.Error("the connection goes on while the app drains")
	}
}

func TestServeNeverSpeaksHTTP2InTheClear(t *testing.T) {
	t.Parallel()
	r := run(t, hello, tenon.ServerConfig{})
	preface := "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	if answer := r.raw(t, preface); !strings.HasPrefix(answer, "HTTP/1.1 ") || strings.Contains(answer, "\x00\x04") {
		t.Errorf("prior knowledge is answered %q", answer)
	}
	answer := r.raw(t, "GET /hello/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("an upgrade is answered %q", answer)
	}
}

func TestTLSConfigSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	ca, dir := newAuthority(t), t.TempDir()
	files := ca.files(t, dir, "one")
	another := ca.files(t, t.TempDir(), "another")
	empty := filepath.Join(dir, "empty.pem")
	write(t, empty, nil)
	for _, tt := range []struct {
		name string
		tls  tenon.TLSConfig
		want string
	}{
		{"a certificate without a key", tenon.TLSConfig{CertFile: "x"}, "belong together"},
		{"an authority without a certificate", tenon.TLSConfig{ClientCAFile: "x"}, "belong together"},
		{"files that are not there", tenon.TLSConfig{CertFile: "no.pem", KeyFile: "no.pem"}, "no.pem"},
		{"a key of another certificate", tenon.TLSConfig{CertFile: files.CertFile, KeyFile: another.KeyFile}, "private key does not match"},
		{"authorities that are none", tenon.TLSConfig{CertFile: files.CertFile, KeyFile: files.KeyFile, ClientCAFile: empty}, "holds no certificate"},
		{"optional without an authority", tenon.TLSConfig{CertFile: "x", KeyFile: "x", ClientOptional: true}, "wants ClientCAFile"},
		{"files and a configuration", tenon.TLSConfig{CertFile: "x", KeyFile: "x", Config: &tls.Config{}}, "takes the place"},
		{"a configuration without a certificate", tenon.TLSConfig{Config: &tls.Config{}}, "has no certificate"},
		{"an old version", tenon.TLSConfig{Config: &tls.Config{MinVersion: tls.VersionTLS11}}, "want TLS 1.2 or later"},
	} {
		err := tenon.Serve(t.Context(), hello(slog.New(slog.DiscardHandler)), tenon.ServerConfig{Addr: "127.0.0.1:0", TLS: tt.tls})
		if err == nil || !strings.Contains(err.Error(), tt.want) || tenon.ExitCode(err) != 3 {
			t.Errorf("%s: error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// TestAHandshakeHasATimeOfItsOwn opens connections on which nothing comes, beside requests that are served.
func TestAHandshakeHasATimeOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		handshake, header time.Duration
	}{
		{"that is shorter than that of a header", 200 * time.Millisecond, 5 * time.Second},
		{"that is longer than that of a header", 800 * time.Millisecond, 200 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newAuthority(t)
			r := run(t, hello, tenon.ServerConfig{TLS: a.files(t, t.TempDir(), "one"), HandshakeTimeout: tt.handshake, ReadHeaderTimeout: tt.header})
			start := time.Now()
			if answer := r.raw(t, ""); answer != "" {
				t.Errorf("%q", answer)
			}
			if took := time.Since(start); took < tt.handshake || took > tt.handshake+2*time.Second {
				t.Errorf("cut after %v, want %v and 2 s more at most", took, tt.handshake)
			}
			if answer, err := a.over(r.addr, nil); err != nil || answer.StatusCode != 200 {
				t.Errorf("a request: %v, %v", answer, err)
			}
			conn, err := tls.Dial("tcp", r.addr, &tls.Config{RootCAs: a.pool})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			start = time.Now()
			if _, err := conn.Read(make([]byte, 1)); err == nil {
				t.Error("a silent client is answered")
			}
			if took := time.Since(start); took > tt.header+2*time.Second {
				t.Errorf("the header is waited for %v, want %v and 2 s more at most", took, tt.header)
			}
		})
	}
}
