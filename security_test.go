package tenon_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/tenontest"
)

// TestSecurityAlternatives reads in the document, and in what is explained, which ways there are to be let in.
func TestSecurityAlternatives(t *testing.T) {
	t.Parallel()
	token := func(scopes ...string) tenon.Security {
		return tenon.Security{Name: "token", Scheme: &openapi.SecurityScheme{Type: "http", Scheme: "bearer"}, Scopes: scopes}
	}
	session := tenon.Security{Name: "session", Scheme: &openapi.SecurityScheme{Type: "apiKey", Name: "sid", In: "cookie"}}
	key := tenon.Security{Name: "key", Scheme: &openapi.SecurityScheme{Type: "apiKey", Name: "X-Key", In: "header"}}
	secure := func(oneOf ...tenon.Security) tenon.Option {
		return func(o *tenon.Operation) { o.Secure(oneOf...) }
	}
	for _, tt := range []struct {
		name     string
		opts     []tenon.Option
		document string
		says     []string
	}{
		{"either of two", []tenon.Option{secure(session, token("read"))}, `[{"session":[]},{"token":["read"]}]`, []string{"security     session", "or           token(read)"}},
		{"both of two", []tenon.Option{secure(session), secure(key)}, `[{"session":[],"key":[]}]`, []string{"security     key and session"}},
		{
			"one of two, and a third", []tenon.Option{secure(session, token()), secure(key)},
			`[{"session":[],"key":[]},{"token":[],"key":[]}]`, []string{"security     key and session", "or           key and token"},
		},
		{"the same asked for twice", []tenon.Option{secure(token("a")), secure(token("b", "a"), token("a", "b"))}, `[{"token":["a","b"]}]`, nil},
		{"nothing needed", []tenon.Option{secure(token(), tenon.Security{})}, `[{"token":[]},{}]`, []string{"security     token", "or           nothing"}},
		{"needed after all", []tenon.Option{secure(token(), tenon.Security{}), secure(key)}, `[{"token":[],"key":[]},{"key":[]}]`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			app.Get("/x", gives[fine](), tt.opts...)
			s := tenontest.New(t, app)
			s.Get("/openapi.json").At("/paths/~1x/get/security", tt.document)
			text := explained(t, app, "/x")
			for _, line := range tt.says {
				if !strings.Contains(text, "  "+line+"\n") {
					t.Errorf("no line %q in\n%s", line, text)
				}
			}
		})
	}
}

func explained(t *testing.T, app *tenon.App, target string) string {
	t.Helper()
	e, err := app.Explain(httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	if err != nil {
		t.Fatal(err)
	}
	return e.String()
}
