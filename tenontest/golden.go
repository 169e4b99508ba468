package tenontest

import (
	"encoding/json/jsontext"
	"flag"
	"os"
	"path/filepath"
	"strings"
)

// updating reports whether golden files are to be rewritten. The kit registers no flag of its own: a flag can be
// registered once only, and the test's package may have its own.
func updating() bool {
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		return true
	}
	return os.Getenv("TENON_UPDATE") == "1"
}

// Golden compares the body with the file testdata/NAME.golden. JSON is compared by value, and the file may hold
// placeholders as in JSON; all else is compared byte by byte. The file is written anew, placeholders kept where they
// still hold, when the environment has TENON_UPDATE=1, or when the test's package has a flag for it that is set:
//
//	var _ = flag.Bool("update", false, "rewrite the golden files")
func (r *Response) Golden(name string) *Response {
	r.tb.Helper()
	if r.failed {
		return r
	}
	if !filepath.IsLocal(name) {
		return r.fail("%q is not a name for a file below testdata", name)
	}
	file := filepath.Join("testdata", filepath.FromSlash(name)+".golden")
	want, err := os.ReadFile(file)
	if updating() {
		return r.rewrite(file, want)
	}
	if err != nil {
		return r.fail("%v; TENON_UPDATE=1 writes the file", err)
	}
	return r.compareGolden(file, want)
}

func (r *Response) compareGolden(file string, want []byte) *Response {
	r.tb.Helper()
	if !r.isJSON() {
		if string(want) != string(r.Body) {
			return r.fail("the body differs from %s, which holds\n%s", file, indent(clip(string(want), maxShown)))
		}
		return r
	}
	wanted, err := parse(want)
	if err != nil {
		return r.fail("%s is not JSON: %v", file, err)
	}
	return r.compare("", "the JSON differs from "+file, wanted)
}

// rewrite makes the file say what the body says.
func (r *Response) rewrite(file string, old []byte) *Response {
	r.tb.Helper()
	text := r.Body
	if r.isJSON() {
		got, err := parse(r.Body)
		if err != nil {
			return r.fail("the body is not JSON: %v", err)
		}
		if before, err := parse(old); err == nil {
			got = keepPlaceholders(before, got)
		}
		text = []byte(got.print(jsontext.Multiline(true), jsontext.WithIndent("  ")) + "\n")
	}
	if err := writeGolden(file, text); err != nil {
		return r.fail("%v", err)
	}
	r.tb.Logf("wrote %s", file)
	return r
}

func writeGolden(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// keepPlaceholders is got with the placeholders of before that still stand for its values.
func keepPlaceholders(before, got *node) *node {
	if _, ok := placeholder(before); ok && len(diff("", before, got)) == 0 {
		return before
	}
	kept := *got
	if before.kind == jsontext.KindBeginObject && got.kind == before.kind {
		kept.members = map[string]*node{}
		for name, value := range got.members {
			if old := before.members[name]; old != nil {
				value = keepPlaceholders(old, value)
			}
			kept.members[name] = value
		}
	}
	if before.kind == jsontext.KindBeginArray && got.kind == before.kind {
		kept.items = nil
		for i, item := range got.items {
			if i < len(before.items) {
				item = keepPlaceholders(before.items[i], item)
			}
			kept.items = append(kept.items, item)
		}
	}
	return &kept
}

func indent(s string) string {
	return "    " + strings.ReplaceAll(s, "\n", "\n    ")
}
