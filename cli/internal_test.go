package cli

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/settings"
)

func TestCgroupMemory(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"no cgroup":               {nil, 0},
		"version 1":               {map[string]string{"/proc/self/cgroup": "1:memory:/x\n"}, 0},
		"no limit":                {map[string]string{"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n"}, 0},
		"its own limit":           {map[string]string{"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "1000\n"}, 1000},
		"that of the one around":  {map[string]string{"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/memory.max": "500", "/sys/fs/cgroup/a/b/memory.max": "1000"}, 500},
		"that of a container":     {map[string]string{"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "700"}, 700},
		"a path that goes astray": {map[string]string{"/proc/self/cgroup": "0::/../x\n", "/sys/fs/cgroup/x/memory.max": "9"}, 9},
	} {
		got := cgroupMemory(func(file string) ([]byte, error) {
			if text, ok := tt.files[file]; ok {
				return []byte(text), nil
			}
			return nil, errors.New("none")
		})
		if got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}

func TestReload(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	type config struct {
		Server
		Key tenon.Secret
	}
	p := &program{Stderr: &log, name: "x", config: &config{}, input: settings.Input{Env: map[string]string{"X_KEY": "one"}}}
	var err error
	if p.schema, err = settings.Of(p.config, "X_"); err != nil {
		t.Fatal(err)
	}
	if err := p.load(); err != nil {
		t.Fatal(err)
	}
	p.input.Env["X_LOG_LEVEL"], p.input.Env["X_ADDR"], p.input.Env["X_KEY"] = "DEBUG", ":1", "another"
	p.reload()
	p.server().flush()
	if !p.server().Logger.Enabled(context.Background(), -4) || !strings.Contains(log.String(), `"restart_for":["addr","key"]`) || strings.Contains(log.String(), "another") || p.server().Addr != "127.0.0.1:8080" {
		t.Errorf("level not changed, or more than it: %s", log.String())
	}
	p.input.Env["X_LOG_LEVEL"] = "LOUD"
	p.reload()
	p.server().flush()
	if !p.server().Logger.Enabled(context.Background(), -4) || !strings.Contains(log.String(), "were not read again") {
		t.Errorf("a wrong file was taken: %s", log.String())
	}
}

// TestTheLogOfAServiceNamesRequests has a handler that logs with its context.
func TestTheLogOfAServiceNamesRequests(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"text", "json"} {
		var log bytes.Buffer
		s := &Server{Log: form}
		if err := s.prepare(&log); err != nil {
			t.Fatal(err)
		}
		rec := record.New()
		s.Logger.InfoContext(record.With(t.Context(), rec), "looked")
		s.flush()
		if !strings.Contains(log.String(), rec.ID) {
			t.Errorf("%s: %q has no request_id %s", form, log.String(), rec.ID)
		}
	}
}

// TestReloadLooksAtTheCertificate tells of files that can be used, and of those that cannot.
func TestReloadLooksAtTheCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Close()
	pair, dir := server.TLS.Certificates[0], t.TempDir()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{TLSCert: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	for _, tt := range []struct {
		name, cert, want string
	}{
		{"a certificate", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})), "new clients get the certificate"},
		{"half a file", "-----BEGIN CERT", "cannot be used; the old ones stay"},
	} {
		var log bytes.Buffer
		s.Logger = slog.New(slog.NewTextHandler(&log, nil))
		for name, text := range map[string][]byte{s.TLSCert: []byte(tt.cert), s.TLSKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})} {
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if s.lookAtCertificate(); !strings.Contains(log.String(), tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, log.String(), tt.want)
		}
	}
}
