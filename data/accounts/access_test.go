package accounts_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestSD075AllOperationsAreSeen holds that the matrix has every operation that Routes adds, with its rule, and that T007 would find one without.
func TestSD075AllOperationsAreSeen(t *testing.T) {
	t.Parallel()
	datatest.Each(t, migrations(), func(t *testing.T, db *data.DB) {
		acc := newService(t, db, newShared(t), nil).acc
		app := tenon.New(tenon.Config{Title: "People", Version: "1"})
		acc.Routes(app.Group("/v1/auth", auth.Required(auth.Bearer(acc.Tokens(), auth.BearerConfig{}))))
		app.Get("/unruled", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
		if err := app.Compile(); err != nil {
			t.Fatal(err)
		}
		seen := map[string]string{}
		for _, row := range auth.Matrix(app).Rows {
			if strings.HasPrefix(row.Operation[strings.Index(row.Operation, " ")+1:], "/v1/auth/") {
				seen[row.Operation] = row.Rule
			}
		}
		for operation, want := range map[string]string{
			"POST /v1/auth/login": "public: signs in", "POST /v1/auth/token": "public: signs in", "POST /v1/auth/refresh": "public: signs in",
			"POST /v1/auth/logout": "in a session", "POST /v1/auth/password": "in a session", "GET /v1/auth/sessions": "in a session",
			"DELETE /v1/auth/sessions": "in a session", "DELETE /v1/auth/sessions/{id}": "in a session", "POST /v1/auth/keys": "in a session",
			"GET /v1/auth/keys": "in a session", "DELETE /v1/auth/keys/{id}": "in a session",
		} {
			if seen[operation] != want {
				t.Errorf("the rule of %s is %q, want %q", operation, seen[operation], want)
			}
			delete(seen, operation)
		}
		if len(seen) > 0 {
			t.Errorf("the matrix also has %v", seen)
		}
		var unruled []string
		for _, f := range check.Run(&check.Subject{App: app, Operations: app.Operations()}, check.Builtin()) {
			if f.Code == "T007" {
				unruled = append(unruled, f.Where)
			}
		}
		if !slices.Equal(unruled, []string{"GET /unruled"}) {
			t.Errorf("T007 finds %q", unruled)
		}
	})
}
