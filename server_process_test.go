package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// The environment of a test that is a server by itself.
const (
	childAddr = "TENON_TEST_ADDR"
	childWork = "TENON_TEST_WORK"
)

// TestMain is a server where the environment says so: some promises are those of a process.
func TestMain(m *testing.M) {
	addr := os.Getenv(childAddr)
	if addr == "" {
		os.Exit(m.Run())
	}
	if addr == "systemd" { // whoever starts a process does not know its number
		_ = os.Setenv("LISTEN_PID", strconv.Itoa(os.Getpid()))
	}
	work, _ := time.ParseDuration(os.Getenv(childWork))
	app := hello(slog.New(slog.DiscardHandler))
	var busy atomic.Int32
	app.Get("/busy", func(context.Context, *struct{}) (*found, error) {
		return &found{Route: strconv.Itoa(int(busy.Load()))}, nil
	})
	app.Get("/work", func(context.Context, *struct{}) (*found, error) {
		busy.Add(1)
		<-time.After(work)
		return &found{Route: "worked"}, nil
	})
	app.Get("/panics", func(context.Context, *struct{}) (*found, error) { panic("of the handler") })
	err := tenon.Serve(context.Background(), app, tenon.ServerConfig{
		Addr: addr, DrainDelay: 100 * time.Millisecond,
		Ready: func(addr net.Addr) { fmt.Println(addr) }, //nolint:forbidigo // it is a program
	})
	os.Exit(tenon.ExitCode(err))
}

// process is a server of its own.
type process struct {
	*exec.Cmd

	addr string
}

// launch starts a server with the files as its descriptors from 3 on.
func launch(t *testing.T, addr string, env []string, files ...*os.File) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(append(os.Environ(), env...), childAddr+"="+addr)
	cmd.ExtraFiles = files
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var line string
	_, _ = fmt.Fscanln(out, &line)
	return &process{cmd, line}
}

// ended waits for the process and returns its exit code.
func (p *process) ended(t *testing.T) int {
	t.Helper()
	err := p.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return p.ProcessState.ExitCode()
}

// all sends n requests side by side and counts the statuses of their answers; 0 is none, or an error that is no problem.
func all(n int, url string) map[int]int {
	var mu sync.Mutex
	var wait sync.WaitGroup
	statuses := map[int]int{}
	for range n {
		wait.Go(func() {
			status := 0
			if answer, err := http.Get(url); err == nil {
				if _, err := io.Copy(io.Discard, answer.Body); err == nil && (answer.StatusCode < 400 || answer.Header.Get("Content-Type") == "application/problem+json") {
					status = answer.StatusCode
				}
				_ = answer.Body.Close()
			}
			mu.Lock()
			defer mu.Unlock()
			statuses[status]++
		})
	}
	wait.Wait()
	return statuses
}

func TestUV02AProcessAnswersWhatIsUnderWayAtSIGTERM(t *testing.T) {
	t.Parallel()
	p := launch(t, "127.0.0.1:0", []string{childWork + "=2s"})
	var sent atomic.Bool
	time.AfterFunc(time.Second, func() {
		sent.Store(true)
		_ = p.Process.Signal(syscall.SIGTERM)
	})
	if statuses := all(50, "http://"+p.addr+"/work"); statuses[http.StatusOK] != 50 || !sent.Load() {
		t.Errorf("statuses %v, want 200 for each of 50", statuses)
	}
	if code := p.ended(t); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestAProcessEndsAtASecondSignal(t *testing.T) {
	t.Parallel()
	p := launch(t, "127.0.0.1:0", []string{childWork + "=1m"})
	go func() { all(1, "http://"+p.addr+"/work") }()
	until(t, "a request being under way", func() bool { return strings.Contains(ask(t, "tcp", p.addr, "/busy"), `"1"`) })
	_ = p.Process.Signal(os.Interrupt)
	until(t, "the server beginning to stop", func() bool {
		conn, err := net.Dial("tcp", p.addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	_ = p.Process.Signal(os.Interrupt)
	if code := p.ended(t); code == 0 {
		t.Errorf("exit code %d after a second signal", code)
	}
}

func TestAProcessSurvivesPanics(t *testing.T) {
	t.Parallel()
	p := launch(t, "127.0.0.1:0", nil)
	for range 20 {
		if statuses := all(50, "http://"+p.addr+"/panics"); statuses[http.StatusInternalServerError] != 50 {
			t.Fatalf("statuses %v, want the problem 500 for each of 50", statuses)
		}
	}
	if statuses := all(1, "http://"+p.addr+"/hello/x"); statuses[http.StatusOK] != 1 {
		t.Errorf("after 1,000 panics: %v", statuses)
	}
	_ = p.Process.Signal(syscall.SIGTERM)
	if code := p.ended(t); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestFA18UV12AProcessThatCannotStartSaysSo(t *testing.T) {
	t.Parallel()
	if code := launch(t, "fd:9", nil).ended(t); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
}

func TestAProcessTakesOverSockets(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		addr string
		env  []string
	}{{"fd:3", nil}, {"systemd", []string{"LISTEN_FDS=1"}}} {
		t.Run(tt.addr, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			file, err := l.(*net.TCPListener).File()
			if err != nil {
				t.Fatal(err)
			}
			p := launch(t, tt.addr, tt.env, file)
			_, _ = file.Close(), l.Close()
			if p.addr != l.Addr().String() {
				t.Fatalf("address %q, want %s", p.addr, l.Addr())
			}
			if statuses := all(3, "http://"+p.addr+"/hello/x"); statuses[http.StatusOK] != 3 {
				t.Errorf("statuses %v", statuses)
			}
		})
	}
}

// TestAKilledProcessLeavesASocketThatTheNextTakes starts a server where another was killed.
func TestAKilledProcessLeavesASocketThatTheNextTakes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "api.sock")
	first := launch(t, "unix:"+path, nil)
	_ = first.Process.Kill()
	first.ended(t)
	if _, err := os.Lstat(path); err != nil {
		t.Fatal(err)
	}
	launch(t, "unix:"+path, nil)
	if answer := ask(t, "unix", path); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("answer %.60q", answer)
	}
}
