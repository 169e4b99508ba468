package tenon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

// ServerConfig says how an app is served. The zero value of a field is its default; a negative one is refused.
type ServerConfig struct {
	// Addr is the TCP address to listen on. Default "127.0.0.1:8080".
	Addr string
	// Listener takes the place of Addr. Serve closes it. Default none.
	Listener net.Listener
	// Ready is called once with the address when the server accepts connections. Default none.
	Ready func(addr net.Addr)
	// Logger receives one line for each request and the server's own errors. Default: the app's.
	Logger *slog.Logger
	// Forwarded names the proxies in front, whose word on where a request comes from counts. Default none.
	Forwarded middleware.ForwardedConfig
	// ReadHeaderTimeout is the most time for the header of a request. Default 5 s.
	ReadHeaderTimeout time.Duration
	// ReadTimeout is the most time for a whole request. Default 20 s.
	ReadTimeout time.Duration
	// WriteTimeout is the most time from the end of the header to the end of the answer. Default 50 s.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection may wait for its next request. Default 75 s.
	IdleTimeout time.Duration
	// HeaderBytes is the most bytes of a header, with the request line. Default 16 KiB.
	HeaderBytes int
	// HeaderCount is the most header values. Default 100.
	HeaderCount int
	// Drain is the most time for requests under way when the server stops. Default 25 s.
	Drain time.Duration
}

func (c ServerConfig) check() error {
	var errs []error
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"ReadHeaderTimeout", int64(c.ReadHeaderTimeout)}, {"ReadTimeout", int64(c.ReadTimeout)},
		{"WriteTimeout", int64(c.WriteTimeout)}, {"IdleTimeout", int64(c.IdleTimeout)},
		{"HeaderBytes", int64(c.HeaderBytes)}, {"HeaderCount", int64(c.HeaderCount)}, {"Drain", int64(c.Drain)},
	} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("tenon.ServerConfig: %s is %d, want 0 (the default) or more", f.name, f.value))
		}
	}
	return errors.Join(errs...)
}

// Serve compiles the app and serves it until ctx ends or the process receives SIGINT or SIGTERM; then it lets the requests
// under way finish and returns nil. Streams are told to end by their contexts, with ErrStopping as the cause: events at once,
// lines when half of Drain is over. A second signal ends the process at once. The error says what is wrong: all faults of
// the app and of cfg, an address that is in use, or requests that did not finish within Drain.
func Serve(ctx context.Context, app *App, cfg ServerConfig) error {
	logger := cfg.Logger
	if logger == nil {
		logger = app.cfg.Logger
	}
	limits := headerLimits{bytes: cmp.Or(cfg.HeaderBytes, 16<<10), values: cmp.Or(cfg.HeaderCount, 100)}
	open := &streams{}
	handler, err := front(guard(app, limits), cfg, logger, open)
	if err := errors.Join(app.Compile(), cfg.check(), err); err != nil {
		if cfg.Listener != nil {
			err = errors.Join(err, cfg.Listener.Close())
		}
		return err
	}
	server := &http.Server{
		Handler:             handler,
		ReadHeaderTimeout:   cmp.Or(cfg.ReadHeaderTimeout, 5*time.Second),
		ReadTimeout:         cmp.Or(cfg.ReadTimeout, 20*time.Second),
		WriteTimeout:        cmp.Or(cfg.WriteTimeout, 50*time.Second),
		IdleTimeout:         cmp.Or(cfg.IdleTimeout, 75*time.Second),
		MaxHeaderBytes:      2 * limits.bytes, // what is between the two gets a problem, what is above net/http's own 431
		MaxHeaderValueCount: 2 * limits.values,
		ErrorLog:            slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	listener := cfg.Listener
	if listener == nil {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(cfg.Addr, "127.0.0.1:8080"))
		if err != nil {
			return fmt.Errorf("tenon: %w", err)
		}
		listener = l
	}
	if err := app.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if cfg.Ready != nil {
		cfg.Ready(listener.Addr())
	}
	select {
	case err := <-failed:
		return errors.Join(fmt.Errorf("tenon: serve: %w", err), app.stopNow(ctx))
	case <-ctx.Done():
	}
	stop() // a second signal has its usual effect
	patience := cmp.Or(cfg.Drain, 25*time.Second)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	open.events.stop()
	defer time.AfterFunc(patience/2, open.lines.stop).Stop() // until then, what is being sent may come to its end
	err = server.Shutdown(drain)
	if err != nil {
		_ = server.Close()
		err = fmt.Errorf("tenon: requests did not finish while the server stopped: %w", err)
	}
	return errors.Join(err, app.background.wait(drain), app.stopNow(ctx))
}

// headerLimits bound the header of one request, with its request line.
type headerLimits struct{ bytes, values int }

// guard refuses what net/http lets through. A header above a limit gets a problem. A connection does not go on after a chunked
// request of HTTP/1.1: RFC 9112, section 6.1, demands it where a length is given as well, which net/http does not show.
func guard(app *App, limits headerLimits) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 1 && r.TransferEncoding != nil {
			w.Header().Set("Connection", "close")
		}
		size, count := len(r.Method)+len(r.RequestURI)+len(r.Host), 0
		for name, values := range r.Header {
			count += len(values)
			for _, value := range values {
				size += len(name) + len(value) + len(": \r\n")
			}
		}
		if size > limits.bytes || count > limits.values {
			w.Header().Set("Connection", "close")
			app.answer(w, r, problem.New(problem.CodeHeadersTooLarge, ""))
			return
		}
		app.ServeHTTP(w, r)
	})
}
