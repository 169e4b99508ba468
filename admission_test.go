package tenon_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
)

// TestUV06OverloadedIsDocumentedWhereAdmissionIsOn looks at the document, at what Explain says, and at what is declared.
func TestUV06OverloadedIsDocumentedWhereAdmissionIsOn(t *testing.T) {
	t.Parallel()
	closed := problem.Define(http.StatusServiceUnavailable, "shop-closed", "The shop is closed.")
	answer := func(context.Context, *struct{}) (*found, error) { return &found{}, nil }
	for _, requests := range []int{0, 4} {
		app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler), Admission: middleware.AdmissionConfig{Requests: requests}})
		app.Get("/plain", answer)
		app.Get("/critical", answer, tenon.Critical())
		app.Get("/closed", answer, tenon.Fails(closed))
		v := app.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2"}}})
		v.Get("/x", answer)
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		on := requests > 0
		for path, own := range map[string]bool{"/plain": false, "/critical": false, "/closed": true, "/v1/x": false, "/v2/x": false} {
			document := app.OpenAPI()
			if strings.HasPrefix(path, "/v1") {
				document = app.Document("v1")
			}
			response := document.Paths[path].Get.Responses["503"]
			if (response != nil) != (on || own) {
				t.Errorf("%d places: %s has the answer 503: %t", requests, path, response != nil)
				continue
			}
			if response != nil && response.Ref != "" {
				response = document.Components.Responses[strings.TrimPrefix(response.Ref, "#/components/responses/")]
			}
			if response != nil {
				if told := fmt.Sprint(response.Description, response.Content); strings.Contains(response.Description, "too much to do") != on || response.Headers["Retry-After"] != nil != on || own && !strings.Contains(told, "closed") {
					t.Errorf("%d places: %s: %s %v", requests, path, told, response.Headers)
				}
				if example := response.Content["application/problem+json"].Examples["overloaded"]; (example != nil) != on {
					t.Errorf("%d places: %s: an example of overloaded is %v", requests, path, example)
				}
			}
			e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
			if err != nil || strings.Contains(e.String(), "overloaded") != on {
				t.Errorf("%d places: %s is explained as\n%s%v", requests, path, e, err)
			}
			i := slices.IndexFunc(e.Operation.Responses, func(r tenon.ResponseInfo) bool { return r.Status == 503 })
			if on && slices.Contains(e.Operation.Responses[i].Declared, "overloaded") {
				t.Errorf("%s: the operation declares it itself", path)
			}
		}
	}
}

// TestUV06BoundsWithinBoundsGiveTheirPlacesBack sends, one after the other, more requests than there are places in a group that has a bound of its
// own within that of the server.
func TestUV06BoundsWithinBoundsGiveTheirPlacesBack(t *testing.T) {
	t.Parallel()
	bound := func() tenon.Option {
		return tenon.Use(middleware.Admission(middleware.AdmissionConfig{Requests: 4, Queue: 1, Patience: time.Millisecond}))
	}
	r := run(t, func(logger *slog.Logger) *tenon.App {
		app := tenon.New(tenon.Config{Logger: logger, Admission: middleware.AdmissionConfig{Requests: 4, Queue: 1, Patience: time.Millisecond}}, tenon.Fails(middleware.ErrOverloaded))
		app.Group("/reports", bound()).Get("/x", func(context.Context, *struct{}) (*found, error) { return &found{}, nil }, bound())
		return app
	}, tenon.ServerConfig{})
	for i := range 20 {
		answer, err := http.Get("http://" + r.addr + "/reports/x")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("request %d: status %d, want 200", i, answer.StatusCode)
		}
	}
}
