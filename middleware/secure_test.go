package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tenon-go/tenon/middleware"
)

// TestSecureHeadersAreOfOneAnswer writes into the values of one answer, as a careless middleware might.
func TestSecureHeadersAreOfOneAnswer(t *testing.T) {
	t.Parallel()
	secure, err := middleware.SecureHeaders(middleware.SecureHeadersConfig{})
	if err != nil {
		t.Fatal(err)
	}
	h := secure(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	answer := func() http.Header {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		return w.Header()
	}
	want := answer().Clone()
	for _, values := range answer() {
		values[0] = "changed"
	}
	for name := range want {
		if got := answer().Get(name); got != want.Get(name) {
			t.Errorf("%s: %q, want %q", name, got, want.Get(name))
		}
	}
}
