package cli

import (
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
)

// Server are the settings that every service has. Embed it in the struct of settings.
type Server struct {
	// Addr is where the API is served.
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" doc:"Address of the API: host:port, unix:PATH, fd:NUMBER or systemd."`
	// Operations is where health, metrics, profiles, routes and the level of the log are served.
	Operations string `placeholder:"HOST:PORT" doc:"Address for operations, which others must not reach; none without it."`
	// PublicURL is where clients find the API.
	PublicURL *url.URL `doc:"Where clients find the API, such as https://api.example.com."`
	// TLSCert and TLSKey are PEM files, which are read again when they change.
	TLSCert string `placeholder:"FILE" doc:"Certificate chain, as PEM; with it the API is served over HTTPS."`
	TLSKey  string `placeholder:"FILE" doc:"Key of the certificate, as PEM."`
	// TrustedProxies are those whose word on where a request comes from counts.
	TrustedProxies []netip.Prefix `placeholder:"CIDR,..." doc:"Addresses of the proxies in front."`
	// Development is for the machine of a developer.
	Development bool `doc:"Nobody depends on this process: checks for production are left out."`
	// DrainDelay is how long the service goes on once a signal came, so that balancers notice.
	DrainDelay time.Duration `default:"3s" minimum:"0s" doc:"How long it goes on serving when it stops, as a part of drain."`
	// Drain is how long requests under way may take once a signal came.
	Drain time.Duration `default:"25s" minimum:"0s" doc:"Most time for requests under way when the service stops."`
	// Log is the form of the log.
	Log string `default:"text" enum:"text,json" doc:"Form of the log on the standard error."`
	// LogLevel is the least level that is logged. A SIGHUP reads it anew.
	LogLevel slog.Level `default:"INFO" placeholder:"LEVEL" doc:"Least level that is logged: DEBUG, INFO, WARN or ERROR."`

	// Logger is made of the settings before the app is built.
	Logger *slog.Logger `config:"-"`

	level *slog.LevelVar
}

const defaultAddr = "127.0.0.1:8080"

func (s *Server) server() *Server { return s }

// prepare makes what the settings say.
func (s *Server) prepare(stderr io.Writer) error {
	s.level = new(slog.LevelVar)
	s.level.Set(s.LogLevel)
	options := &slog.HandlerOptions{Level: s.level}
	if s.Log == "json" {
		s.Logger = slog.New(slog.NewJSONHandler(stderr, options))
	} else {
		s.Logger = slog.New(slog.NewTextHandler(stderr, options))
	}
	return nil
}

// config is what the settings say to tenon.Serve.
func (s *Server) config() tenon.ServerConfig {
	return tenon.ServerConfig{
		Addr: s.Addr, Drain: max(s.Drain, 1), DrainDelay: max(min(s.DrainDelay, s.Drain/2), 1),
		Logger: s.Logger, TLS: tenon.TLSConfig{CertFile: s.TLSCert, KeyFile: s.TLSKey},
		Forwarded: middleware.ForwardedConfig{TrustedProxies: s.TrustedProxies},
	}
}
