package tenon_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// Values that are provided, and inputs of what provides them.
type (
	depUser    struct{}
	depSession struct{}
	depTokens  struct{}

	needsUser struct {
		User *depUser `dep:""`
	}
	needsSession struct {
		Session *depSession `dep:""`
	}
	needsTokens struct {
		Tokens *depTokens `dep:""`
	}
	needsReader struct {
		From io.Reader `dep:""`
	}
	needsTenant struct {
		Tenant string `path:"tenant"`
	}
	pageAndUser struct {
		Page int      `query:"page" minimum:"1"`
		User *depUser `dep:""`
	}
	pageText struct {
		Page string `query:"page"`
	}
	pageMany struct {
		Page int `query:"page" minimum:"1" maximum:"9"`
	}
	depBody struct {
		Name string `body:""`
	}
	depForm struct {
		Name string `form:"name"`
	}
	depStatus struct {
		Code int `status:""`
	}
	depRule struct {
		Page string `query:"page" minimum:"1"`
	}
	optionalValue struct {
		User depUser `dep:"optional"`
	}
	depValue struct {
		User *depUser `dep:"user"`
	}
)

// TestSD022ProviderFaults registers what cannot be provided. A fault of one provider is told at its site, and one of the way to it at the
// site of the operation, with the way.
func TestSD022ProviderFaults(t *testing.T) {
	t.Parallel()
	bearer := &openapi.SecurityScheme{Type: "http", Scheme: "bearer"}
	secure := func(name string, scheme *openapi.SecurityScheme) tenon.Option {
		return func(o *tenon.Operation) { o.Secure(tenon.Security{Name: name, Scheme: scheme}) }
	}
	const here = "provide_faults_test.go:"
	checkFaults(t, []faulty{
		{
			"nothing provides it", here, func(a *tenon.App) {
				a.Get("/x", takes[needsUser]())
			},
			"GET /x: type tenon_test.needsUser: field User: no provider for *tenon_test.depUser",
		},
		{
			"nothing provides an interface", here, func(a *tenon.App) {
				a.Get("/x", takes[needsReader]())
			},
			"field From: no provider for io.Reader",
		},
		{
			"nothing provides what a provider needs", here, func(a *tenon.App) {
				a.Provide(given[needsTokens, depSession]())
				a.Provide(given[needsSession, depUser]())
				a.Get("/x", takes[needsUser]())
			},
			"GET /x: *tenon_test.depUser needs *tenon_test.depSession needs *tenon_test.depTokens: no provider for *tenon_test.depTokens",
		},
		{
			"providers that wait for each other", here, func(a *tenon.App) {
				a.Get("/x", takes[needsUser]())
				a.Provide(given[needsSession, depUser]())
				a.Provide(given[needsUser, depSession]())
			},
			"GET /x: *tenon_test.depUser -> *tenon_test.depSession -> *tenon_test.depUser: providers wait for each other; *tenon_test.depUser is registered at ",
		},
		{
			"a provider that waits for itself", here, func(a *tenon.App) {
				a.Provide(given[needsUser, depUser]())
				a.Get("/x", takes[needsUser]())
			},
			"*tenon_test.depUser -> *tenon_test.depUser: providers wait for each other",
		},
		{
			"two providers", here, func(a *tenon.App) {
				a.Provide(given[struct{}, depUser]())
				a.Provide(given[struct{}, depUser]())
			},
			"*tenon_test.depUser has a provider already, registered at ",
		},
		{
			"two providers of a group", here, func(a *tenon.App) {
				g := a.Group("/g")
				g.Provide(given[struct{}, depUser]())
				g.Provide(given[struct{}, depUser]())
			},
			"*tenon_test.depUser has a provider already, registered at ",
		},
		{
			"no function", here, func(a *tenon.App) {
				a.Provide[struct{}, depUser](nil)
			},
			"provider of *tenon_test.depUser: the function is nil",
		},
		{
			"two pointers", here, func(a *tenon.App) {
				a.Provide(given[struct{}, *depUser]())
			},
			"it returns **tenon_test.depUser; return one pointer",
		},
		{
			"a body", here, func(a *tenon.App) {
				a.Provide(given[depBody, depUser]())
			},
			"type tenon_test.depBody: field Name: a provider has no body",
		},
		{
			"a form", here, func(a *tenon.App) {
				a.Provide(given[depForm, depUser]())
			},
			"field Name: a provider has no form",
		},
		{
			"a status", here, func(a *tenon.App) {
				a.Provide(given[depStatus, depUser]())
			},
			"field Code: a provider has no status",
		},
		{
			"a whole body", here, func(a *tenon.App) {
				a.Provide(given[fine, depUser]())
			},
			"the input of a provider is a struct with fields from path, query, header, cookie or dep",
		},
		{
			"no struct", here, func(a *tenon.App) {
				a.Provide(given[int, depUser]())
			},
			"the input of a provider is a struct",
		},
		{
			"a rule that is wrong", here, func(a *tenon.App) {
				a.Provide(given[depRule, depUser]())
			},
			"type tenon_test.depRule: field Page: ",
		},
		{
			"an optional value", here, func(a *tenon.App) {
				a.Get("/x", takes[optionalValue]())
			},
			`dep:"optional" is for what can be nil, a pointer or an interface, not for tenon_test.depUser`,
		},
		{
			"an optional value of a provider", here, func(a *tenon.App) {
				a.Provide(given[optionalValue, depSession]())
			},
			`dep:"optional" is for what can be nil`,
		},
		{
			"a dep with a value", here, func(a *tenon.App) {
				a.Get("/x", takes[depValue]())
			},
			`tag dep takes no value but optional`,
		},
		{
			"a wildcard that the path has not", here, func(a *tenon.App) {
				a.Provide(given[needsTenant, depUser]())
				a.Get("/x", takes[needsUser]())
			},
			"GET /x: *tenon_test.depUser needs the wildcard {tenant}, which the path has not",
		},
		{
			"a wildcard that nobody takes", here, func(a *tenon.App) {
				a.Provide(given[struct{}, depUser]())
				a.Get("/{tenant}", takes[needsUser]())
			},
			"no field takes the wildcard {tenant}",
		},
		{
			"a parameter of two types", here, func(a *tenon.App) {
				a.Provide(given[pageText, depUser]())
				a.Get("/x", takes[pageAndUser]())
			},
			"type tenon_test.pageText: field Page: the query parameter page has the type string, and int in field Page of tenon_test.pageAndUser; give both one type",
		},
		{
			"a parameter with two rules", here, func(a *tenon.App) {
				a.Provide(given[pageMany, depUser]())
				a.Get("/x", takes[pageAndUser]())
			},
			"field Page: the query parameter page has other rules in field Page of tenon_test.pageAndUser; give both the same",
		},
		{
			"an option that is wrong", here, func(a *tenon.App) {
				a.Provide(given[struct{}, depUser](), tenon.Status(99))
				a.Get("/x", takes[needsUser]())
			},
			"provider of *tenon_test.depUser registered at ",
		},
		{
			"a need of nothing", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), tenon.Needs[*depUser]())
			},
			"GET /x: tenon.Needs: no provider for *tenon_test.depUser",
		},
		{
			"a need of what is mounted", here, func(a *tenon.App) {
				a.Mount("/x", http.NotFoundHandler(), tenon.Needs[depUser]())
			},
			"tenon.Needs is for operations; nothing can be provided to what is mounted",
		},
		{
			"a singleton of a request", here, func(a *tenon.App) {
				a.Provide(given[struct{}, depUser]())
				a.Singleton(given[needsUser, depSession]())
			},
			"*tenon_test.depSession needs *tenon_test.depUser, which is made anew for each request, at ",
		},
		{
			"a singleton with a parameter", here, func(a *tenon.App) {
				a.Singleton(given[pageText, depUser]())
			},
			"field Page: what lives as long as the app is made without a request, so it has no query parameter",
		},
		{
			"a singleton that lacks something", here, func(a *tenon.App) {
				a.Singleton(given[needsUser, depSession]())
			},
			"*tenon_test.depSession needs *tenon_test.depUser: no provider for *tenon_test.depUser",
		},
		{
			"singletons that wait for each other", here, func(a *tenon.App) {
				a.Singleton(given[needsUser, depSession]())
				a.Singleton(given[needsSession, depUser]())
			},
			"*tenon_test.depSession -> *tenon_test.depUser -> *tenon_test.depSession: providers wait for each other",
		},
		{
			"a singleton and a provider", here, func(a *tenon.App) {
				a.Singleton(given[struct{}, depUser]())
				a.Provide(given[struct{}, depUser]())
			},
			"has a provider already",
		},
		{
			"an app in itself", here, func(a *tenon.App) {
				b := tenon.New(tenon.Config{})
				b.Mount("/a", a)
				a.Mount("/b", b)
			},
			"the app is mounted in itself",
		},
		{
			"a mounted app that is wrong", here, func(a *tenon.App) {
				b := tenon.New(tenon.Config{})
				b.Get("/b/x", takes[needsUser]())
				a.Mount("/b", b)
			},
			"GET /b/x: type tenon_test.needsUser",
		},
		{
			"security without a name", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("", bearer))
			},
			`security scheme "": the name has letters of ASCII`,
		},
		{
			"security that names nothing", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), func(o *tenon.Operation) { o.Secure() })
			},
			"Secure names no scheme",
		},
		{
			"security without a scheme", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", nil))
			},
			`security scheme "a": it is nil`,
		},
		{
			"security of no type", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "x"}))
			},
			`the type "x" is none of apiKey`,
		},
		{
			"a key without a place", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "apiKey", Name: "k"}))
			},
			"the type apiKey needs In: query, header or cookie",
		},
		{
			"http without a scheme", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "http"}))
			},
			"the type http needs a Scheme",
		},
		{
			"oauth2 without flows", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "oauth2"}))
			},
			"the type oauth2 needs Flows",
		},
		{
			"OpenID Connect without a URL", here, func(a *tenon.App) {
				a.Get("/x", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "openIdConnect"}))
			},
			"needs an OpenIDConnectURL",
		},
		{
			"two schemes of one name", here, func(a *tenon.App) {
				a.Get("/1", gives[fine](), secure("a", bearer))
				a.Get("/2", gives[fine](), secure("a", &openapi.SecurityScheme{Type: "mutualTLS"}))
			},
			`GET /2: security scheme "a" is another than that of GET /1 registered at `,
		},
	})
}

// TestProvidersNobodyNeeds has providers without an operation, and a value that may be absent: neither is a fault.
func TestProvidersNobodyNeeds(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Provide(given[needsTenant, depUser]())
	app.Provide(given[needsTokens, depSession]())
	app.Get("/x", takes[struct {
		Tokens *depTokens `dep:"optional"`
		From   io.Reader  `dep:"optional"`
	}]())
	if err := app.Compile(); err != nil {
		t.Error(err)
	}
}

// TestProviderFaultsAreToldOnce has a provider that is wrong and three operations that need it.
func TestProviderFaultsAreToldOnce(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Provide(given[depRule, depUser]())
	for _, path := range []string{"/1", "/2", "/3"} {
		app.Get(path, takes[needsUser]())
	}
	err := app.Compile()
	if err == nil || strings.Count(err.Error(), "\n") != 0 {
		t.Errorf("the faults are:\n%v\nwant one", err)
	}
}
