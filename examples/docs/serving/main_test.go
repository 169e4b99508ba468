package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/tenontest"
)

func TestService(t *testing.T) {
	t.Parallel()
	var level slog.LevelVar
	s, err := newService(slog.New(slog.DiscardHandler), &level)
	if err != nil {
		t.Fatal(err)
	}
	api := tenontest.New(t, s.app)
	for _, path := range []string{"/fast", "/report", "/livez", "/readyz"} {
		api.Get(path).Status(200)
	}
	api.Get("/debug/pprof/").Status(404)
	w := httptest.NewRecorder()
	s.operations.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8081/readyz", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"name":"database"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
