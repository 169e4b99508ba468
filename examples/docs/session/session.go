// Package session proves that what a page shows is what happens: it runs the commands of the file session.txt against the
// page's program, and compares what they print.
//
// A line that begins with "$ " is a command for sh, continued where it ends in a backslash; what follows is its output. Each runs in a shell of its
// own, but what "export NAME=…" sets is there for those that follow. Lines that begin with "# " are comments and regions. Addresses say
// 127.0.0.1:8080. Ids and dates, which differ each time, are compared by their form.
package session

import (
	"context"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

const address = "127.0.0.1:8080"

// File is where a session stands, in the folder of the program.
const File = "session.txt"

// Run serves app, runs the session and fails for each command that prints something else than the file says. With
// TENON_UPDATE=1 in the environment it writes the file anew.
func Run(t *testing.T, app *tenon.App) {
	t.Helper()
	addr := serve(t, app)
	text, err := os.ReadFile(File)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	steps := Parse(string(text))
	env := os.Environ()
	for _, s := range steps {
		if name, ok := s.exports(); ok {
			out.WriteString(s.Head)
			env = append(env, name+"="+strings.TrimSpace(Step{Command: s.Command + `printf %s "$` + name + `"`}.run(t, addr, env)))
			continue
		}
		got := s.run(t, addr, env)
		if same(got, s.Output) {
			got = s.Output // keeps ids and dates
		}
		out.WriteString(s.Head + got)
		if got != s.Output && os.Getenv("TENON_UPDATE") != "1" {
			t.Errorf("%sprinted\n%s\nwant\n%s", s.Head, got, s.Output)
		}
	}
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(File, []byte(out.String()), 0o644); err != nil { //nolint:gosec // a file that all may read
			t.Fatal(err)
		}
	}
}

// serve runs app as a program would, until the test ends.
func serve(t *testing.T, app *tenon.App) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready := make(chan net.Addr)
	done := make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, app, tenon.ServerConfig{
			Addr:   "127.0.0.1:0",
			Ready:  func(addr net.Addr) { ready <- addr },
			Logger: slog.New(slog.DiscardHandler),
			// Without the fields that every answer has, a page shows those that it is about.
			OmitSecureHeaders: true,
			// No balancer has to notice.
			DrainDelay: time.Nanosecond,
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	select {
	case addr := <-ready:
		return addr.String()
	case err := <-done:
		done <- nil
		t.Fatal(err)
	}
	return ""
}

// Step is one command of a session: the comments before it and the command as they stand in the file, and the output.
type Step struct {
	Head, Command, Output string
}

// Parse cuts a session into its steps.
func Parse(text string) []Step {
	var steps []Step
	var head strings.Builder
	continued := false
	for line := range strings.Lines(text) {
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case begins:
			steps = append(steps, Step{Head: head.String() + line, Command: command})
			head.Reset()
		case continued:
			s := &steps[len(steps)-1]
			s.Head += line
			s.Command += line
		case len(steps) == 0 || head.Len() > 0 || strings.HasPrefix(line, "# "):
			head.WriteString(line)
		default:
			steps[len(steps)-1].Output += line
		}
		continued = (begins || continued) && strings.HasSuffix(line, "\\\n")
	}
	if head.Len() > 0 {
		steps = append(steps, Step{Head: head.String()})
	}
	return steps
}

// exports is the variable that the command sets for those that follow.
func (s Step) exports() (name string, ok bool) {
	rest, ok := strings.CutPrefix(s.Command, "export ")
	name, _, set := strings.Cut(rest, "=")
	return name, ok && set
}

func (s Step) run(t *testing.T, addr string, env []string) string {
	t.Helper()
	if s.Command == "" {
		return ""
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(s.Command, address, addr)) //nolint:gosec // from a file of ours
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Errorf("%s: %v", s.Command, err)
	}
	text := strings.ReplaceAll(strings.ReplaceAll(string(out), addr, address), "\r\n", "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

var (
	id   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	date = regexp.MustCompile(`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

func same(a, b string) bool { return masked(a) == masked(b) }

func masked(s string) string { return date.ReplaceAllString(id.ReplaceAllString(s, "ID"), "DATE") }
