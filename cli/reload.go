package cli

import (
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"github.com/tenon-go/tenon/internal/settings"
)

// reloadOnHangUp reads the settings again on SIGHUP and takes over the level of the log; what else changed is logged, for a restart.
// What it returns ends that.
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
	if s, ok := next.(interface{ server() *Server }); ok {
		p.server().level.Set(s.server().LogLevel)
	}
	changed := changes(p.settings, loaded)
	logger.Info("the settings were read again", slog.String("level", p.server().level.Level().String()), slog.Any("restart_for", changed))
}

// changes are the keys of settings with another value, the level of the log aside.
func changes(before, after []settings.Setting) []string {
	var keys []string
	for i, s := range after {
		if s.Value != before[i].Value && s.Key != "log_level" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}
