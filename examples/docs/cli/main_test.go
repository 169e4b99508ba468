package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
)

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv("NOTES_TEST_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// place is where something is registered, which differs from machine to machine.
var place = regexp.MustCompile(`\S*/main\.go`)

func TestSession(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "notes")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(session.File)
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	for _, s := range session.Parse(string(text)) {
		out := ""
		if s.Command != "" {
			cmd := exec.CommandContext(t.Context(), "sh", "-c", s.Command)
			cmd.Dir = bin
			cmd.Env = []string{"NOTES_TEST_MAIN=1", "PATH=" + bin + ":" + os.Getenv("PATH")}
			printed, _ := cmd.CombinedOutput() // some steps show a failure
			out = place.ReplaceAllString(string(printed), "main.go")
		}
		written.WriteString(s.Head + out)
		if out != s.Output && os.Getenv("TENON_UPDATE") != "1" {
			t.Errorf("%sprinted\n%s\nwant\n%s", s.Head, out, s.Output)
		}
	}
	if os.Getenv("TENON_UPDATE") == "1" {
		if err := os.WriteFile(session.File, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
