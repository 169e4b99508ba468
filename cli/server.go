package cli

import (
	"io"
	"log/slog"
	"time"

	"github.com/tenon-go/tenon"
)

// Server are the settings that every service has. Embed it in the struct of settings.
type Server struct {
	// Addr is where the API is served.
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" doc:"Address of the API: host:port, unix:PATH, fd:NUMBER or systemd."`
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
	return tenon.ServerConfig{Addr: s.Addr, Drain: s.Drain, Logger: s.Logger}
}
