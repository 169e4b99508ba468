// Package provided has operations whose providers bring parameters, problems and security with them.
package provided

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// ErrNoTenant is what the provider of a tenant refuses with.
var ErrNoTenant = problem.Define(http.StatusForbidden, "no-tenant", "The tenant is not yours.")

// Tenant is provided by name.
type Tenant struct{ Name string }

// User is provided by a header.
type User struct{ Name string }

type tenantIn struct {
	Name string `path:"tenant" maxLength:"20" doc:"Name of the tenant."`
	User *User  `dep:""`
}

type userIn struct {
	Key   string `header:"X-Key" minLength:"8"`
	Trace string `query:"trace" default:"off" enum:"on,off"`
}

type listIn struct {
	Tenant *Tenant `dep:""`
	Trace  string  `query:"trace" default:"off" enum:"on,off" doc:"Whether to say more."`
	Kind   string  `query:"kind" default:"all"`
}

type nameIn struct {
	Name string `path:"name"`
}

// Names is a body.
type Names struct {
	Names []string `json:"names"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Provided", Version: "1.0.0"})
	key := &openapi.SecurityScheme{Type: "apiKey", Name: "X-Key", In: "header"}
	app.Provide(func(_ context.Context, in *tenantIn) (*Tenant, error) { return &Tenant{in.Name}, nil }, tenon.Fails(ErrNoTenant))
	app.Provide(func(context.Context, *userIn) (*User, error) { return &User{}, nil },
		tenon.Fails(problem.New(problem.CodeUnauthorized, "")), tenon.Tags("guarded"),
		func(o *tenon.Operation) {
			o.Secure(tenon.Security{Name: "key", Scheme: key, Scopes: []string{"names"}})
		})
	app.Get("/of/{tenant}/names", func(context.Context, *listIn) (*Names, error) { return &Names{}, nil })
	app.Delete("/of/{tenant}/names/{name}", func(context.Context, *nameIn) (*tenon.NoContent, error) { return nil, nil }, tenon.Needs[Tenant]())
	app.Get("/open", func(context.Context, *struct{}) (*Names, error) { return &Names{}, nil })
	return app
}
