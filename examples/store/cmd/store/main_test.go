package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json/v2"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
)

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv("STORE_TEST_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// outcome runs the program in this process.
func outcome(args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	code = store.Service().Run(context.Background(), cli.Process{Args: args, Stdout: &stdout, Stderr: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	busy, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	untouched := filepath.Join(t.TempDir(), "untouched")
	for _, tt := range []struct {
		name string
		args []string
		code int
		text string
	}{
		{"a busy port", []string{"serve", "--addr", busy.Addr().String(), "--data", untouched}, 3, "address already in use"},
		{"an address that is none", []string{"serve", "--addr", "nowhere", "--data", untouched}, 3, "missing port"},
		{"a database that is none", []string{"serve", "--addr", "127.0.0.1:0", "--db", "mysql://root:secret@db/store"}, 3, "sqlite:"},
		{"a directory that is a file", []string{"serve", "--addr", "127.0.0.1:0", "--data", file}, 3, "not a directory"},
		{"no command", nil, 2, "store --help"},
		{"an unknown command", []string{"sell"}, 2, "sell"},
		{"an unknown flag", []string{"serve", "--port", "1"}, 2, "--port"},
		{"an unknown form of log", []string{"serve", "--log", "xml"}, 2, "--log"},
	} {
		code, out, err := outcome(tt.args...)
		if code != tt.code || !strings.Contains(err, tt.text) || !strings.HasPrefix(err, "store: ") || out != "" {
			t.Errorf("%s: code %d, %q, %q, want %d and a text with %q on the standard error", tt.name, code, out, err, tt.code, tt.text)
		}
	}
	if _, err := os.Stat(untouched); !os.IsNotExist(err) {
		t.Errorf("a start that fails leaves a directory: %v", err)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	code, out, err := outcome("serve", "--help")
	if code != 0 || err != "" || !strings.Contains(out, "STORE_ADDR") || !strings.Contains(out, "STORE_DATA") {
		t.Errorf("code %d, %q, %q", code, out, err)
	}
}

// TestCA02APastVersionIsPrinted compares what the command prints with the file that the versions are held to.
func TestCA02APastVersionIsPrinted(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1", "v2"} {
		want, err := os.ReadFile(filepath.Join("..", "..", "testdata", "openapi", version+".json"))
		if err != nil {
			t.Fatal(err)
		}
		code, out, errText := outcome("openapi", "--version", version, "--requests=0") // which are of the service without a bound
		if code != 0 || errText != "" || strings.TrimSpace(out) != strings.TrimSpace(string(want)) {
			t.Errorf("%s: code %d, %q, %d bytes, want the %d of the file", version, code, errText, len(out), len(want))
		}
	}
}

func TestOpenAPIPrintsTheDocument(t *testing.T) {
	t.Parallel()
	code, out, errText := outcome("openapi")
	var document struct {
		OpenAPI string `json:"openapi"`
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil || code != 0 || errText != "" || document.OpenAPI != "3.1.0" {
		t.Errorf("code %d, %q, version %q, %v", code, errText, document.OpenAPI, err)
	}
}

// TestServe starts the program on each kind of database, uses it, stops it by each signal, and finds what it kept at the next start.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	for name, setting := range map[string]string{"sqlite": "STORE_DATA=" + dir, "postgres": "STORE_DB=" + datatest.PostgresURL(t, nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
				p := start(t, "STORE_ADDR=127.0.0.1:0", setting)
				p.use(t)
				p.stop(t, signal)
				if _, err := os.Stat(filepath.Join(dir, "store.db-wal")); name == "sqlite" && !os.IsNotExist(err) {
					t.Errorf("after %v the log is still there: %v", signal, err)
				}
				p.logged(t)
			}
		})
	}
}

// use reads what the program has at the start.
func (p *program) use(t *testing.T) {
	t.Helper()
	if body := get(t, p.api+"/api/v2/users?page=3"); !strings.Contains(body, `"total":25`) {
		t.Errorf("users: %s", body)
	}
	for _, url := range []string{p.docs, p.redoc} {
		if body := get(t, url); !strings.Contains(body, "<html") {
			t.Errorf("%s: %s", url, body)
		}
	}
}

// logged checks that the log is JSON and has the requests.
func (p *program) logged(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(p.log.String()) {
		if err := json.Unmarshal([]byte(line), new(map[string]any)); err != nil {
			t.Errorf("log line %q is not JSON: %v", line, err)
		}
	}
	if !strings.Contains(p.log.String(), `"status":200`) {
		t.Errorf("the log has no requests: %s", p.log.String())
	}
}

// program is the command in a process of its own.
type program struct {
	cmd              *exec.Cmd
	log              bytes.Buffer
	api, docs, redoc string
}

func start(t *testing.T, env ...string) *program {
	t.Helper()
	p := &program{cmd: exec.CommandContext(t.Context(), os.Args[0], "serve", "--development", "--demo")}
	p.cmd.Env = append(os.Environ(), append(env, "STORE_TEST_MAIN=1")...)
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for _, address := range []*string{&p.api, &p.docs, &p.redoc} {
		if !lines.Scan() {
			t.Fatalf("it ended before it was ready: %v", p.cmd.Wait())
		}
		*address = strings.Fields(lines.Text())[1]
	}
	return p
}

func (p *program) stop(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after %v: %v, want exit code 0; log:\n%s", signal, err, p.log.String())
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, %v", url, answer.StatusCode, err)
	}
	return string(body)
}
