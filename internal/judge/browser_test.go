package judge_test

import (
	"context"
	"encoding/json/v2"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/examples/store"
)

// visit is one opening of a page in a browser: what it is told to do, and what came of it.
type visit struct {
	Errors   []string          `json:"errors"`
	Requests []string          `json:"requests"`
	Title    string            `json:"title"`
	Seen     map[string]string `json:"seen"`
}

// step is one step of browser/pages.mjs, which says what each can be.
type step map[string]string

// open opens url in Chromium, follows the steps and fails the test for every error in the page and every request to another
// host. The picture is kept when the environment variable TENON_SHOTS names a directory for it.
func open(t *testing.T, url string, steps ...step) visit {
	t.Helper()
	shots := os.Getenv("TENON_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	picture := filepath.Join(shots, strings.ReplaceAll(t.Name(), "/", "-")+".png")
	todo, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, need(t, "node"), "pages.mjs", need(t, "chromium", "chromium-browser", "google-chrome"), url, picture, string(todo))
	node.Dir = "browser"
	node.Stderr = os.Stderr
	if _, err := os.Stat("browser/node_modules/playwright-core"); err != nil {
		t.Fatal("browser/node_modules is missing: run make setup, or npm ci in internal/judge/browser")
	}
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node pages.mjs: %v", err)
	}
	var v visit
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, e := range v.Errors {
		t.Error(e)
	}
	base, _, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	for _, r := range v.Requests {
		if !strings.HasPrefix(r, "http://"+base+"/") && !strings.HasPrefix(r, "data:") {
			t.Errorf("a request left the host: %s", r)
		}
	}
	if info, err := os.Stat(picture); err != nil || info.Size() < 10_000 {
		t.Errorf("the picture shows nothing: %v", err)
	}
	return v
}

// need finds a program under one of its names.
func need(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatalf("%s is missing: run make setup, or install it and put it on the PATH", names[0])
	return ""
}

// serveStore runs the reference service on an empty database and returns its URL.
func serveStore(t *testing.T) string {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
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
	document, err := store.OpenAPI()
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

func TestSwaggerUI(t *testing.T) {
	t.Parallel()
	const block = `.opblock-post:has([data-path="/api/v1/users"]) `
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

func TestReDoc(t *testing.T) {
	t.Parallel()
	v := open(t, serveStore(t)+"/redoc",
		step{"see": "User API"},
		step{"read": "body", "as": "overview"},
	)
	if v.Title != "User API" {
		t.Errorf("the title is %q", v.Title)
	}
	for _, op := range operations(t) {
		if !strings.Contains(v.Seen["overview"], op.path) {
			t.Errorf("%s %s (%s) is not shown in\n%s", op.method, op.path, op.summary, v.Seen["overview"])
		}
	}
}

func TestBrowserSeesFaults(t *testing.T) {
	t.Parallel()
}
