package cli

import (
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"runtime"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/cors"
	"github.com/tenon-go/tenon/ops"
)

// Server are the settings that every service has. Embed it in the struct of settings.
type Server struct {
	// Addr is where the API is served.
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" doc:"Address of the API: host:port, unix:PATH, fd:NUMBER or systemd."`
	// Operations is where health, metrics, profiles, routes and the level of the log are served.
	Operations string `placeholder:"HOST:PORT" doc:"Address for operations, which others must not reach; none without it."`
	// InsecureOperations lets Operations be an address that others can reach.
	InsecureOperations bool `doc:"Something else keeps others away from the address for operations."`
	// PublicURL is where clients find the API.
	PublicURL *url.URL `doc:"Where clients find the API, such as https://api.example.com."`
	// TLSCert and TLSKey are PEM files, which are read again when they change.
	TLSCert string `placeholder:"FILE" doc:"Certificate chain, as PEM; with it the API is served over HTTPS."`
	TLSKey  string `placeholder:"FILE" doc:"Key of the certificate, as PEM."`
	// TLSClientCA is a PEM file of those who sign the certificates of clients.
	TLSClientCA string `placeholder:"FILE" doc:"Authorities, as PEM, of which each client must show a certificate."`
	// TrustedProxies are those whose word on where a request comes from counts.
	TrustedProxies []netip.Prefix `placeholder:"CIDR,..." doc:"Addresses of the proxies in front."`
	// Development is for the machine of a developer.
	Development bool `doc:"Nobody depends on this process: checks for production are left out."`

	// Requests is the bound of Admission, for each processor.
	Requests int `default:"512" minimum:"0" doc:"Most requests worked on at once for each processor, with fewer while they are busy; 0 is no bound."`
	// Connections is the most connections of the listener.
	Connections int `default:"10000" minimum:"1" doc:"Most connections; others wait."`
	// ReadTimeout is for the header and body of a request.
	ReadTimeout time.Duration `default:"20s" minimum:"1s" placeholder:"TIME" doc:"Most time for a request to arrive."`
	// WriteTimeout is for everything after the header.
	WriteTimeout time.Duration `default:"50s" minimum:"1s" placeholder:"TIME" doc:"Most time from the end of its header to the end of the answer."`
	// IdleTimeout is for the time between two requests; that of a balancer in front is shorter.
	IdleTimeout time.Duration `default:"75s" minimum:"1s" placeholder:"TIME" doc:"Most time that a connection waits for its next request."`
	// DrainDelay is how long the service goes on once a signal came, so that balancers notice.
	DrainDelay time.Duration `default:"3s" minimum:"0s" placeholder:"TIME" doc:"How long it goes on serving when it stops, in drain, at most half of it."`
	// Drain is how long requests under way may take once a signal came.
	Drain time.Duration `default:"25s" minimum:"0s" placeholder:"TIME" doc:"Most time until it has stopped; a fifth of it, 5 s at most, is not for requests."`

	// Log is the form of the log.
	Log string `default:"json" enum:"json,text" doc:"Form of the log on the standard error: json, or text for people to read."`
	// LogLevel is the least level that is logged. A SIGHUP reads it anew.
	LogLevel slog.Level `default:"INFO" placeholder:"LEVEL" doc:"Least level that is logged: DEBUG, INFO, WARN or ERROR."`

	// Logger is made of the settings before the app is built.
	Logger *slog.Logger `config:"-"`
	// Serving is for what no setting says of the server; Build may set its Observer, its SecureHeaders and the like.
	Serving tenon.ServerConfig `config:"-"`
	// Ops is for what no setting says of the operations listener; Build may set its Readiness, its Metrics and further Handlers.
	Ops ops.Config `config:"-"`
	// Notices are lines for whoever starts the service, such as a password that is shown once. They are printed below the addresses when it is ready;
	// what is opened when the app starts may add some.
	Notices []string `config:"-"`

	level *slog.LevelVar
	lines *middleware.JSONLog // nil: the log is text
}

func (s *Server) server() *Server { return s }

// prepare makes what the settings say.
func (s *Server) prepare(stderr io.Writer) error {
	s.level = new(slog.LevelVar)
	s.level.Set(s.LogLevel)
	if s.Log == "json" {
		s.lines = middleware.NewJSONLog(stderr, s.level)
		s.Logger = slog.New(s.lines)
		return nil
	}
	s.Logger = slog.New(middleware.LogHandler(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: s.level})))
	return nil
}

// flush writes what the log keeps. A reader that does not take it holds up the end for a second.
func (s *Server) flush() {
	if s.lines != nil {
		s.lines.Flush(time.Second)
	}
}

// Admission is what the settings say to tenon.Config, for Build to give to the app.
func (s *Server) Admission() middleware.AdmissionConfig {
	return middleware.AdmissionConfig{Requests: s.Requests * runtime.GOMAXPROCS(0)}
}

// config is what the settings say to tenon.Serve.
func (s *Server) config() tenon.ServerConfig {
	c := s.Serving
	c.Addr, c.Logger = s.Addr, s.Logger
	c.InsecureOperations = s.InsecureOperations && s.Operations != ""
	c.TLS = tenon.TLSConfig{CertFile: s.TLSCert, KeyFile: s.TLSKey, ClientCAFile: s.TLSClientCA}
	c.Forwarded.TrustedProxies = s.TrustedProxies
	if s.PublicURL != nil {
		c.SecureHeaders.PublicURL = s.PublicURL.String()
	}
	c.Connections, c.ReadTimeout, c.WriteTimeout, c.IdleTimeout = s.Connections, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout
	c.Drain, c.DrainDelay = max(s.Drain, 1), max(min(s.DrainDelay, s.Drain/2), 1)
	return c
}

// CORS are the settings of a service that pages of other origins may call. Embed it beside Server, and give its CORSOptions to the app.
type CORS struct {
	// CORSOrigins are those of the pages.
	CORSOrigins []string `placeholder:"ORIGIN,..." doc:"Pages that may call the API, such as https://app.example.com."`
}

// CORSOptions are those of an app that answers these pages; none without origins.
func (c CORS) CORSOptions() []tenon.Option {
	if len(c.CORSOrigins) == 0 {
		return nil
	}
	return []tenon.Option{tenon.Use(cors.New(cors.Config{Origins: c.CORSOrigins}))}
}
