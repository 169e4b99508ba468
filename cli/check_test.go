package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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
		code, out, _ := run(service(), []string{"GREETER_KEY_FILE=" + key}, "check", "--fail-on=warning")
		if found := strings.Contains(out, "T108 warning "+key); found != want || code != cli.ExitFailed {
			t.Errorf("mode %o: code %d, %s", mode, code, out)
		}
	}
}
