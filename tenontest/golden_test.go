package tenontest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/tenontest"
)

var _ = flag.Bool("update", false, "rewrite the golden files")

func TestGoldenFilesOfThisPackage(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, newApp(t))
	s.Get("/items/7").Status(200).Golden("item")
	s.Get("/items/410").Status(410).Golden("problems/gone")
	s.With("Content-Type", "text/plain").Post("/echo", "line 1\nline 2\n").Golden("text")
}

// TestGolden changes the working directory, so neither it nor its cases are parallel.
func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		name, before string // before is the file, "" is none
		contentType  string
		body, want   string // want is the file after an update
		texts        []string
	}{
		{name: "a missing file says how to make it", body: `{"a":1}`, want: "{\n  \"a\": 1\n}\n", texts: []string{"no such file", "TENON_UPDATE=1 writes the file"}},
		{name: "equal JSON in another spelling", before: `{"b":2,"a":1.0}`, body: `{"a":1,"b":2}`, want: "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},
		{name: "other JSON", before: `{"a":1}`, body: `{"a":2}`, want: "{\n  \"a\": 2\n}\n", texts: []string{"the JSON differs from testdata/x/y.golden", "/a: 2, want 1"}},
		{name: "placeholders hold and stay", before: `{"id":"<<int>>","l":["<<any>>"]}`, body: `{"id":5,"l":[{}],"n":1}`,
			want:  "{\n  \"id\": \"<<int>>\",\n  \"l\": [\n    \"<<any>>\"\n  ],\n  \"n\": 1\n}\n",
			texts: []string{"/n: 1, want no such member"}},
		{name: "placeholders that no longer hold go", before: `{"id":"<<int>>"}`, body: `{"id":"x"}`, want: "{\n  \"id\": \"x\"\n}\n",
			texts: []string{`/id: "x", want <<int>>`}},
		{name: "a file that is not JSON", before: `{`, body: `{}`, want: "{}\n", texts: []string{"testdata/x/y.golden is not JSON"}},
		{name: "equal text", before: "hi\n", contentType: "text/plain", body: "hi\n", want: "hi\n"},
		{name: "text that differs in one byte", before: "hi", contentType: "text/plain", body: "hi\n", want: "hi\n",
			texts: []string{"the body differs from testdata/x/y.golden"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			file := filepath.Join("testdata", "x", "y.golden")
			if tt.before != "" {
				write(t, file, tt.before)
			}
			check := with(func(s *tenontest.Server) {
				if tt.contentType != "" {
					s = s.With("Content-Type", tt.contentType)
				}
				s.Post("/echo", tt.body).Golden("x/y")
			})
			expect(t, check, tt.texts...)
			if tt.before != "" && read(t, file) != tt.before {
				t.Error("the file was changed without being asked for")
			}
			t.Setenv("TENON_UPDATE", "1")
			expect(t, check)
			if got := read(t, file); got != tt.want {
				t.Errorf("the file became %q, want %q", got, tt.want)
			}
			t.Setenv("TENON_UPDATE", "")
			expect(t, check)
		})
	}
}

func TestGoldenFlag(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := flag.Set("update", "true"); err != nil {
		t.Fatal(err)
	}
	expect(t, with(func(s *tenontest.Server) { s.Post("/echo", `1`).Golden("one") }))
	if err := flag.Set("update", "false"); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join("testdata", "one.golden")); got != "1\n" {
		t.Errorf("the file holds %q", got)
	}
}

func TestGoldenNamesStayBelowTestdata(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../x", "/x", ""} {
		expect(t, with(func(s *tenontest.Server) { s.Post("/echo", `1`).Golden(name) }), "is not a name for a file below testdata")
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
