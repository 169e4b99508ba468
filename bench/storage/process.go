package storage

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon/auth"
)

// process is the store, in a process of its own.
type process struct {
	cmd        *exec.Cmd
	log        bytes.Buffer
	url        string
	operations string        // the socket of the listener for operations
	ready      time.Duration // from its start until it was ready
	client     *http.Client
	signed     string // the field Authorization of the admin
}

// The admin who sends requests.
const (
	adminEmail  = "admin@example.com"
	login       = "/api/v2/auth/login"
	credentials = `{"email":"` + adminEmail + `","password":"` + secret + `"}`
)

// launch starts the store on a database, with more settings. What it prints can be read.
func launch(tb testing.TB, db string, settings ...string) (*process, io.Reader) {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	p := &process{
		operations: filepath.Join(tb.TempDir(), "ops"),
		client:     &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	p.cmd = exec.CommandContext(context.WithoutCancel(tb.Context()), self, //nolint:gosec // it is this program
		"serve", "--addr=127.0.0.1:0", "--log=json", "--log-level=warn", "--operations=unix:"+p.operations)
	p.cmd.Env = append(os.Environ(), storing+"=1", "STORE_DB="+db, "STORE_ROOT_KEY="+auth.GenerateRoot(),
		"STORE_ADMIN_EMAIL="+adminEmail, "STORE_ADMIN_PASSWORD="+secret, "STORE_LIMIT=0")
	p.cmd.Env = append(p.cmd.Env, settings...)
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	return p, out
}

// startProcess starts the store, and waits until it is ready and the admin is signed in.
func startProcess(tb testing.TB, db string, settings ...string) *process {
	tb.Helper()
	begin := time.Now()
	p, out := launch(tb, db, settings...)
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil || len(strings.Fields(line)) < 2 {
		_ = p.cmd.Wait() // its log says more
		tb.Fatalf("the store does not start: %q, %v\n%s", line, err, p.log.String())
	}
	p.url = strings.Fields(line)[1]
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	for {
		if a := p.get(tb.Context(), "/readyz"); a.status == http.StatusOK {
			break
		}
		if time.Since(begin) > time.Minute {
			tb.Fatalf("the store is not ready after a minute\n%s", p.log.String())
		}
	}
	p.ready = time.Since(begin)
	in := p.do(tb.Context(), http.MethodPost, login, credentials, nil)
	if in.status != http.StatusOK {
		tb.Fatalf("the admin cannot sign in: %d %s %v", in.status, in.body, in.err)
	}
	p.signed = "Bearer " + member(in.body, "access_token")
	return p
}

// kill ends the process at once, as a crash does.
func (p *process) kill(tb testing.TB) {
	tb.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		tb.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
	p.client.CloseIdleConnections()
}

// stop ends the process as a supervisor does.
func (p *process) stop(tb testing.TB) {
	tb.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		tb.Errorf("the store is gone: %v", err)
	}
	if err := p.cmd.Wait(); err != nil {
		tb.Errorf("the store ends with %v\n%s", err, p.log.String())
	}
	p.client.CloseIdleConnections()
}

// gauge is a number that the metrics tell, such as go_goroutines; -1 is none.
func (p *process) gauge(tb testing.TB, name string) int {
	tb.Helper()
	_, rest, _ := strings.Cut(string(p.metrics(tb.Context()).body), "\n"+name+" ")
	text, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(text)
	if err != nil {
		tb.Errorf("the metrics tell no %s", name)
		return -1
	}
	return n
}

// lives holds that the process is the one that was started.
func (p *process) lives(tb testing.TB) {
	tb.Helper()
	if err := p.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		tb.Errorf("the store is gone: %v\n%s", err, p.log.String())
	}
}

// answer is what became of one request.
type answer struct {
	status     int // 0 is no whole answer
	code, etag string
	body       []byte
	begun, had time.Time
	err        error
}

// String is what the answer was.
func (a answer) String() string {
	return fmt.Sprintf("%d %s %.300s %v", a.status, a.code, a.body, a.err)
}

func (p *process) get(ctx context.Context, path string) answer {
	return p.do(ctx, http.MethodGet, path, "", nil)
}

// do sends a request of the admin once and reads the whole answer.
func (p *process) do(ctx context.Context, method, path, body string, header map[string]string) answer {
	if p.signed != "" {
		header = maps.Clone(header)
		if header == nil {
			header = map[string]string{}
		}
		header["Authorization"] = p.signed
	}
	return ask(ctx, p.client, method, p.url+path, body, header)
}

// metrics is what the listener for operations tells.
func (p *process) metrics(ctx context.Context) answer {
	inside := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", p.operations)
		},
	}}
	return ask(ctx, inside, http.MethodGet, "http://localhost/metrics", "", nil)
}

func ask(ctx context.Context, client *http.Client, method, url, body string, header map[string]string) (a answer) {
	a.begun = time.Now()
	defer func() { a.had = time.Now() }()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		a.err = err
		return a
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.GetBody = nil // nobody sends it again by itself
	}
	res, err := client.Do(r)
	if err != nil {
		a.err = err
		return a
	}
	defer res.Body.Close()
	if a.body, a.err = io.ReadAll(res.Body); a.err != nil {
		return a
	}
	a.status, a.etag = res.StatusCode, res.Header.Get("ETag")
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		a.code = member(a.body, "code")
	}
	return a
}
