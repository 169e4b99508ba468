package tenon_test

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/tenontest"
)

const suite = "internal/codec/testdata/jsontestsuite"

// suiteFiles are the files of the JSON Parsing Test Suite by name: y_ is JSON, n_ is not, i_ is for us to decide.
func suiteFiles(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(suite, "[yni]_*.json"))
	if err != nil {
		t.Fatal(err)
	}
	files, count := map[string][]byte{}, map[byte]int{}
	for _, file := range names {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		files[name] = text
		count[name[0]]++
	}
	if count['y'] != 95 || count['n'] != 188 || count['i'] != 35 {
		t.Fatalf("the suite has %v, want 95 y_, 188 n_ and 35 i_", count)
	}
	return files
}

// sentAs sends a text to a body of each kind: any JSON, a struct, a list, a map, a number, a text, a recursive type. It is sent without
// its length, so that no text is a text too: with Content-Length: 0 there is no body.
func sentAs(t *testing.T) map[string]func(text []byte) *tenontest.Response {
	t.Helper()
	kinds := map[string]func([]byte) *tenontest.Response{}
	to := func(s *tenontest.Server) func([]byte) *tenontest.Response {
		return func(text []byte) *tenontest.Response {
			return s.Do(http.MethodPost, "/x", io.MultiReader(bytes.NewReader(text)))
		}
	}
	kinds["any"] = to(tenontest.New(t, taking[struct {
		Body jsontext.Value `body:""`
	}](t)))
	kinds["struct"] = to(tenontest.New(t, taking[everyPosition](t)))
	kinds["list"] = to(tenontest.New(t, taking[struct {
		Body []string `body:""`
	}](t)))
	kinds["map"] = to(tenontest.New(t, taking[struct {
		Body map[string]float64 `body:""`
	}](t)))
	kinds["number"] = to(tenontest.New(t, taking[struct {
		Body int64 `body:""`
	}](t)))
	kinds["text"] = to(tenontest.New(t, taking[struct {
		Body string `body:""`
	}](t)))
	kinds["tree"] = to(tenontest.New(t, taking[tree](t)))
	return kinds
}

// TestJSONTestSuite sends each file to a body of each kind. What is not JSON is a 400 with its place, whatever the type; what is
// JSON is accepted where any is, and is never a 400.
func TestJSONTestSuite(t *testing.T) {
	t.Parallel()
	files := suiteFiles(t)
	for kind, send := range sentAs(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for name, text := range files {
				r := send(text)
				switch {
				case name[0] == 'n' && r.Code != http.StatusBadRequest:
					t.Errorf("%s: %d, want 400: %s", name, r.Code, r.Body)
				case name[0] == 'n':
					checkLocated(t, name, r)
				case name[0] == 'y' && r.Code != http.StatusNoContent && (r.Code != http.StatusUnprocessableEntity || kind == "any" && !duplicates(name)):
					t.Errorf("%s: %d: %s", name, r.Code, r.Body)
				}
			}
		})
	}
}

// duplicates reports whether a file is JSON in which an object has two members of one name: a 422 even where any JSON is taken.
func duplicates(name string) bool { return strings.HasPrefix(name, "y_object_duplicated_key") }

// TestJSONTestSuiteDecides holds what the suite leaves open: testdata/jsontestsuite.golden lists the 35 files with the status and the
// fault with which a body of any JSON meets them, and so a list of numbers or texts.
func TestJSONTestSuiteDecides(t *testing.T) {
	t.Parallel()
	files, kinds := suiteFiles(t), sentAs(t)
	s := tenontest.New(t, taking[struct {
		Body []float64 `body:""`
	}](t))
	kinds["numbers"] = func(text []byte) *tenontest.Response { return s.Post("/x", text) }
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name[0] != 'i' {
			continue
		}
		text := files[name]
		typed := "list" // of texts
		if strings.HasPrefix(name, "i_number") {
			typed = "numbers"
		}
		fmt.Fprintf(&out, "%-50s  any JSON: %-45s  %s: %s\n", name, outcome(kinds["any"](text)), typed, outcome(kinds[typed](text)))
	}
	goldenText(t, "testdata/jsontestsuite.golden", out.String())
}

// outcome is the status of an answer and what it says of its first fault.
func outcome(r *tenontest.Response) string {
	if r.Code < http.StatusBadRequest {
		return strconv.Itoa(r.Code)
	}
	f := r.Into[faultList]().Errors[0]
	if f.Code == "json" {
		text, _, _ := strings.Cut(f.Message, " at byte")
		return fmt.Sprintf("%d %s", r.Code, text)
	}
	return fmt.Sprintf("%d %s", r.Code, f.Code)
}
