package cli

import (
	"crypto/tls"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"github.com/tenon-go/tenon/internal/settings"
)

// reloadOnHangUp reads the settings again on SIGHUP and takes over the level of the log; what else changed is logged, for a restart, and
// so is whether the files of the certificate can be used, which the server reads by itself. What it returns ends that.
func (p *program) reloadOnHangUp() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	ended := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-signals:
				p.reload()
			case <-ended:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(ended)
		<-done
	}
}

// reload reads the settings into a struct of its own: the service has the first one in use.
func (p *program) reload() {
	logger := p.server().Logger
	next := reflect.New(reflect.TypeOf(p.config).Elem()).Interface()
	loaded, err := p.schema.Load(next, p.input)
	if err != nil {
		logger.Error("the settings were not read again", slog.String("error", err.Error()))
		return
	}
	p.server().level.Set(next.(embedsServer).server().LogLevel)
	changed := changes(p.settings, loaded)
	logger.Info("the settings were read again", slog.String("level", p.server().level.Level().String()), slog.Any("restart_for", changed))
	p.server().lookAtCertificate()
}

// lookAtCertificate tells what new clients get of the files that are there now.
func (s *Server) lookAtCertificate() {
	if s.TLSCert == "" {
		return
	}
	pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		s.Logger.Error("the files of the certificate cannot be used; the old ones stay", slog.String("error", err.Error()))
		return
	}
	s.Logger.Info("new clients get the certificate", slog.Any("names", pair.Leaf.DNSNames), slog.Time("until", pair.Leaf.NotAfter))
}

// changes are the keys of settings with another value, the level of the log aside.
func changes(before, after []settings.Setting) []string {
	var keys []string
	for i, s := range after {
		if !s.Same(before[i]) && s.Key != "log_level" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}
