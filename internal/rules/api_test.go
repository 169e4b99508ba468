package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestAPI(t *testing.T) {
	t.Parallel()
	got, err := rules.API(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "api", "next.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]bool{}
	for line := range strings.Lines(read(t, "api/next.txt")) {
		want[line] = true
	}
	for line := range strings.Lines(got) {
		if !want[line] {
			t.Errorf("new:  %s", line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("gone: %s", line)
	}
	if t.Failed() {
		t.Log("make api writes api/next.txt, where the change is meant")
	}
}

func TestAPILists(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":          "module m\n\ngo 1.27\n",
		"internal/x/x.go": "package x\n\nfunc Hidden() {}\n",
		"cmd/main.go":     "package main\n\nfunc Hidden() {}\n\nfunc main() {}\n",
		"a.go": `package m

import "context"

const Limit Size = 1 << 4

type Size int

type Handler[I any] func(context.Context, *I) error

type App struct {
	Name string ` + "`json:\"name\"`" + `
	n    int
}

func (a *App) Get[I any](path string, h Handler[I]) {}

func (a *App) hidden() {}

type Store interface{ Close() error }

type Alias = context.Context

var ErrA error

func New(names ...string) *App { return nil }
`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := rules.API(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, strings.Split(strings.TrimSpace(got), "\n"), []string{
		"pkg m, const Limit Size = 16",
		"pkg m, func New(names ...string) *App",
		"pkg m, method (*App) Get[I any](path string, h Handler[I])",
		"pkg m, type Alias = context.Context",
		"pkg m, type App struct",
		"pkg m, type App struct, Name string `json:\"name\"`",
		"pkg m, type App struct, unexported fields",
		"pkg m, type Handler[I any] func(context.Context, *I) error",
		"pkg m, type Size int",
		"pkg m, type Store interface",
		"pkg m, type Store interface, Close() error",
		"pkg m, var ErrA error",
	})
}
