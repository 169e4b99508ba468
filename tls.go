package tenon

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"
)

// TLSConfig says how a server speaks TLS. The zero value is that it does not.
type TLSConfig struct {
	// CertFile and KeyFile are PEM files of the certificate chain and its key. They are read again when they change; files that do not
	// fit together are logged, and the old ones stay. Default none.
	CertFile, KeyFile string
	// ClientCAFile is a PEM file of the authorities whose client certificates are accepted. It is read again with the others, and clients
	// must show a certificate. Default none: they are not asked.
	ClientCAFile string
	// ClientOptional lets in clients without a certificate, too. Default false.
	ClientOptional bool
	// Config takes the place of the fields above. Versions below 1.2 are refused. Default none.
	Config *tls.Config
}

func (c TLSConfig) check() error {
	var errs []error
	files := c.CertFile != "" || c.KeyFile != "" || c.ClientCAFile != "" || c.ClientOptional
	switch {
	case c.Config != nil && files:
		errs = append(errs, errors.New("tenon.TLSConfig: Config takes the place of the other fields; set one or the other"))
	case c.Config != nil && c.Config.MinVersion != 0 && c.Config.MinVersion < tls.VersionTLS12:
		errs = append(errs, fmt.Errorf("tenon.TLSConfig: Config.MinVersion is %s, want TLS 1.2 or later", tls.VersionName(c.Config.MinVersion)))
	case c.Config != nil && len(c.Config.Certificates) == 0 && c.Config.GetCertificate == nil && c.Config.GetConfigForClient == nil:
		errs = append(errs, errors.New("tenon.TLSConfig: Config has no certificate: set Certificates, GetCertificate or GetConfigForClient"))
	case c.Config != nil && c.Config.InsecureSkipVerify:
		errs = append(errs, errors.New("tenon.TLSConfig: Config.InsecureSkipVerify is for clients"))
	case files && (c.CertFile == "" || c.KeyFile == ""):
		errs = append(errs, errors.New("tenon.TLSConfig: CertFile and KeyFile belong together, and the rest wants them"))
	case c.ClientOptional && c.ClientCAFile == "":
		errs = append(errs, errors.New("tenon.TLSConfig: ClientOptional wants ClientCAFile"))
	}
	return errors.Join(errs...)
}

// load makes the configuration of the listeners; nil is no TLS.
func (c TLSConfig) load(logger *slog.Logger) (*tls.Config, error) {
	if c.Config != nil {
		secure := c.Config.Clone()
		secure.MinVersion = max(secure.MinVersion, tls.VersionTLS12)
		if secure.NextProtos == nil {
			secure.NextProtos = protocols()
		}
		return secure, nil
	}
	if c.CertFile == "" {
		return nil, nil
	}
	files := &tlsFiles{from: c, logger: logger, now: time.Now}
	if err := files.read(); err != nil {
		return nil, fmt.Errorf("tenon: TLS: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: protocols(), GetConfigForClient: files.current}, nil
}

func protocols() []string { return []string{"h2", "http/1.1"} }

// lookEvery is how often the files are looked at, as long as clients come.
const lookEvery = time.Second

// tlsFiles is what the files of a TLSConfig said when they were read last.
type tlsFiles struct {
	from   TLSConfig
	logger *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	config *tls.Config
	looked time.Time
	seen   []fs.FileInfo // what the files were when they were read, or found wrong
}

// current is asked for each handshake.
func (t *tlsFiles) current(*tls.ClientHelloInfo) (*tls.Config, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.now(); now.Sub(t.looked) >= lookEvery {
		t.looked = now
		if t.changed() {
			if err := t.readLocked(); err != nil {
				t.logger.Error("TLS files changed and cannot be used; the old ones stay", slog.String("error", err.Error()))
			}
		}
	}
	return t.config, nil
}

func (t *tlsFiles) read() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.looked = t.now()
	return t.readLocked()
}

func (t *tlsFiles) readLocked() error {
	t.seen = t.stat()
	certificate, err := tls.LoadX509KeyPair(t.from.CertFile, t.from.KeyFile)
	if err != nil {
		return err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: protocols(), Certificates: []tls.Certificate{certificate}}
	if t.from.ClientCAFile != "" {
		text, err := os.ReadFile(t.from.ClientCAFile)
		if err != nil {
			return err
		}
		config.ClientCAs = x509.NewCertPool()
		if !config.ClientCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("%s holds no certificate", t.from.ClientCAFile)
		}
		config.ClientAuth = tls.RequireAndVerifyClientCert
		if t.from.ClientOptional {
			config.ClientAuth = tls.VerifyClientCertIfGiven
		}
	}
	t.config = config
	return nil
}

func (t *tlsFiles) stat() []fs.FileInfo {
	var files []fs.FileInfo
	for _, name := range []string{t.from.CertFile, t.from.KeyFile, t.from.ClientCAFile} {
		info, _ := os.Stat(name) // nil is absent
		files = append(files, info)
	}
	return files
}

func (t *tlsFiles) changed() bool {
	for i, info := range t.stat() {
		old := t.seen[i]
		if (info == nil) != (old == nil) || info != nil && (!os.SameFile(info, old) || info.Size() != old.Size() || !info.ModTime().Equal(old.ModTime())) {
			return true
		}
	}
	return false
}
