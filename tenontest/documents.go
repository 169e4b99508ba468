package tenontest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// Documents holds the OpenAPI documents of an app to the files of a folder, which are kept with the source: v1.json for a version v1,
// openapi.json for an app without versions.
//
//	func TestDocuments(t *testing.T) { tenontest.Documents(t, newApp(t), "testdata/openapi") }
//
// A difference that breaks clients fails the test: what is in a file was promised. Make it a change of a new version; or, where nobody
// has the promise yet, remove the file. Any other difference fails until the file says it, too: TENON_UPDATE=1 writes the files, but never
// over a promise that is broken. A file whose version the app no longer has fails as well.
func Documents(tb testing.TB, app *tenon.App, dir string) {
	tb.Helper()
	if err := app.Compile(); err != nil {
		tb.Fatalf("the app does not compile:\n%s", indent(err.Error()))
	}
	known := map[string]bool{}
	for version, document := range app.Documents() {
		if version == "" {
			version = "openapi"
		}
		known[version+".json"] = true
		text, err := document.JSON()
		if err != nil {
			tb.Errorf("the document %s cannot be written: %v", version, err)
			continue
		}
		holdDocument(tb, filepath.Join(dir, version+".json"), text, document)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		tb.Errorf("%v", err)
	}
	for _, file := range files {
		if !known[file.Name()] && strings.HasSuffix(file.Name(), ".json") {
			tb.Errorf("%s: the app has no such version; bring it back, or remove the file when its clients are gone", filepath.Join(dir, file.Name()))
		}
	}
}

func holdDocument(tb testing.TB, file string, text []byte, document *openapi.Document) {
	tb.Helper()
	kept, err := os.ReadFile(file)
	switch {
	case err == nil && string(kept) == string(text):
		return
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		tb.Errorf("%v", err)
		return
	case err == nil:
		released, err := openapi.Read(kept)
		if err != nil {
			tb.Errorf("%s: %v", file, err)
			return
		}
		if broken := differences(released, document, true); broken != "" {
			tb.Errorf("%s: clients would break:\n%sDeclare it as a change of a new version, or remove the file if nobody relies on it", file, broken)
			return
		}
		if !updating() {
			tb.Errorf("%s: the document is another:\n%sTENON_UPDATE=1 writes it", file, differences(released, document, false))
			return
		}
	case !updating():
		tb.Errorf("%s is not there; TENON_UPDATE=1 writes it", file)
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		tb.Errorf("%v", err)
		return
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		tb.Errorf("%v", err)
		return
	}
	tb.Logf("wrote %s", file)
}

// differences are those that break clients, or all, on lines of their own.
func differences(before, after *openapi.Document, breaking bool) string {
	var b strings.Builder
	for _, change := range openapi.Diff(before, after) {
		if change.Breaking || !breaking {
			b.WriteString("    " + change.String() + "\n")
		}
	}
	if b.Len() == 0 && !breaking {
		return "    in its words alone, such as descriptions and examples\n"
	}
	return b.String()
}
