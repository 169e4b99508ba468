package main

import (
	"bufio"
	"bytes"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestSD002OneSmallFileIsAService builds the program with nothing changed but its address, and uses it.
func TestSD002OneSmallFileIsAService(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(program, []byte("\n")); lines > 25 {
		t.Errorf("main.go has %d lines, want 25 or fewer", lines)
	}
	hello := exec.CommandContext(t.Context(), build(t, string(program)))
	out, err := hello.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := hello.Start(); err != nil {
		t.Fatal(err)
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it is not ready: %v", err)
	}
	url := "http://" + strings.TrimSpace(addr)
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/hello", "", 200, `{"text":"Hello, world.","loud":false}`},
		{"POST", "/hello", `{"text":"Hi","loud":true}`, 201, `{"text":"Hi","loud":true}`},
		{"POST", "/hello", `{"text":"","loud":1}`, 422, `"pointer":"/loud"`},
		{"GET", "/openapi.json", "", 200, `"minLength": 1`},
		{"GET", "/docs", "", 200, `<html`},
	} {
		status, body := do(t, tt.method, url+tt.path, tt.body)
		if status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s %s: %d %s, want %d with %s", tt.method, tt.path, status, body, tt.status, tt.want)
		}
	}
	if err := hello.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := hello.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit code 0", err)
	}
}

// build compiles the program with a free port in the place of 8080, and with its address printed when it is ready.
func build(t *testing.T, program string) string {
	t.Helper()
	const config = "tenon.ServerConfig{}"
	if strings.Count(program, config) != 1 {
		t.Fatalf("main.go does not say %s once", config)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range map[string]string{
		"main.go":  strings.Replace(program, config, `tenon.ServerConfig{Addr: "127.0.0.1:0", Ready: ready}`, 1),
		"ready.go": "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n)\n\nfunc ready(a net.Addr) { fmt.Println(a) }\n",
	} {
		replace[filepath.Join(here, name)] = write(t, filepath.Join(dir, name), text)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "hello")
	file := write(t, filepath.Join(dir, "overlay.json"), string(overlay))
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", file, "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return binary
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func do(t *testing.T, method, url, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", url, err))
	}
	return answer.StatusCode, string(all)
}
