package judge_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/tenon-go/tenon"
)

// kept is what autocert has fetched before.
type kept map[string][]byte

func (k kept) Get(_ context.Context, key string) ([]byte, error) {
	if b, ok := k[key]; ok {
		return b, nil
	}
	return nil, autocert.ErrCacheMiss
}
func (kept) Put(context.Context, string, []byte) error { return nil }
func (kept) Delete(context.Context, string) error      { return nil }

// certificate is a key and its own certificate, as autocert keeps them.
func certificate(t *testing.T, of string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: of}, DNSNames: []string{"api.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	chain, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: text}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain})...)
}

// TestUV07CertificatesOfAnAuthority serves what autocert has fetched, and answers the question by which the authority finds out whose name it is
// (RFC 8737).
func TestUV07CertificatesOfAnAuthority(t *testing.T) {
	t.Parallel()
	manager := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist("api.example.com"),
		Cache: kept{"api.example.com": certificate(t, "fetched"), "api.example.com+token": certificate(t, "asked")},
	}
	app := tenon.New(tenon.Config{})
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- tenon.Serve(ctx, app, tenon.ServerConfig{Listener: listener, TLS: tenon.TLSConfig{Config: manager.TLSConfig()}})
	}()
	for protocol, want := range map[string]string{"h2": "fetched", "http/1.1": "fetched", acme.ALPNProto: "asked"} {
		conn, err := new(tls.Dialer{Config: &tls.Config{
			ServerName: "api.example.com", NextProtos: []string{protocol}, InsecureSkipVerify: true,
		}}).DialContext(t.Context(), "tcp", listener.Addr().String())
		if err != nil {
			t.Errorf("%s: %v", protocol, err)
			continue
		}
		state := conn.(*tls.Conn).ConnectionState() //nolint:forcetypeassert // It is what a tls.Dialer makes.
		if got := state.PeerCertificates[0].Subject.CommonName; got != want || state.NegotiatedProtocol != protocol {
			t.Errorf("%s: the certificate %q by %q, want %q", protocol, got, state.NegotiatedProtocol, want)
		}
		_ = conn.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
