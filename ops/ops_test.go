package ops_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/ops"
)

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/users/{id}", func(context.Context, *struct {
		ID string `path:"id"`
	}) (*tenon.NoContent, error) {
		return nil, nil
	}, tenon.OperationID("getUser"))
	app.Get("/alive", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.Critical())
	return app
}

func says(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

func TestHandler(t *testing.T) {
	t.Parallel()
	app := newApp()
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	full := ops.Config{
		Readiness: says("with details"), Metrics: says("metrics"), Level: &slog.LevelVar{}, Handlers: map[string]http.Handler{"/extra": says("explained")},
		Hosts: []string{"ops.internal"},
	}
	for _, tt := range []struct {
		name         string
		cfg          ops.Config
		method, path string
		header       map[string]string
		body         string
		status       int
		want         string
	}{
		{"lists what there is", full, "GET", "/", nil, "", 200, "/debug/pprof/\n/explain\n/extra\n/livez\n/log/level\n/metrics\n/readyz\n/routes\n"},
		{"lists less when there is less", ops.Config{OmitProfiles: true}, "GET", "/", nil, "", 200, "/explain\n/livez\n/readyz\n/routes\n"},
		{"says that the process lives", ops.Config{}, "GET", "/livez", nil, "", 200, "ok"},
		{"says that the app is ready", ops.Config{}, "GET", "/readyz", nil, "", 200, "ok"},
		{"shows details", full, "GET", "/readyz", nil, "", 200, "with details"},
		{"shows metrics", full, "GET", "/metrics", nil, "", 200, "metrics"},
		{"shows further pages", full, "GET", "/extra", nil, "", 200, "explained"},
		{"shows the routes", full, "GET", "/routes", nil, "", 200, "/users/{id}\tGET\t-\tgetUser\n/alive\tGET\t-\tgetAlive\tcritical\n"},
		{"explains a request", full, "GET", "/explain?path=/users/7", nil, "", 200, "GET /users/7\n  route        /users/{id}\n"},
		{"tells what is critical", full, "GET", "/explain?path=/alive", nil, "", 200, "admission    critical"},
		{"explains a request with another method", full, "GET", "/explain?path=/users/7&method=put", nil, "", 200, "405 Method Not Allowed"},
		{"explains to programs", full, "GET", "/explain?path=/users/7", map[string]string{"Accept": "application/json"}, "", 200, `"pattern":"/users/{id}"`},
		{"explains who may call", full, "GET", "/explain?path=/alive&as=nobody&as=admin+scope=", nil, "", 200, "  as nobody    yes: nobody has said who may call: anybody\n  as admin scope= yes"},
		{"wants callers whom it knows", full, "GET", "/explain?path=/alive&as=rank=admin", nil, "", 422, `"rank=" is not known`},
		{"wants a path to explain", full, "GET", "/explain", nil, "", 422, "path=/users"},
		{"wants a query that can be read", full, "GET", "/explain?path=/users;x", nil, "", 422, "path=/users"},
		{"wants a method that is one", full, "GET", "/explain?path=/users&method=%20", nil, "", 422, "invalid method"},
		{"reads the log level", full, "GET", "/log/level", nil, "", 200, "INFO\n"},
		{"refuses a level that is none", full, "PUT", "/log/level", nil, "loud", 422, "debug, info, warn or error"},
		{"refuses a level that is long", full, "PUT", "/log/level", nil, strings.Repeat("debug", 1000), 422, "debug, info, warn or error"},
		{"refuses other methods for it", full, "POST", "/log/level", nil, "debug", 405, "Allowed"},
		{"has no level without one", ops.Config{}, "GET", "/log/level", nil, "", 404, ""},
		{"has no metrics without them", ops.Config{}, "GET", "/metrics", nil, "", 404, ""},
		{"has profiles", full, "GET", "/debug/pprof/", nil, "", 200, "goroutine"},
		{"shows a profile", full, "GET", "/debug/pprof/goroutine?debug=1", nil, "", 200, "goroutine profile"},
		{"has no other profile", full, "GET", "/debug/pprof/users", nil, "", 404, "no such profile"},
		{"bounds a profile", full, "GET", "/debug/pprof/profile?seconds=100000", nil, "", 422, "1 to 120"},
		{"can leave profiles out", ops.Config{OmitProfiles: true}, "GET", "/debug/pprof/goroutine", nil, "", 404, ""},
		{"refuses a name that a page could have bound to us", full, "GET", "/routes", map[string]string{"Host": "evil.example"}, "", 421, "host"},
		{"lets in a name of its own", full, "GET", "/livez", map[string]string{"Host": "ops.internal:8081"}, "", 200, "ok"},
		{"lets in addresses", full, "GET", "/livez", map[string]string{"Host": "[::1]:8081"}, "", 200, "ok"},
		{"refuses what a page of another site loads", full, "GET", "/debug/pprof/goroutine", map[string]string{"Sec-Fetch-Site": "cross-site"}, "", 403, "another site"},
		{"refuses what another port of this machine loads", full, "GET", "/routes", map[string]string{"Sec-Fetch-Site": "same-site"}, "", 403, "another site"},
		{"lets in who follows a link", full, "GET", "/routes", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, "", 200, "/users"},
		{"lets in what somebody types into a browser", full, "GET", "/routes", map[string]string{"Sec-Fetch-Site": "none"}, "", 200, "/users"},
		{"refuses what another site sends", full, "PUT", "/log/level", map[string]string{"Sec-Fetch-Site": "cross-site"}, "debug", 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, err := ops.Handler(app, tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), tt.method, "http://127.0.0.1:8081"+tt.path, strings.NewReader(tt.body))
			for name, value := range tt.header {
				r.Header.Set(name, value)
				if name == "Host" {
					r.Host = value
				}
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("%d %s, want %d %s", w.Code, w.Body, tt.status, tt.want)
			}
		})
	}
}

func TestHandlerChangesTheLogLevel(t *testing.T) {
	t.Parallel()
	var level slog.LevelVar
	h, err := ops.Handler(newApp(), ops.Config{Level: &level})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "http://localhost/log/level", strings.NewReader("debug\n")))
	if w.Code != http.StatusOK || level.Level() != slog.LevelDebug {
		t.Errorf("%d %s, level %v", w.Code, w.Body, level.Level())
	}
}

func TestHandlerIsNotReadyWhenTheAppEnds(t *testing.T) {
	t.Parallel()
	app := newApp()
	app.Drain()
	h, err := ops.Handler(app, ops.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/readyz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHandlerSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"explain": "is not a path", "/": "is not a path", "/livez": "is taken", "/{$}": "conflicts", "/jobs/{": "wildcard"} {
		if _, err := ops.Handler(newApp(), ops.Config{Handlers: map[string]http.Handler{path: says("x")}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := ops.Handler(newApp(), ops.Config{Handlers: map[string]http.Handler{"/x": nil}}); err == nil {
		t.Error("a handler that is nil is taken")
	}
}

// TestImportingOpsPublishesNothing holds because net/http/pprof is not imported.
func TestImportingOpsPublishesNothing(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/debug/pprof/", nil)
	if _, pattern := http.DefaultServeMux.Handler(r); pattern != "" {
		t.Errorf("http.DefaultServeMux serves %s", pattern)
	}
}
