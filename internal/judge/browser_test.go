package judge_test

import (
	"context"
	"encoding/json/v2"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
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

// watch opens url in Chromium, follows the steps and returns what came of it. A picture of the end is kept when the
// environment variable TENON_SHOTS names a directory for it.
func watch(t *testing.T, url string, steps ...step) visit {
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
	if _, err := os.Stat("browser/node_modules/playwright-core"); err != nil {
		t.Fatal("internal/judge/browser/node_modules is missing: run make setup, or npm ci in internal/judge/browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, need(t, "node"), "pages.mjs", need(t, "chromium", "chromium-browser", "google-chrome"), url, picture, string(todo))
	node.Dir = "browser"
	node.Stderr = os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node pages.mjs: %v", err)
	}
	var v visit
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if info, err := os.Stat(picture); err != nil || info.Size() == 0 {
		t.Errorf("there is no picture: %v", err)
	}
	return v
}

// foreign are the requests that did not go to the host of url.
func (v visit) foreign(url string) []string {
	origin := strings.Join(strings.SplitAfterN(url, "/", 4)[:3], "")
	var list []string
	for _, r := range v.Requests {
		if !strings.HasPrefix(r, origin) && !strings.HasPrefix(r, "data:") {
			list = append(list, r)
		}
	}
	return list
}

// open is watch for a page that must be in order: every error in it and every request to another host fails the test.
func open(t *testing.T, url string, steps ...step) visit {
	t.Helper()
	v := watch(t, url, steps...)
	for _, e := range v.Errors {
		t.Error(e)
	}
	if list := v.foreign(url); len(list) > 0 || len(v.Requests) < 3 {
		t.Errorf("%d requests, of them to other hosts: %q", len(v.Requests), list)
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

// TestBrowserSeesFaults keeps the tests of the pages honest: each kind of fault in a page is reported.
func TestBrowserSeesFaults(t *testing.T) {
	t.Parallel()
	const page = `<!doctype html><title>Faults</title><body onclick="1"><script src="a.js"></script>
		<script>document.title = "inline"</script><img src="http://elsewhere.example/a.png">some text`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, page)
		case "/a.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, `console.error("a complaint"); fetch("/missing"); throw new Error("a throw")`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	v := watch(t, server.URL+"/page", step{"see": "some text"}, step{"fill": "body", "with": "not a field"})
	errors := strings.Join(v.Errors, "\n")
	for _, want := range []string{
		"console error: a complaint", "page error: a throw", "policy: script-src-elem blocked inline", "policy: script-src-attr blocked inline",
		"policy: img-src blocked http://elsewhere.example/a.png", "status of 404", "driver: ",
	} {
		if !strings.Contains(errors, want) {
			t.Errorf("%q is not among the errors:\n%s", want, errors)
		}
	}
	if list := v.foreign(server.URL + "/page"); len(list) != 1 || list[0] != "http://elsewhere.example/a.png" {
		t.Errorf("requests to other hosts: %q", list)
	}
	if v.Title == "inline" {
		t.Error("the policy did not hold")
	}
}
