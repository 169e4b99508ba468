package cli_test

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/tenon-go/tenon/cli"
)

// pipeChild is set in the process that TestServeWithoutAReaderOfItsLog starts.
const pipeChild = "TENON_TEST_PIPE"

// TestServeWithoutAReaderOfItsLog has a service whose log nobody reads any more: it goes on, and stops as it should.
func TestServeWithoutAReaderOfItsLog(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"text", "json"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(pipeChild) == form {
				var cfg *public
				os.Exit(publicService(&cfg).Run(context.Background(), cli.Process{
					Args:   []string{"serve", "--addr=127.0.0.1:0", "--drain-delay=0s", "--log=" + form},
					Stdout: os.Stdout, Stderr: os.Stderr,
				}))
			}
			withoutAReader(t, form)
		})
	}
}

func withoutAReader(t *testing.T, form string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServeWithoutAReaderOfItsLog$/^"+form+"$")
	child.Env = append(os.Environ(), pipeChild+"="+form)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	reader, log, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = log
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = log.Close(), reader.Close()
	lines := bufio.NewScanner(out)
	base := ""
	for base == "" && lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "API"); ok {
			base = strings.TrimSpace(address)
		}
	}
	for range 5 {
		answer, _, err := fetch(t, http.DefaultClient, base+"/openapi.json", nil)
		if err != nil {
			t.Fatalf("a request after the reader of the log left: %v", err)
		}
		if answer.StatusCode != http.StatusOK {
			t.Errorf("status %d, want 200", answer.StatusCode)
		}
	}
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // until it ends
	}
	if err := child.Wait(); err != nil {
		t.Errorf("it ended with %v, want 0", err)
	}
}
