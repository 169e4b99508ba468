package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
)

// chained puts middleware around a handler, the first outermost.
func chained(t *testing.T, h http.HandlerFunc, makers ...func() (middleware.Middleware, error)) http.Handler {
	t.Helper()
	var wrapped http.Handler = h
	for _, made := range slices.Backward(makers) {
		mw, err := made()
		if err != nil {
			t.Fatal(err)
		}
		wrapped = mw(wrapped)
	}
	return wrapped
}

func forwarded(cfg middleware.ForwardedConfig) func() (middleware.Middleware, error) {
	return func() (middleware.Middleware, error) { return middleware.Forwarded(cfg) }
}

func requestID() (middleware.Middleware, error) {
	return middleware.RequestID, nil
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	trusted := middleware.ForwardedConfig{TrustedProxies: prefixes("10.0.0.0/8")}
	for _, tt := range []struct {
		name, peer string
		sent       []string
		taken      bool
	}{
		{"takes that of a trusted proxy", proxy, []string{"Ab9._-" + strings.Repeat("x", 58)}, true},
		{"refuses that of a stranger", "203.0.113.9:1", []string{"abc"}, false},
		{"refuses one that is too long", proxy, []string{strings.Repeat("x", 65)}, false},
		{"refuses an empty one", proxy, []string{""}, false},
		{"refuses a line break", proxy, []string{"a\nb"}, false},
		{"refuses a space", proxy, []string{"a b"}, false},
		{"refuses markup", proxy, []string{"<b>"}, false},
		{"refuses a quote", proxy, []string{`a"b`}, false},
		{"refuses what is not ASCII", proxy, []string{"ä"}, false},
		{"refuses two", proxy, []string{"a", "b"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var inside string
			h := chained(t, func(_ http.ResponseWriter, r *http.Request) { inside = tenon.RequestID(r.Context()) }, forwarded(trusted), requestID)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.Header["X-Request-Id"] = tt.peer, tt.sent
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header()["X-Request-Id"]; len(got) != 1 || got[0] != inside {
				t.Errorf("the answer says %q, the handler %q", got, inside)
			}
			if (inside == tt.sent[0]) != tt.taken {
				t.Errorf("id %q", inside)
			}
			if id, err := uuid.Parse(inside); !tt.taken && (err != nil || id[6]>>4 != 7) {
				t.Errorf("%q is not a UUID of version 7", inside)
			}
		})
	}
}

func TestRequestIDReadsTraceparent(t *testing.T) {
	t.Parallel()
	const trace, span = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for _, tt := range []struct {
		name string
		sent []string
		want string
	}{
		{"the form of the standard", []string{"00-" + trace + "-" + span + "-01"}, trace},
		{"not sampled", []string{"00-" + trace + "-" + span + "-00"}, trace},
		{"a later version", []string{"cc-" + trace + "-" + span + "-01"}, trace},
		{"a later version with more", []string{"cc-" + trace + "-" + span + "-01-what"}, trace},
		{"a later version with more that is not set off", []string{"cc-" + trace + "-" + span + "-01what"}, ""},
		{"this version with more", []string{"00-" + trace + "-" + span + "-01-what"}, ""},
		{"version ff", []string{"ff-" + trace + "-" + span + "-01"}, ""},
		{"capitals", []string{"00-" + strings.ToUpper(trace) + "-" + span + "-01"}, ""},
		{"a trace of zeros", []string{"00-" + strings.Repeat("0", 32) + "-" + span + "-01"}, ""},
		{"a parent of zeros", []string{"00-" + trace + "-" + strings.Repeat("0", 16) + "-01"}, ""},
		{"too short", []string{"00-" + trace[1:] + "-" + span + "-01"}, ""},
		{"no flags", []string{"00-" + trace + "-" + span + "-"}, ""},
		{"flags that are no digits", []string{"00-" + trace + "-" + span + "-0x"}, ""},
		{"another separator", []string{"00_" + trace + "_" + span + "_01"}, ""},
		{"two of them", []string{"00-" + trace + "-" + span + "-01", "00-" + trace + "-" + span + "-01"}, ""},
		{"none", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := "?"
			h := chained(t, func(_ http.ResponseWriter, r *http.Request) { got = middleware.TraceID(r.Context()) }, requestID)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header["Traceparent"] = tt.sent
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got != tt.want {
				t.Errorf("trace id %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOutsideARequestNothingIsKnown(t *testing.T) {
	t.Parallel()
	if middleware.ClientIP(t.Context()).IsValid() || middleware.TraceID(t.Context()) != "" || tenon.RequestID(t.Context()) != "" {
		t.Error("a context without a request knows one")
	}
}
