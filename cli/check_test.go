package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/cli"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	own := service()
	own.Checks = []check.Check{{
		Code: "G001", Title: "The greeting is rude.", Fix: "Be kind.", Severity: check.Warning,
		Find: func(*check.Subject) []check.Place { return []check.Place{{Where: "greeting"}} },
	}}
	env := []string{"GREETER_ADR=x", "GREETER_SERVICE_HOST=10.0.0.1"}
	for _, tt := range []struct {
		name string
		args []string
		code int
	}{
		{"check", []string{"check"}, cli.ExitOK},
		{"check-warnings", []string{"check", "--fail-on=warning", "--development"}, cli.ExitFailed},
		{"check-errors", []string{"check", "--public-url=http://api.example.com", "--operations=:8081", "--addr=:80"}, cli.ExitFailed},
		{"check-json", []string{"check", "--json", "--development"}, cli.ExitOK},
		{"serve-refused", []string{"serve", "--public-url=http://api.example.com", "--trusted-proxies=0.0.0.0/0,::/0"}, cli.ExitStart},
	} {
		code, out, errs := run(own, env, tt.args...)
		if code != tt.code {
			t.Errorf("%s: code %d, want %d", tt.name, code, tt.code)
		}
		golden(t, tt.name, out+errs)
	}
}

func TestCheckFindsFilesOfOthers(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o640: true, 0o604: true} {
		if err := os.Chmod(key, mode); err != nil {
			t.Fatal(err)
		}
		code, out, _ := run(service(), []string{"GREETER_KEY_FILE=" + key}, "check", "--fail-on=warning", "--development")
		if found := strings.Contains(out, "T108 warning "+key); found != want || code != cli.ExitFailed {
			t.Errorf("mode %o: code %d, %s", mode, code, out)
		}
	}
}

// vault has what a start is refused for.
type vault struct {
	cli.Server

	Demo bool         `development:"true" doc:"Fill it."`
	Key  tenon.Secret `doc:"Opens it."`
	Seal tenon.Secret `doc:"Closes it."`
}

// TestServeRefusesWhatProductionMustNotHave has a case for each setting that is for development, and for each secret that is none.
func TestServeRefusesWhatProductionMustNotHave(t *testing.T) {
	t.Parallel()
	s := cli.Service[vault]{Name: "vault", Build: func(_ context.Context, v *vault) (*tenon.App, error) {
		return tenon.New(tenon.Config{Title: "Vault", Version: "1", Description: "A vault.", Logger: v.Logger, Admission: v.Admission()}), nil
	}}
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("a secret of 32 characters, quite"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	same := []string{"VAULT_KEY=a secret of 32 characters, quite", "VAULT_SEAL=a secret of 32 characters, quite"}
	busy := "--addr=127.0.0.1:http-of-nobody" // where all is right, it fails at this
	for _, tt := range []struct {
		name, want string
		env, args  []string
		everywhere bool // in development too
	}{
		{"demo rows", "T009: demo: What is for development alone", nil, []string{"--demo"}, false},
		{"the level DEBUG", "T010: log_level: ", nil, []string{"--log-level=DEBUG"}, false},
		{"a key that everybody can read", "T008: " + key + ": ", []string{"VAULT_KEY_FILE=" + key}, nil, false},
		{"one secret for two things", "T011: seal: it is that of key", same, nil, true},
		{"a time that no server has", "T012: tenon.ServerConfig: WriteTimeout is 6s", nil, []string{"--write-timeout=6s"}, true},
		{"demo rows, turned off", "http-of-nobody", nil, []string{"--demo=false"}, true},
	} {
		for _, development := range []bool{false, true} {
			args := append([]string{"serve", busy}, tt.args...)
			if development {
				args = append(args, "--development")
			}
			code, out, errs := run(s, tt.env, args...)
			if found := strings.Contains(errs, tt.want); code != cli.ExitStart || out != "" || found == (development && !tt.everywhere) {
				t.Errorf("%s, development %t: code %d, %s", tt.name, development, code, errs)
			}
		}
	}
	for value, want := range map[string]bool{"hunter2": true, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": true, "changeme": true, "a secret of 32 characters, quite": false} {
		env := []string{"VAULT_KEY=" + value}
		code, out, errs := run(s, env, "serve", busy)
		if refused := strings.Contains(errs, "T013: key: "); code != cli.ExitStart || refused != want || strings.Contains(out+errs, value) {
			t.Errorf("%s: code %d, %s %s", value, code, out, errs)
		}
		code, out, errs = run(s, env, "check", "--development")
		if told := strings.Contains(out, "T103 warning key"); told != want || strings.Contains(out+errs, value) {
			t.Errorf("%s: code %d, %s %s", value, code, out, errs)
		}
	}
}
