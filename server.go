package tenon

import (
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
)

// Serve compiles and starts the app and serves it until ctx ends or the process receives SIGINT or SIGTERM; then it drains and returns nil: Ready
// is false at once, for DrainDelay everything is still answered and connections are asked to close, then nothing more is accepted,
// and the requests under way, and the work given to After, have the rest of Drain to finish, but for a fifth of it, 5 s at most, which is
// for what Singleton made. Serve returns when Drain is over, whatever does not end. Streams are told to end by their contexts,
// with ErrStopping as the cause: events when nothing more is accepted, lines when half of Drain is over. A second signal ends the
// process at once.
//
// The error says what is wrong: all faults of the app and of cfg, an address that is in use, or requests that did not finish within
// Drain. ExitCode says what the process should exit with.
func Serve(ctx context.Context, app *App, given ServerConfig) error {
	cfg := given.withDefaults()
	if cfg.Logger == nil {
		cfg.Logger = app.cfg.Logger
	}
	if err := errors.Join(app.Compile(), given.Check()); err != nil {
		if cfg.Listener != nil {
			err = errors.Join(err, cfg.Listener.Close())
		}
		return startError{err}
	}
	gate, _ := app.cfg.gate() // of which Compile told what is wrong
	limits := headerLimits{bytes: cfg.HeaderBytes, values: cfg.HeaderCount}
	s, err := newServing(ctx, app, cfg, front(observed(guard(app, limits, !cfg.OmitDate), cfg.Observer), cfg, gate, &app.ending.open))
	if err != nil {
		return startError{err}
	}
	defer s.close()
	if err := app.Start(ctx); err != nil {
		return startError{errors.Join(err, closeAll(append(s.listeners, s.inside)))}
	}
	// Signals are taken before anything is announced: who starts the process may stop it right away.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	s.start()
	if cfg.Ready != nil {
		cfg.Ready(s.listeners[0].Addr())
	}
	delay := s.cfg.DrainDelay
	select {
	case err := <-s.failed:
		signal.Stop(signals)
		return errors.Join(err, s.drain(context.WithoutCancel(ctx), 0)) // what is under way is not at fault
	case <-ctx.Done():
	case sent := <-signals:
		if sent == os.Interrupt {
			delay = 0
		}
	}
	signal.Stop(signals) // a second one has its usual effect
	return s.drain(context.WithoutCancel(ctx), delay)
}

// startError is why a server did not start.
type startError struct{ error }

// Unwrap is for errors.Is and errors.As.
func (e startError) Unwrap() error { return e.error }

// ExitCode is what a process should exit with for a result of Serve: 0 when it was stopped, 1 when it failed while it ran or while it
// stopped, 3 when it did not start. 2 is left for a command line that cannot be read.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[startError](err); ok {
		return 3
	}
	return 1
}

// serving is one run of Serve.
type serving struct {
	app        *App
	cfg        ServerConfig
	public     *http.Server
	listeners  []net.Listener
	operations *http.Server // nil is none
	inside     net.Listener // that of operations
	patience   time.Duration
	failed     chan error
}

func newServing(ctx context.Context, app *App, cfg ServerConfig, public http.Handler) (*serving, error) {
	s := &serving{app: app, cfg: cfg, patience: cfg.Drain}
	secure, err := cfg.TLS.load(cfg.Logger)
	if err != nil {
		return nil, errors.Join(err, closeAll([]net.Listener{cfg.Listener}))
	}
	app.ending.open.last = min(paceLast, cfg.Drain/4)
	s.public = s.server(public)
	if s.listeners, err = s.listen(ctx, secure); err != nil {
		return nil, err
	}
	if cfg.Operations != nil {
		s.operations = s.server(cfg.Operations)
		s.operations.WriteTimeout = 5 * time.Minute // a profile is taken for as long as one asks
		inside, err := listen(ctx, cfg.OperationsAddr)
		if err != nil {
			return nil, errors.Join(err, closeAll(s.listeners))
		}
		s.inside = bound(inside[0], operationsConnections)
	}
	s.failed = make(chan error, len(s.listeners)+1)
	return s, nil
}

// operationsConnections are few: those who ask there are a balancer, a collector of metrics and a person.
const operationsConnections = 32

// server is a safe http.Server: its times, its limits, and no HTTP/2 without TLS.
func (s *serving) server(h http.Handler) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true) // where TLS agrees on it
	return &http.Server{
		Handler:                      h,
		DisableGeneralOptionsHandler: true, // OPTIONS * passes what guards the others, too
		ReadHeaderTimeout:            s.cfg.ReadHeaderTimeout,
		ReadTimeout:                  s.cfg.ReadTimeout,
		WriteTimeout:                 s.cfg.WriteTimeout,
		IdleTimeout:                  s.cfg.IdleTimeout,
		MaxHeaderBytes:               2 * s.cfg.HeaderBytes, // what is between the two gets a problem, what is above net/http's own 431
		MaxHeaderValueCount:          2 * s.cfg.HeaderCount,
		ErrorLog:                     slog.NewLogLogger(s.cfg.Logger.Handler(), slog.LevelWarn),
		Protocols:                    &protocols,
		ConnState:                    hijacked,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams:          100,
			MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream:     64 << 10,
			WriteByteTimeout:              paceIdle,
		},
	}
}

// start accepts connections on every listener.
func (s *serving) start() {
	for _, l := range s.listeners {
		go s.accept(s.public, l)
	}
	if s.operations != nil {
		go s.accept(s.operations, s.inside)
	}
}

func (s *serving) accept(server *http.Server, l net.Listener) {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.failed <- fmt.Errorf("tenon: serve: %w", err)
	}
}

// close ends what is left, which after a drain is the listener for operations alone.
func (s *serving) close() {
	_ = s.public.Close()
	if s.operations != nil {
		_ = s.operations.Close()
	}
}
