package command_test

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/command"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/cli"
)

type settings struct {
	cli.Server

	RootKey auth.Root `doc:"The key of which others are made."`
}

func run(t *testing.T, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	s := cli.Service[settings]{
		Name: "service", Description: "A test.",
		Build: func(_ context.Context, _ *settings) (*tenon.App, error) {
			app := tenon.New(tenon.Config{Title: "Test", Version: "1.0.0"})
			app.Get("/about", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, auth.Public("who we are"))
			app.Get("/odd", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
			return app, nil
		},
		Commands: []cli.Command[settings]{command.Keygen[settings](), command.Access[settings](), command.Calibrate[settings]()},
	}
	code = s.Run(t.Context(), cli.Process{Args: args, Env: env, Stdout: &out, Stderr: &err})
	return code, out.String(), err.String()
}

// TestSD061Keygen takes what the command prints, and does not show it where settings are shown.
func TestSD061Keygen(t *testing.T) {
	t.Parallel()
	code, key, stderr := run(t, nil, "keygen")
	if code != 0 || strings.Count(key, "\n") != 1 {
		t.Fatalf("%d: %q, %s", code, key, stderr)
	}
	key = strings.TrimSpace(key)
	if _, err := auth.ParseRoot(key); err != nil {
		t.Error(err)
	}
	if _, again, _ := run(t, nil, "keygen"); strings.TrimSpace(again) == key {
		t.Error("the same key twice")
	}
	code, stdout, stderr := run(t, []string{"SERVICE_ROOT_KEY=" + key}, "config")
	if code != 0 || strings.Contains(stdout+stderr, key) || !strings.Contains(stdout, "SERVICE_ROOT_KEY") {
		t.Errorf("%d: %s%s", code, stdout, stderr)
	}
	for _, weak := range []string{"changeme", key[:30], "tenon_root_AGvvkaonm3ZGJ2-3WPEIoNMNtTpVGN3ZEzgcBkG4SE8"} {
		code, stdout, stderr := run(t, []string{"SERVICE_ROOT_KEY=" + weak}, "access")
		if code == 0 || strings.Contains(stdout+stderr, weak) {
			t.Errorf("%q: %d %s%s", weak, code, stdout, stderr)
		}
	}
}

func TestN07AccessPrintsTheMatrix(t *testing.T) {
	t.Parallel()
	const want = "operation   nobody  no role  rule\n" +
		"GET /about  yes     yes      public: who we are\n" +
		"GET /odd    yes     yes      NONE: anybody\n"
	if code, stdout, stderr := run(t, nil, "access"); code != 0 || stdout != want {
		t.Errorf("%d: got\n%s%s\nwant\n%s", code, stdout, stderr, want)
	}
}

// TestPL03Calibrate: whatever the machine, what is printed is a configuration that is taken, and never less than the default.
func TestPL03Calibrate(t *testing.T) {
	t.Parallel()
	least := regexp.MustCompile(`^ 19456 KiB, 2 passes: .+\npassword\.Config\{Memory: 19456, Passes: 2\}\n$`)
	code, stdout, stderr := run(t, nil, "calibrate", "--target=1ns") // which no machine can do
	if code != 0 || !least.MatchString(stdout) || !strings.Contains(stderr, "OWASP") {
		t.Errorf("%d: %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = run(t, nil, "calibrate", "--target=1h") // which every machine can
	found := regexp.MustCompile(`password\.Config\{Memory: (\d+), Passes: (\d+)\}\n$`).FindStringSubmatch(stdout)
	if code != 0 || stderr != "" || found == nil {
		t.Fatalf("%d: %s%s", code, stdout, stderr)
	}
	memory, err1 := strconv.Atoi(found[1])
	passes, err2 := strconv.Atoi(found[2])
	_, err3 := password.New(password.Config{Memory: memory, Passes: passes})
	if err := errors.Join(err1, err2, err3); err != nil || memory*passes <= 19456*2 || strings.Count(stdout, "KiB") < 5 {
		t.Errorf("%v: %s", err, stdout)
	}
	for _, target := range []string{"0s", "-1s", "x"} {
		if code, stdout, _ := run(t, nil, "calibrate", "--target="+target); code != cli.ExitUsage || stdout != "" {
			t.Errorf("--target=%s: %d %s", target, code, stdout)
		}
	}
}
