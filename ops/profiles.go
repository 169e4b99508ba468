package ops

import (
	"net/http"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a profile that takes time.
const (
	defaultSeconds = 30
	mostSeconds    = 120
)

// profiles serves what `go tool pprof` reads. It is not net/http/pprof, which puts itself on http.DefaultServeMux as soon as it is
// imported, where a program may serve it to everybody.
func profiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/{$}", func(w http.ResponseWriter, _ *http.Request) {
		names := []string{"profile?seconds=30", "trace?seconds=5"}
		for _, p := range pprof.Profiles() {
			names = append(names, p.Name())
		}
		slices.Sort(names)
		answer(w, http.StatusOK, strings.Join(names, "\n"))
	})
	mux.HandleFunc("GET /debug/pprof/profile", func(w http.ResponseWriter, r *http.Request) {
		during(w, r, func() error { return pprof.StartCPUProfile(w) }, pprof.StopCPUProfile)
	})
	mux.HandleFunc("GET /debug/pprof/trace", func(w http.ResponseWriter, r *http.Request) {
		during(w, r, func() error { return trace.Start(w) }, trace.Stop)
	})
	mux.HandleFunc("GET /debug/pprof/{name}", func(w http.ResponseWriter, r *http.Request) {
		p := pprof.Lookup(r.PathValue("name"))
		if p == nil {
			answer(w, http.StatusNotFound, "There is no such profile.")
			return
		}
		debug, _ := strconv.Atoi(r.FormValue("debug"))
		w.Header().Set("Content-Type", "application/octet-stream")
		if debug > 0 {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		}
		_ = p.WriteTo(w, debug) // a client that left is nobody's fault
	})
	return mux
}

// during records between start and stop, for as long as the query says or until the client leaves.
func during(w http.ResponseWriter, r *http.Request, start func() error, stop func()) {
	seconds := defaultSeconds
	if text := r.FormValue("seconds"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostSeconds {
			answer(w, http.StatusUnprocessableEntity, "seconds is 1 to "+strconv.Itoa(mostSeconds)+".")
			return
		}
		seconds = n
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := start(); err != nil {
		answer(w, http.StatusConflict, err.Error()) // it is recorded already
		return
	}
	defer stop()
	timer := time.NewTimer(time.Duration(seconds) * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}
