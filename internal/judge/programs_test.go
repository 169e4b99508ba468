package judge_test

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// judged is added to each program of the pages: where the environment says so, it serves its app on any port and tells which operation each
// request found.
const judged = `package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func init() {
	if os.Getenv("TENON_JUDGED") == "" {
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	app := newApp()
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(&telling{w, r}, r)
	})))
}

type telling struct {
	http.ResponseWriter
	r *http.Request
}

func (t *telling) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *telling) WriteHeader(status int) {
	t.Header().Set("X-Pattern", t.r.Pattern)
	t.ResponseWriter.WriteHeader(status)
}
`

// TestPY11ThePagesAgreeWithTheirDocuments proves for the programs of the pages what TestPY11ServersAgreeWithTheirDocuments does for apps. They
// are programs, so they are built and asked over the network.
func TestPY11ThePagesAgreeWithTheirDocuments(t *testing.T) {
	t.Parallel()
	mains, err := filepath.Glob("../../examples/docs/*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	simple := regexp.MustCompile(`(?m)^func newApp\(\) \*tenon\.App`)
	folder := t.TempDir()
	overlay := map[string]string{}
	args := []string{"build", "-overlay", filepath.Join(folder, "overlay.json"), "-o", folder + "/"}
	var names []string
	for _, file := range mains {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !simple.Match(text) {
			continue // it needs a database or a folder
		}
		dir, err := filepath.Abs(filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(dir, "judged.go")] = filepath.Join(folder, "judged.go")
		args, names = append(args, dir), append(names, filepath.Base(dir))
	}
	if len(names) < 12 {
		t.Fatalf("%d programs, want 12 or more", len(names))
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"overlay.json": text, "judged.go": []byte(judged)} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := start(t, filepath.Join(folder, name))
			res, err := http.Get("http://" + app.addr + "/openapi.json")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			text, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			agrees(t, app, read(t, string(text)))
		})
	}
}

// start runs a program for as long as a test.
func start(t *testing.T, file string) *remote {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), file)
	cmd.Env = append(os.Environ(), "TENON_JUDGED=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return &remote{strings.TrimSpace(addr)}
}

// remote is a handler in another process.
type remote struct{ addr string }

// ServeHTTP passes a request on, and notes the pattern of the operation that it found.
func (a *remote) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.RequestURI = "http", a.addr, ""
	res, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer func() { _ = res.Body.Close() }()
	r.Pattern = res.Header.Get("X-Pattern")
	maps.Copy(w.Header(), res.Header)
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}
