package tenon_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

// tenant is provided by what the caller says, and budget by the tenant.
type (
	tenant struct{ name string }
	budget struct{ *sealed }
)

// TestN13ExplainTellsSlotsAndProviders holds the whole text of an operation with middleware in each slot, values of the request of which one needs another, and one of
// the app.
func TestN13ExplainTellsSlotsAndProviders(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Singleton(func(context.Context, *struct{}) (*finished, error) { return &finished{}, nil })
	app.Provide(func(_ context.Context, in *struct {
		Name string `header:"X-Tenant" maxLength:"20"`
	},
	) (*tenant, error) {
		return &tenant{in.Name}, nil
	})
	app.Provide(func(context.Context, *struct {
		Tenant *tenant   `dep:""`
		App    *finished `dep:""`
	},
	) (*budget, error) {
		return &budget{&sealed{}}, nil
	})
	app.Put("/things/{id}", func(context.Context, *struct {
		ID     int     `path:"id"`
		Budget *budget `dep:""`
	},
	) (*found, error) {
		return &found{}, nil
	}, tenon.Critical(), tenon.BeforeAuth(passOn), tenon.Auth(passOn), tenon.AfterAuth(passOn))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/things/7", http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	folder, _, _ := strings.Cut(e.Operation.Site, "introspect_golden_test.go") // as the build has it
	goldenText(t, "testdata/explain.golden", strings.ReplaceAll(e.String(), folder, ""))
}
