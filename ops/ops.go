// Package ops is what a service shows to those who run it, on a listener of its own: liveness, readiness with details, metrics,
// profiles, routes, what a request would meet, and the log level.
//
//	operations, err := ops.Handler(app, ops.Config{Readiness: checks.Details(), Metrics: metrics.Handler(), Level: level})
//	tenon.Serve(ctx, app, tenon.ServerConfig{Operations: operations})
//
// Nobody is asked who they are, so it belongs on a loopback address or a Unix socket, which is what Serve insists on. Pages in a
// browser on the same machine are kept out: names other than localhost are refused, and so is what another site sends.
package ops

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// Config says what is shown. The zero value is safe.
type Config struct {
	// Readiness answers /readyz with details, such as health.Health.Details. Default: whether the app is ready.
	Readiness http.Handler
	// Metrics answers /metrics. Default none.
	Metrics http.Handler
	// Level is read at /log/level, and changed by PUT. Default none.
	Level *slog.LevelVar
	// Handlers are further pages by their path, such as "/jobs". Default none.
	Handlers map[string]http.Handler
	// Hosts are names, besides localhost and addresses, that requests may be for. Default none.
	Hosts []string
	// OmitProfiles leaves the profiles out. Default false.
	OmitProfiles bool
}

// Handler makes the handler for the listener for operations.
func Handler(app *tenon.App, cfg Config) (http.Handler, error) {
	pages := map[string]http.Handler{
		"/livez":   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") }),
		"/readyz":  cfg.Readiness,
		"/routes":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, routes(app)) }),
		"/explain": explain(app),
	}
	if cfg.Readiness == nil {
		pages["/readyz"] = ready(app)
	}
	if cfg.Metrics != nil {
		pages["/metrics"] = cfg.Metrics
	}
	if cfg.Level != nil {
		pages["/log/level"] = level{cfg.Level}
	}
	if !cfg.OmitProfiles {
		pages["/debug/pprof/"] = profiles()
	}
	var errs []error
	for path, h := range cfg.Handlers {
		switch {
		case !strings.HasPrefix(path, "/") || path == "/":
			errs = append(errs, fmt.Errorf("ops: Handlers: %q is not a path below /", path))
		case pages[path] != nil:
			errs = append(errs, fmt.Errorf("ops: Handlers: %q is taken", path))
		case h == nil:
			errs = append(errs, fmt.Errorf("ops: Handlers: %q has no handler", path))
		}
		pages[path] = h
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/{$}", index(pages))
	for _, path := range slices.Sorted(maps.Keys(pages)) {
		errs = append(errs, add(mux, path, pages[path]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return local(http.NewCrossOriginProtection().Handler(mux), cfg.Hosts), nil
}

// add serves a page. What cannot be a pattern, or is that of another page, is an error.
func add(mux *http.ServeMux, path string, h http.Handler) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("ops: Handlers: %q: %v", path, reason)
		}
	}()
	mux.Handle(path, h)
	return nil
}

// foreign reports whether a browser asks for what a page of another origin wants to have. Reading is refused too: a profile slows the
// process down. Following a link is not.
func foreign(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Dest") != "document"
}

// local refuses requests for names that a foreign page could have made to mean this machine.
func local(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		_, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil && host != "localhost" && host != "" && !slices.Contains(hosts, host) {
			answer(w, http.StatusMisdirectedRequest, "The host is not localhost, an address or one of ops.Config.Hosts.")
			return
		}
		if foreign(r) {
			answer(w, http.StatusForbidden, "The request comes from a page of another site.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, strings.TrimSuffix(text, "\n")+"\n") //nolint:gosec // Text, and nosniff.
}

func ready(app *tenon.App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !app.Ready() {
			answer(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		answer(w, http.StatusOK, "ok")
	})
}

func index(pages map[string]http.Handler) http.Handler {
	var lines []string
	for path := range pages {
		lines = append(lines, path)
	}
	slices.Sort(lines)
	text := strings.Join(lines, "\n")
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, text) })
}

// level reads and changes the level of a log.
type level struct{ of *slog.LevelVar }

// ServeHTTP answers with the level, and takes another by PUT.
func (l level) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPut:
		text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64))
		var wanted slog.Level
		if err == nil {
			err = wanted.UnmarshalText([]byte(strings.TrimSpace(string(text))))
		}
		if err != nil {
			answer(w, http.StatusUnprocessableEntity, "The body is debug, info, warn or error.")
			return
		}
		l.of.Set(wanted)
	default:
		w.Header().Set("Allow", "GET, HEAD, PUT")
		answer(w, http.StatusMethodNotAllowed, "Allowed: GET, HEAD, PUT.")
		return
	}
	answer(w, http.StatusOK, l.of.Level().String())
}
