package command_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/command"
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
		Commands: []cli.Command[settings]{command.Keygen[settings](), command.Access[settings]()},
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
