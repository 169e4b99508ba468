// Package size_test measures how much program an operation costs.
package size_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"text/template"
)

// budget is the most bytes that a further operation with types of its own may add to a stripped program.
const budget = 8 << 10

// few and many are the operations of the two programs that are compared.
const few, many = 1, 50

// source is a service of operations that share no type: a path parameter and a body of five members in, six members out.
var source = template.Must(template.New("main.go").Parse(`package main

import (
	"context"

	"github.com/tenon-go/tenon"
)

{{range .}}
type in{{.}} struct {
	ID   int64 ` + "`path:\"id\" minimum:\"1\"`" + `
	Body body{{.}} ` + "`body:\"\"`" + `
}

type body{{.}} struct {
	Name  string   ` + "`json:\"name\" minLength:\"1\" maxLength:\"100\"`" + `
	Email string   ` + "`json:\"email\" format:\"email\"`" + `
	Age   int      ` + "`json:\"age\" minimum:\"1\" maximum:\"149\"`" + `
	Tags  []string ` + "`json:\"tags\" maxItems:\"10\"`" + `
	Note  tenon.Opt[string] ` + "`json:\"note\" maxLength:\"500\"`" + `
}

type out{{.}} struct {
	ID    int64    ` + "`json:\"id\"`" + `
	Name  string   ` + "`json:\"name\"`" + `
	Email string   ` + "`json:\"email\"`" + `
	Age   int      ` + "`json:\"age\"`" + `
	Tags  []string ` + "`json:\"tags\"`" + `
	Part{{.}} bool ` + "`json:\"part\"`" + `
}

func handle{{.}}(_ context.Context, in *in{{.}}) (*out{{.}}, error) {
	return &out{{.}}{ID: in.ID, Name: in.Body.Name, Email: in.Body.Email, Age: in.Body.Age, Tags: in.Body.Tags}, nil
}
{{end}}

func main() {
	app := tenon.New(tenon.Config{Title: "Size"})
{{range .}}	app.Put("/things{{.}}/{id}", handle{{.}})
{{end}}	if err := tenon.Serve(context.Background(), app, tenon.ServerConfig{}); err != nil {
		panic(err)
	}
}
`))

// TestSizePerOperation builds two programs and holds the difference against the budget.
func TestSizePerOperation(t *testing.T) {
	t.Parallel()
	small, large := build(t, few), build(t, many)
	per := (large - small) / (many - few)
	t.Logf("%d bytes with %d operation, %d with %d: %d bytes for each further one", small, few, large, many, per)
	if per > budget {
		t.Errorf("a further operation costs %d bytes of program, want %d or fewer", per, budget)
	}
}

func build(t *testing.T, operations int) int64 {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	numbers := make([]int, operations)
	for i := range numbers {
		numbers[i] = i
	}
	var program bytes.Buffer
	if err := source.Execute(&program, numbers); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	module := "module size\n\ngo 1.27\n\nrequire github.com/tenon-go/tenon v0.0.0\n\nreplace github.com/tenon-go/tenon => " + root + "\n"
	write(t, filepath.Join(dir, "go.mod"), []byte(module))
	write(t, filepath.Join(dir, "main.go"), program.Bytes())
	binary := filepath.Join(dir, "program")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-ldflags=-s -w", "-trimpath", "-buildvcs=false", "-o", binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
