package tenontest_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	// owner is what a provider makes, and fails to.
	owner struct{ fail error }
	owned struct {
		Owner *owner `dep:""`
	}
	amount struct {
		Available int `json:"available"`
	}
	wrongAmount struct {
		Available string `json:"available"`
		Note      string `json:"note"`
	}
)

// Finish fails where the value says so.
func (o *owner) Finish(context.Context, error) error { return o.fail }

var (
	errNoOwner       = problem.Define(http.StatusForbidden, "no-owner", "The item is not yours.")
	errSoldOut       = problem.Define(http.StatusConflict, "sold-out", "There is no more of it.").Members[amount]()
	errSoldOtherwise = problem.Define(http.StatusConflict, "sold-out", "There is no more of it.").Members[wrongAmount]()
)

// TestN02RemovingADeclarationFailsTheTest declares a problem at each layer in turn, whoever returns it, and nowhere.
func TestN02RemovingADeclarationFailsTheTest(t *testing.T) {
	t.Parallel()
	declared := tenon.Fails(errNoOwner)
	type places struct{ app, group, provider, operation []tenon.Option }
	returns := map[string]func(*tenon.Group, places){
		"a handler": func(g *tenon.Group, p places) {
			g.Provide(func(context.Context, *struct{}) (*owner, error) { return &owner{}, nil }, p.provider...)
			g.Get("/items", func(context.Context, *owned) (*item, error) { return nil, errNoOwner }, p.operation...)
		},
		"a provider": func(g *tenon.Group, p places) {
			g.Provide(func(context.Context, *struct{}) (*owner, error) { return nil, errNoOwner }, p.provider...)
			g.Get("/items", func(context.Context, *owned) (*item, error) { return &item{1, "Ada"}, nil }, p.operation...)
		},
		"the end of what is provided": func(g *tenon.Group, p places) {
			g.Provide(func(context.Context, *struct{}) (*owner, error) { return &owner{errNoOwner}, nil }, p.provider...)
			g.Get("/items", func(context.Context, *owned) (*item, error) { return &item{1, "Ada"}, nil }, p.operation...)
		},
	}
	for layer, p := range map[string]places{
		"app": {app: []tenon.Option{declared}}, "group": {group: []tenon.Option{declared}}, "provider": {provider: []tenon.Option{declared}},
		"operation": {operation: []tenon.Option{declared}}, "none": {},
	} {
		for who, register := range returns {
			t.Run(who+" returns what is declared by: "+layer, func(t *testing.T) {
				t.Parallel()
				test := func(f *fake) {
					app := tenon.New(tenon.Config{Logger: tenontest.Logger(f)}, p.app...)
					register(app.Group("/api", p.group...), p)
					tenontest.New(f, app, tenontest.Config{IgnoreDocument: layer == "none"}).Get("/api/items").Status(http.StatusForbidden).Problem("no-owner")
				}
				if layer == "none" {
					expect(t, test, "GET /api/items answered with a problem that it does not declare", "no-owner")
					return
				}
				expect(t, test)
			})
		}
	}
}

// TestN02AMemberThatIsNotDeclaredFailsTheTest answers with a problem of a code that is declared with members of another type.
func TestN02AMemberThatIsNotDeclaredFailsTheTest(t *testing.T) {
	t.Parallel()
	test := func(answered error) func(*fake) {
		return func(f *fake) {
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(f)})
			app.Get("/items", func(context.Context, *struct{}) (*item, error) { return nil, answered }, tenon.Fails(errSoldOut))
			tenontest.New(f, app).Get("/items").Status(http.StatusConflict)
		}
	}
	expect(t, test(errSoldOut.With(amount{3})))
	expect(t, test(errSoldOtherwise.With(wrongAmount{"3", "soon"})), "/available", "document")
}
