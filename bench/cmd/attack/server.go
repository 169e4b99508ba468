package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/ops"
)

type echo struct {
	Text string `json:"text" maxLength:"1000"`
}

// bigBytes is more than the buffers of a connection take.
const bigBytes = 16 << 20

// patience is how long a client may send its request, and take its answer. The zero value is what Tenon gives.
type patience struct{ request, answer time.Duration }

// serve is the server that is attacked.
func serve(addr, operations, request, answer string) error {
	sending, err := time.ParseDuration(request)
	taking, wrong := time.ParseDuration(answer)
	if err := errors.Join(err, wrong); err != nil {
		return err
	}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/echo/{text}", func(_ context.Context, in *struct {
		Text string `path:"text"`
	}) (*echo, error) {
		return &echo{in.Text}, nil
	})
	app.Post("/echo", func(_ context.Context, in *echo) (*echo, error) { return in, nil })
	app.Get("/panics", func(context.Context, *struct{}) (*echo, error) { panic("of the handler") })
	app.Get("/lines", func(context.Context, *struct{}) (*struct {
		Body iter.Seq2[echo, error] `body:"application/jsonl"`
	}, error) {
		return &struct {
			Body iter.Seq2[echo, error] `body:"application/jsonl"`
		}{func(yield func(echo, error) bool) {
			for range 10 {
				if !yield(echo{"line"}, nil) {
					return
				}
			}
		}}, nil
	})
	big := bytes.Repeat([]byte{'x'}, bigBytes)
	app.Mount("/big", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(big) }))
	if _, err := health.New(app, health.Config{}); err != nil {
		return err
	}
	inside, err := ops.Handler(app, ops.Config{})
	if err != nil {
		return err
	}
	return tenon.Serve(context.Background(), app, tenon.ServerConfig{
		Addr: addr, Operations: inside, OperationsAddr: operations, ReadTimeout: sending, WriteTimeout: taking,
		Ready: func(addr net.Addr) { fmt.Println(addr) },
	})
}

// server is a process that serves.
type server struct {
	cmd    *exec.Cmd
	addr   string
	socket string // for operations
}

func start(ctx context.Context, p patience) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "attack")
	if err != nil {
		return nil, err
	}
	s := &server{socket: filepath.Join(dir, "ops.sock")}
	s.cmd = exec.CommandContext(ctx, self, "serve", "127.0.0.1:0", "unix:"+s.socket, p.request.String(), p.answer.String())
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	s.addr = strings.TrimSpace(line)
	return s, err
}

// stop ends the process as a supervisor does.
func (s *server) stop() error {
	return errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait(), os.RemoveAll(filepath.Dir(s.socket)))
}

var total = regexp.MustCompile(`goroutine profile: total (\d+)`)

// left is what the process holds: goroutines and open files.
func (s *server) left(ctx context.Context) (goroutines, files int, err error) {
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", s.socket)
		},
	}}
	body, _, err := fetch(ctx, client, http.MethodGet, "http://localhost/debug/pprof/goroutine?debug=1", "")
	if err != nil {
		return 0, 0, err
	}
	found := total.FindSubmatch(body)
	if found == nil {
		return 0, 0, errors.New("no goroutine profile")
	}
	goroutines, _ = strconv.Atoi(string(found[1]))
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	return goroutines, len(entries), err
}
