package judge_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/examples/store"
)

// serveStore runs the reference service on a database with its admin alone and returns its URL.
func serveStore(t *testing.T) string {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.MakeAdmin(t.Context(), db, store.Admin{Email: storeAdmin, Password: tenon.NewSecret(storePassword)}); err != nil {
		t.Fatal(err)
	}
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.DiscardHandler), Limit: "0"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app)
	t.Cleanup(func() {
		server.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

// operation is what a reader should find on a page.
type operation struct{ method, path, summary string }

func operations(t *testing.T) []operation {
	t.Helper()
	document, err := store.OpenAPI("")
	if err != nil {
		t.Fatal(err)
	}
	var list []operation
	for path, item := range document.Paths {
		for method, op := range item.Operations() {
			list = append(list, operation{method, path, op.Summary})
		}
	}
	if len(list) < 8 {
		t.Fatalf("the store has %d operations", len(list))
	}
	return list
}

// TestSD100SwaggerUI reads the page of the running store and tries an operation out.
func TestSD100SwaggerUI(t *testing.T) {
	t.Parallel()
	const block = `.opblock-post:has([data-path="/api/v2/users"]) `
	v := open(t, serveStore(t)+"/docs",
		step{"see": "Create a new user"},
		step{"read": "body", "as": "overview"},
		step{"click": block + ".opblock-summary-control"},
		step{"click": block + ".try-out__btn"},
		step{"fill": block + "textarea.body-param__text", "with": `{"name":"Ada","email":"ada@shop.example","age":36,"password":"a long enough secret"}`},
		step{"click": block + ".execute"},
		step{"read": block + ".live-responses-table .response .response-col_status", "as": "status"},
		step{"read": block + ".live-responses-table .highlight-code", "as": "answer"},
	)
	if v.Title != "User API" {
		t.Errorf("the title is %q", v.Title)
	}
	// Swagger UI lets long paths break by characters of no width.
	overview := strings.ReplaceAll(v.Seen["overview"], "\u200b", "")
	for _, op := range operations(t) {
		if !strings.Contains(overview, op.method+"\n"+op.path+"\n") || !strings.Contains(overview, op.summary) {
			t.Errorf("%s %s (%s) is not shown in\n%s", op.method, op.path, op.summary, overview)
		}
	}
	if !strings.HasPrefix(v.Seen["status"], "201") {
		t.Errorf("trying it out shows %q", v.Seen["status"])
	}
	if !strings.Contains(v.Seen["answer"], `"email": "ada@shop.example"`) || strings.Contains(v.Seen["answer"], "secret") {
		t.Errorf("trying it out answers %s", v.Seen["answer"])
	}
}

// TestSD104AuthorizeSignsInByTheLoginOfTheStore presses "Authorize" in the page of the running store, and calls what is for who is signed in.
func TestSD104AuthorizeSignsInByTheLoginOfTheStore(t *testing.T) {
	t.Parallel()
	const block = `.opblock-get:has([data-path="/api/v2/users/me"]) `
	v := open(t, serveStore(t)+"/docs",
		step{"see": "Get the signed-in user"},
		step{"click": ".auth-wrapper button.authorize"},
		step{"fill": "#oauth_username", "with": storeAdmin},
		step{"fill": "#oauth_password", "with": storePassword},
		step{"click": ".auth-container:has(#oauth_username) button.modal-btn.auth.authorize"},
		step{"see": "Logout"},
		step{"click": ".auth-container:has-text('Logout') button.btn-done"},
		step{"click": block + ".opblock-summary-control"},
		step{"click": block + ".try-out__btn"},
		step{"click": block + ".execute"},
		step{"read": block + ".live-responses-table .response .response-col_status", "as": "status"},
		step{"read": block + ".live-responses-table .highlight-code", "as": "answer"},
	)
	if !strings.HasPrefix(v.Seen["status"], "200") || !strings.Contains(v.Seen["answer"], `"email": "`+storeAdmin+`"`) {
		t.Errorf("the signed-in user is answered %s: %s", v.Seen["status"], v.Seen["answer"])
	}
}

// TestSD100ListsAreTriedOut sends the request for a list as Swagger UI fills it in: nothing that its filters could be asked for is asked for.
func TestSD100ListsAreTriedOut(t *testing.T) {
	t.Parallel()
	const block = `.opblock-get:has([data-path="/api/v2/products"]) `
	v := open(t, serveStore(t)+"/docs",
		step{"see": "List products"},
		step{"click": block + ".opblock-summary-control"},
		step{"click": block + ".try-out__btn"},
		step{"click": block + ".execute"},
		step{"read": block + ".live-responses-table .response .response-col_status", "as": "status"},
		step{"read": block + ".request-url", "as": "url"},
	)
	if !strings.HasPrefix(v.Seen["status"], "200") || strings.ContainsAny(v.Seen["url"], "[%") || !strings.Contains(v.Seen["url"], "/api/v2/products") {
		t.Errorf("a request to %s was answered %s", v.Seen["url"], v.Seen["status"])
	}
}

// TestSD100ReDoc reads the page of the running store, opens an operation and searches.
func TestSD100ReDoc(t *testing.T) {
	t.Parallel()
	v := open(t, serveStore(t)+"/redoc",
		step{"see": "/api/v2/orders/{id}/cancel"}, // the last one: what comes before it is there
		step{"click": `text=/^Show \d+ more/`},    // of those who sign in
		step{"click": `text=/^Show \d+ more/`},    // of the users
		step{"read": "body", "as": "overview"},
		step{"click": `a:has-text("/api/v2/users/search")`},
		step{"see": "The users whose name is exactly the given one"},
		step{"press": "Control+k"},
		step{"fill": `input[placeholder^="Search"]`, "with": "given to another user"},
		step{"see": "Deletes a user for good"},
	)
	if v.Title != "User API" {
		t.Errorf("the title is %q", v.Title)
	}
	for _, op := range operations(t) {
		if !strings.Contains(v.Seen["overview"], op.method+"\n"+op.path+"\n") {
			t.Errorf("%s %s is not shown in\n%s", op.method, op.path, v.Seen["overview"])
		}
	}
}

// TestPagesWorkBehindAPrefix opens the pages where a proxy has put the store below a path.
func TestPagesWorkBehindAPrefix(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"/docs", "/redoc"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			v := open(t, behind(t, "/shop", serveStore(t))+page, step{"see": "health"}, step{"see": "/users/me"}, step{"read": "body", "as": "overview"})
			for _, r := range v.Requests {
				if !strings.Contains(r, "/shop/") && !strings.HasPrefix(r, "data:") {
					t.Errorf("a request left the prefix: %s", r)
				}
			}
			if !strings.Contains(strings.ReplaceAll(v.Seen["overview"], "\u200b", ""), "/api/v2/users/{id}") {
				t.Errorf("the operations are not shown in\n%s", v.Seen["overview"])
			}
		})
	}
}

// TestFA26TryItOutBehindAPrefix sends a request from Swagger UI where a proxy has put the store below a path: it stays below it.
func TestFA26TryItOutBehindAPrefix(t *testing.T) {
	t.Parallel()
	const block = `.opblock-get:has([data-path="/livez"]) `
	v := open(t, behind(t, "/shop", serveStore(t))+"/docs",
		step{"see": "List products"}, step{"see": "Delete a user"},
		step{"click": block + ".opblock-summary-control"},
		step{"click": block + ".try-out__btn"},
		step{"click": block + ".execute"},
		step{"read": block + ".live-responses-table .response .response-col_status", "as": "status"},
		step{"read": block + ".request-url", "as": "url"},
	)
	if !strings.HasPrefix(v.Seen["status"], "200") || !strings.Contains(v.Seen["url"], "/shop/livez") {
		t.Errorf("a request to %s was answered %s", v.Seen["url"], v.Seen["status"])
	}
}

// behind is a proxy that takes off prefix. It returns the URL of the prefix.
func behind(t *testing.T, prefix, backend string) string {
	t.Helper()
	to, err := url.Parse(backend)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.StripPrefix(prefix, httputil.NewSingleHostReverseProxy(to)))
	t.Cleanup(proxy.Close)
	return proxy.URL + prefix
}
