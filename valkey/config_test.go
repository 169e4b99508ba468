package valkey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/valkey"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cfg  valkey.Config
		want []string // the lines of the error; none is no error
	}{
		{"takes a server on the loopback interface", valkey.Config{URL: "valkey://localhost"}, nil},
		{"takes IPv6", valkey.Config{URL: "redis://[::1]:1/3"}, nil},
		{"takes TLS elsewhere", valkey.Config{URL: "rediss://u:p@valkey.example:6380/0", TLS: &tls.Config{MinVersion: tls.VersionTLS13}}, nil},
		{"takes what is insecure by its name", valkey.Config{URL: "valkey://valkey.example", InsecurePlaintext: true}, nil},
		{"takes nodes of a cluster", valkey.Config{URL: "valkeys://:p@a,b:1,[::1]:2", Cluster: true}, nil},
		{"takes sentinels", valkey.Config{URL: "valkeys://a,b", Sentinel: valkey.Sentinel{Primary: "main", Password: "x"}}, nil},
		{"wants a URL", valkey.Config{}, []string{`valkey: the URL does not begin with "valkey://" or "valkeys://"`}},
		{"wants a scheme it knows", valkey.Config{URL: "http://secret"}, []string{`valkey: the URL does not begin with "valkey://" or "valkeys://"`}},
		{"wants hosts", valkey.Config{URL: "valkeys://u:secret@"}, []string{"valkey: the URL does not name its hosts as host:port, separated by commas"}},
		{"wants ports that are numbers", valkey.Config{URL: "valkeys://a:1,b:secret"}, []string{
			"valkey: the URL does not name its hosts as host:port, separated by commas",
		}},
		{"wants escaped passwords", valkey.Config{URL: "valkeys://u:%secret@a"}, []string{"valkey: the URL cannot be read; are user and password escaped?"}},
		{"wants TLS elsewhere, for each host", valkey.Config{URL: "valkey://u:secret@a.example,127.0.0.1,10.0.0.1:7", Cluster: true}, []string{
			"valkey: the URL of a.example:6379 asks for no TLS, and it is not on the loopback interface; want valkeys://",
			"valkey: the URL of 10.0.0.1:7 asks for no TLS, and it is not on the loopback interface; want valkeys://",
		}},
		{"wants what is set to be used, and tells all faults", valkey.Config{
			URL: "valkey://localhost,127.0.0.1/x?y", TLS: &tls.Config{MinVersion: tls.VersionTLS13}, Dial: -1, Timeout: -1, Sentinel: valkey.Sentinel{Username: "x"},
		}, []string{
			"valkey: Dial is -1ns, want 0 or more",
			"valkey: Timeout is -1ns, want 0 or more",
			"valkey: Sentinel has credentials, but no Primary",
			"valkey: TLS is set, but the URL does not ask for it; want valkeys://",
			"valkey: the URL has 2 hosts, and neither Cluster nor Sentinel is set",
			"valkey: the path of the URL is no number of a database",
			"valkey: the URL has a query or a fragment, which say nothing here",
		}},
		{"wants one kind", valkey.Config{URL: "valkey://localhost/1", Cluster: true, Sentinel: valkey.Sentinel{Primary: "main"}}, []string{
			"valkey: both Cluster and Sentinel are set; a cluster has no sentinels",
			"valkey: a cluster has only the database 0",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := valkey.New(tt.cfg)
			if err == nil {
				if tt.want != nil {
					t.Error("no error")
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				return
			}
			if got := err.Error(); got != strings.Join(tt.want, "\n") || strings.Contains(got, "secret") {
				t.Errorf("error:\n%s\nwant:\n%s", got, strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestPassword(t *testing.T) {
	t.Parallel()
	const password = "p@ss:/?#%"
	server := valkeytest.Start(t, "--requirepass", password)
	addr, right := server.Addr(), url.UserPassword("default", password)
	answered(t, open(t, quick("valkey://"+right.String()+"@"+addr)))
	answered(t, open(t, quick("valkey://:"+url.QueryEscape(password)+"@"+addr+"/5")))
	for _, wrong := range []string{"", "default:wr0ng@"} {
		err := open(t, quick("valkey://"+wrong+addr)).Ping(t.Context())
		if err == nil || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("with the credentials %q: %v", wrong, err)
		}
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roots := certificate(t, dir)
	port := freePort(t)
	valkeytest.Start(t, "--tls-port", port, "--tls-cert-file", filepath.Join(dir, "cert.pem"), "--tls-key-file", filepath.Join(dir, "key.pem"),
		"--tls-ca-cert-file", filepath.Join(dir, "cert.pem"), "--tls-auth-clients", "no")
	cfg := patient("valkeys://127.0.0.1:" + port)
	cfg.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	answered(t, open(t, cfg))
	cfg.TLS = nil
	if err := open(t, cfg).Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody known: %v", err)
	}
}

// certificate writes a self-signed certificate of the loopback address and its key.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(cert)
	return pool
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}
