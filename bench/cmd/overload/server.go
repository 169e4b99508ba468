package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
)

// serve runs the server, and tells its address on standard output.
func serve(open bool, cost time.Duration) error {
	rounds := calibrate(cost)
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler), Admission: admission(open)})
	app.Get("/work", func(context.Context, *struct{}) (*struct {
		Sum string `json:"sum"`
	}, error,
	) {
		return &struct {
			Sum string `json:"sum"`
		}{fmt.Sprintf("%x", work(rounds))}, nil
	})
	return tenon.Serve(context.Background(), app, tenon.ServerConfig{
		Addr: "127.0.0.1:0", Ready: func(addr net.Addr) { fmt.Println(addr) },
	})
}

func admission(open bool) middleware.AdmissionConfig {
	if open {
		return middleware.AdmissionConfig{}
	}
	return middleware.AdmissionConfig{Requests: 1024}
}

func work(rounds int) [32]byte {
	var sum [32]byte
	for range rounds {
		sum = sha256.Sum256(sum[:])
	}
	return sum
}

// calibrate finds how much work costs so much time, when nothing else is done.
func calibrate(cost time.Duration) int {
	best := time.Hour
	const rounds = 20_000
	for range 20 {
		began := time.Now()
		work(rounds)
		best = min(best, time.Since(began))
	}
	return int(rounds * cost / best)
}

// server is the process of a server.
type server struct {
	cmd  *exec.Cmd
	addr string
}

// start starts the server, on some processors alone where they are named.
func start(open bool, cost time.Duration, processors string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{self, "-serve", "-open=" + strconv.FormatBool(open), "-cost=" + cost.String()}
	if processors != "" {
		args = append([]string{"taskset", "-c", processors}, args...)
	}
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	return &server{cmd, strings.TrimSpace(addr)}, nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// resident is how much memory the server holds, in MiB.
func (s *server) resident() int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.Atoi(fields[0])
	return kib >> 10
}

// cpu is how many seconds of processor time the server has had.
func (s *server) cpu() float64 {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100 // ticks
}

// ownCPU is cpu of this process.
func ownCPU() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}
