package cli_test

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/cli"
)

// logOf is what a service logs that is asked for something that it does not have, once it has stopped.
func logOf(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, done := &announced{lines: make(chan string, 10)}, make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		done <- service().Run(ctx, cli.Process{Args: append([]string{"serve", "--addr=127.0.0.1:0"}, args...), Stdout: out, Stderr: &errs})
	}()
	if _, _, err := fetch(t, &http.Client{}, strings.Fields(<-out.lines)[1]+"/none", nil); err != nil {
		t.Error(err)
	}
	stop()
	if code := <-done; code != cli.ExitOK {
		t.Errorf("code %d", code)
	}
	return errs.String()
}

// TestSD159TheLogIsJSONInUTC reads the one line of a request.
func TestSD159TheLogIsJSONInUTC(t *testing.T) {
	t.Parallel()
	var line struct {
		Time   string `json:"time"`
		Msg    string `json:"msg"`
		Status int    `json:"status"`
	}
	text := logOf(t, "--drain-delay=1ms")
	if err := json.Unmarshal([]byte(text), &line, json.RejectUnknownMembers(false)); err != nil || line.Msg != "request" || line.Status != 404 {
		t.Errorf("%s: %v", text, err)
	}
	if at, err := time.Parse(time.RFC3339Nano, line.Time); err != nil || !strings.HasSuffix(line.Time, "Z") || time.Since(at) > time.Minute {
		t.Errorf("time %q: %v", line.Time, err)
	}
	if text := logOf(t, "--drain-delay=1ms", "--log=text"); !strings.HasPrefix(text, "time=") || !strings.Contains(text, " status=404 ") {
		t.Errorf("as text: %s", text)
	}
}

func TestADelayThatIsShortenedIsTold(t *testing.T) {
	t.Parallel()
	for delay, want := range map[string]bool{"1h": true, "15ms": false} {
		text := logOf(t, "--drain=40ms", "--drain-delay="+delay)
		if told := strings.Contains(text, "half of it") && strings.Contains(text, `"drain_delay":3600000000000`) && strings.Contains(text, `"delay":20000000`); told != want {
			t.Errorf("a delay of %s is told %t, want %t: %s", delay, told, want, text)
		}
	}
}
