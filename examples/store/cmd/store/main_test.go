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
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/accounts"
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
		{"a busy port", []string{"serve", "--development", "--addr", busy.Addr().String(), "--data", untouched}, 3, "address already in use"},
		{"an address that is none", []string{"serve", "--development", "--addr", "nowhere", "--data", untouched}, 3, "missing port"},
		{"a database that is none", []string{"serve", "--development", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--db", "mysql://root:secret@db/store"}, 3, "sqlite:"},
		{"a directory that is a file", []string{"serve", "--development", "--addr", "127.0.0.1:0", "--data", file}, 3, "not a directory"},
		{"production without a root key", []string{"serve", "--addr", "127.0.0.1:0", "--data", untouched}, 3, "S001: root_key"},
		{"an admin without an address", []string{"serve", "--admin-email", "Admin <admin@example.com>", "--data", untouched}, 2, "admin_email"},
		{"an admin without an address, made by the command", []string{"createadmin", "--email", "admin", "--data", untouched}, 2, "admin_email"},
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

// TestSD061WeakKeysAreRefused starts with keys that nobody drew, and with the one that the documentation shows.
func TestSD061WeakKeysAreRefused(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"swordfish", strings.Repeat("a", 64), "tenon_root_AGvvkaonm3ZGJ2-3WPEIoNMNtTpVGN3ZEzgcBkG4SE8", "your-256-bit-secret-your-256-bit-secret-",
	} {
		good := auth.GenerateRoot()
		for _, mode := range [][]string{{"serve"}, {"serve", "--development"}} {
			for variable, env := range map[string][]string{
				"STORE_ROOT_KEY": {"STORE_ROOT_KEY=" + key}, "STORE_ROOT_KEY_PREVIOUS": {"STORE_ROOT_KEY=" + good, "STORE_ROOT_KEY_PREVIOUS=" + auth.GenerateRoot() + "," + key},
			} {
				var stdout, stderr bytes.Buffer
				code := store.Service().Run(t.Context(), cli.Process{Args: append(mode, "--addr=127.0.0.1:0", "--data="+t.TempDir()), Env: env, Stdout: &stdout, Stderr: &stderr})
				if code != cli.ExitUsage || !strings.Contains(stderr.String(), variable) || strings.Contains(stderr.String(), key) {
					t.Errorf("%v with %s in %s: code %d, %q", mode, key, variable, code, stderr.String())
				}
			}
		}
	}
}

// TestNoKeysFromBeforeAreNone: an empty list is no weak secret.
func TestNoKeysFromBeforeAreNone(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	env := []string{"STORE_ROOT_KEY=" + auth.GenerateRoot(), "STORE_ROOT_KEY_PREVIOUS=", "STORE_DATA=" + t.TempDir()}
	_ = store.Service().Run(t.Context(), cli.Process{Args: []string{"check"}, Env: env, Stdout: &stdout, Stderr: &stderr})
	if text := stdout.String() + stderr.String(); strings.Contains(text, "T013") || text == "" {
		t.Errorf("check says %q", text)
	}
}

func TestKeysAreDrawn(t *testing.T) {
	t.Parallel()
	_, first, _ := outcome("keygen")
	code, second, errText := outcome("keygen")
	if code != 0 || errText != "" || first == second {
		t.Errorf("code %d, %q", code, errText)
	}
	if _, err := auth.ParseRoot(strings.TrimSpace(first)); err != nil {
		t.Error(err)
	}
}

// TestAccessPrintsTheMatrix holds the command to the file that the tests of every operation have.
func TestAccessPrintsTheMatrix(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("../../testdata/access.golden")
	if err != nil {
		t.Fatal(err)
	}
	if code, out, errText := outcome("access"); code != 0 || errText != "" || out != string(want) {
		t.Errorf("code %d, %q:\n%s", code, errText, out)
	}
}

func TestAdminsAreMadeByTheCommand(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	code, out, errText := outcome("createadmin", "--email", "Ada@example.com", "--data", dir)
	if code != 0 || errText != "" || !strings.HasPrefix(out, "ada@example.com, password ") {
		t.Errorf("code %d, %q, %q", code, out, errText)
	}
	if code, _, errText := outcome("createadmin", "--db", "mysql://db/store"); code != 3 || !strings.Contains(errText, "sqlite:") {
		t.Errorf("code %d, %q", code, errText)
	}
}

// TestAdminsHaveNoPasswordThatIsGuessed: the settings are held to what sign-up asks, and to what production asks of a secret.
func TestAdminsHaveNoPasswordThatIsGuessed(t *testing.T) {
	t.Parallel()
	for secret, says := range map[string]string{
		"passwordpassword":       "among those that are guessed first",
		"Ada@example.com 123":    "little else than words",
		"fifteen letters":        "at least 16 characters",
		strings.Repeat("x", 129): "at most 128 characters",
	} {
		for _, args := range [][]string{{"serve", "--addr=127.0.0.1:0"}, {"serve", "--development", "--addr=127.0.0.1:0"}, {"createadmin"}} {
			var stdout, stderr bytes.Buffer
			code := store.Service().Run(t.Context(), cli.Process{
				Args: append(args, "--data="+filepath.Join(t.TempDir(), "data")), Env: []string{"STORE_ADMIN_PASSWORD=" + secret, "STORE_ADMIN_EMAIL=ada@example.com"},
				Stdout: &stdout, Stderr: &stderr,
			})
			if text := stderr.String(); code != cli.ExitUsage || !strings.Contains(text, "admin_password: ") || !strings.Contains(text, says) || strings.Contains(text, secret) {
				t.Errorf("%v with %s: code %d, %q", args, secret, code, text)
			}
		}
	}
	// The address of the flag is that of the admin.
	var stdout, stderr bytes.Buffer
	args := []string{"createadmin", "--email=margaret@example.com", "--data=" + filepath.Join(t.TempDir(), "data")}
	env := []string{"STORE_ADMIN_PASSWORD=Margaret@example.com"}
	if code := store.Service().Run(t.Context(), cli.Process{Args: args, Env: env, Stdout: &stdout, Stderr: &stderr}); code != cli.ExitUsage {
		t.Errorf("an address as its own password: code %d, %q", code, stdout.String())
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
	for name, settings := range map[string][]string{
		"sqlite": {"STORE_DATA=" + dir}, "postgres": {"STORE_DATA=" + t.TempDir(), "STORE_DB=" + datatest.PostgresURL(t, nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var token string
			for i, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
				p := start(t, append(settings, "STORE_ADDR=127.0.0.1:0")...)
				if i == 0 {
					token = p.signIn(t)
				}
				p.use(t, token) // the key is kept
				p.stop(t, signal)
				if _, err := os.Stat(filepath.Join(dir, "store.db-wal")); name == "sqlite" && !os.IsNotExist(err) {
					t.Errorf("after %v the log is still there: %v", signal, err)
				}
				p.logged(t)
			}
		})
	}
}

// TestSD061ARootKeyIsChangedWithoutLoggingAnybodyOut starts the program with one key, with both, with the other first and the old one besides, and without it.
func TestSD061ARootKeyIsChangedWithoutLoggingAnybodyOut(t *testing.T) {
	t.Parallel()
	first, second := auth.GenerateRoot(), auth.GenerateRoot()
	env := []string{"STORE_DATA=" + t.TempDir(), "STORE_ADDR=127.0.0.1:0", "STORE_ADMIN_PASSWORD=" + password}
	const list = "/api/v2/users?size=10&order=id&cursor="
	var access, cursor, key, next string
	for i, step := range []struct {
		root, previous string
		old            int // what a token of the first key is answered
	}{
		{first, "", 200}, {first, second, 200}, {second, first, 200}, {second, "", 401},
	} {
		settings := append(slices.Clone(env), "STORE_ROOT_KEY="+step.root)
		if step.previous != "" {
			settings = append(settings, "STORE_ROOT_KEY_PREVIOUS="+step.previous)
		}
		p := start(t, settings...)
		if i == 0 {
			if line := p.line(); !strings.Contains(line, "with the password of the settings") {
				t.Errorf("it says %q", line)
			}
			access = signIn(t, p.api, password)
			var page struct {
				Next string `json:"next"`
			}
			if _, body := p.call(t, "GET", list, "Authorization", "Bearer "+access, ""); json.Unmarshal([]byte(body), &page) != nil || page.Next == "" {
				t.Fatalf("no cursor in %s", body)
			}
			var made accounts.CreatedKey
			if _, body := p.call(t, "POST", "/api/v2/auth/keys", "Authorization", "Bearer "+access, `{"name":"stock","scopes":["products:write"]}`); json.Unmarshal([]byte(body), &made) != nil {
				t.Fatalf("no key in %s", body)
			}
			cursor, key, next = page.Next, made.Key, access
		}
		if got, body := p.call(t, "GET", "/api/v2/users/me", "Authorization", "Bearer "+access, ""); got != step.old {
			t.Errorf("step %d: the token of the first key is answered %d: %s", i, got, body)
		}
		if got, _ := p.call(t, "GET", "/api/v2/users/me", "Authorization", "Bearer "+next, ""); got != 200 {
			t.Errorf("step %d: the token of the step before is answered %d", i, got)
		}
		wantCursor := 200
		if step.old != 200 {
			wantCursor = 422
		}
		next = signIn(t, p.api, password)
		if got, body := p.call(t, "GET", list+cursor, "Authorization", "Bearer "+next, ""); got != wantCursor {
			t.Errorf("step %d: the cursor of the first key is answered %d: %s", i, got, body)
		}
		if got, body := p.call(t, "GET", "/api/v2/users/me", "X-API-Key", key, ""); got != 200 {
			t.Errorf("step %d: the API key is answered %d: %s", i, got, body)
		}
		p.stop(t, syscall.SIGTERM)
		if log := p.log.String(); strings.Contains(log, first) || strings.Contains(log, second) {
			t.Errorf("step %d: the log shows a root key", i)
		}
	}
}

// call sends a request with one field, and returns what is answered.
func (p *program) call(t *testing.T, method, path, field, value, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.api+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(field, value)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(all)
}

// signIn signs in as the admin with the password that the program printed, and returns the token.
func (p *program) signIn(t *testing.T) string {
	t.Helper()
	line := p.line()
	_, rest, ok := strings.Cut(line, "admin@example.com, password ")
	password, _, _ := strings.Cut(rest, " ")
	if !ok {
		t.Fatalf("it says %q, want the password of the admin", line)
	}
	return signIn(t, p.api, password)
}

// signIn signs in as the first admin, and returns the token.
func signIn(t *testing.T, base, password string) string {
	t.Helper()
	answer, err := http.Post(base+"/api/v2/auth/login", "application/json",
		strings.NewReader(`{"email":"admin@example.com","password":"`+password+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var token accounts.Token
	if err := json.UnmarshalRead(answer.Body, &token); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %v", answer.StatusCode, err)
	}
	return token.AccessToken
}

// use reads what the program has at the start.
func (p *program) use(t *testing.T, token string) {
	t.Helper()
	if body := get(t, p.api+"/api/v2/users?page=3", token); !strings.Contains(body, `"total":26`) {
		t.Errorf("users: %s", body)
	}
	for _, url := range []string{p.docs, p.redoc} {
		if body := get(t, url, ""); !strings.Contains(body, "<html") {
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
	out              *bufio.Scanner
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
	p.out = lines
	if line := p.line(); !strings.Contains(line, "synchronous") {
		t.Errorf("it says %q, want what the data survive", line)
	}
	if slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "STORE_ROOT_KEY=") }) {
		return p
	}
	if line := p.line(); !strings.Contains(line, "root.key") {
		t.Errorf("it says %q, want where the key is", line)
	}
	return p
}

// line is the next one that the program prints; "" is the end.
func (p *program) line() string {
	p.out.Scan()
	return p.out.Text()
}

func (p *program) stop(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if rest := p.line(); rest != "" {
		t.Errorf("it also says %q", rest) // a password is shown once
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after %v: %v, want exit code 0; log:\n%s", signal, err, p.log.String())
	}
}

func get(t *testing.T, url, token string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
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
