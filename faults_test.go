package tenon_test

import (
	"encoding/json/jsontext"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

// refusal is a request that is refused, as it is written on the wire; the header lines are separated by line feeds.
type refusal struct {
	name, target, header, body string // target is "POST /body"
	from                       io.Reader
}

const faultsFile = "testdata/faults.golden"

var anyInstance = regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}`)

// TestRefusals holds the answer to each refusal of the table to testdata/faults.golden: request, status, and the body as the
// client reads it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	app := faultsApp(t)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, tt := range refusals() {
		method, target, _ := strings.Cut(tt.target, " ")
		body := tt.from
		if body == nil {
			body = strings.NewReader(tt.body)
		}
		r := httptest.NewRequestWithContext(t.Context(), method, "/", body)
		r.URL.Path, r.URL.RawPath, r.URL.RawQuery = target, "", ""
		if path, query, ok := strings.Cut(target, "?"); ok {
			r.URL.Path, r.URL.RawQuery = path, query
		}
		if tt.from != nil {
			r.ContentLength = -1
		}
		for line := range strings.SplitSeq(tt.header, "\n") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				r.Header.Add(name, value)
			}
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s: status %d: %s", tt.name, w.Code, w.Body)
		}
		fmt.Fprintf(&out, "=== %s\n%s\n", tt.name, shortened(tt.target))
		if tt.header != "" {
			fmt.Fprintf(&out, "%s\n", shortened(tt.header))
		}
		if tt.body != "" {
			fmt.Fprintf(&out, "\n%s\n", shortened(strings.ReplaceAll(tt.body, "\r\n", "\n")))
		}
		text := strings.ReplaceAll(anyInstance.ReplaceAllString(w.Body.String(), "urn:uuid:…"), `{"in":`, "\n  {\"in\":") // a fault on a line
		fmt.Fprintf(&out, "--- %d\n%s\n\n", w.Code, text)
	}
	goldenText(t, faultsFile, out.String())
}

// shortened keeps a long text readable, and the file text.
func shortened(s string) string {
	if len(s) > 300 {
		s = fmt.Sprintf("%s… %d bytes", s[:60], len(s))
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "␀"), "�")
}

// TestEveryFaultHasARefusal finds what the source can write into a refusal, and no refusal of the golden file holds: codes of
// faults and of problems, messages and details.
func TestEveryFaultHasARefusal(t *testing.T) {
	t.Parallel()
	tree, err := rules.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(faultsFile)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{
		"header-fields-too-large",                      // before there is a request: TestSD157HeadersTooLarge
		"internal", "unavailable", "deadline-exceeded", // not the client's fault
		"The file cannot be received now.",   // 503
		"The service stops.",                 // 503
		"The body arrives too slowly.",       // after half a minute: TestPace
		"must be JSON that the type accepts", // of a default, at start
	}
	found := rules.FaultsOf(tree, ".", "internal/bind", "internal/codec", "internal/form", "internal/validate")
	if len(found.Codes) < 25 || len(found.Messages) < 90 || len(found.Problems) < 12 {
		t.Errorf("%d codes, %d messages and %d problems are found in the source; some are overlooked", len(found.Codes), len(found.Messages), len(found.Problems))
	}
	verb := regexp.MustCompile(`%[a-z]`)
	for _, f := range found.Messages {
		quoted, err := jsontext.AppendQuote(nil, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		pattern := verb.ReplaceAllString(regexp.QuoteMeta(string(quoted[1:len(quoted)-1])), `.+`)
		if !slices.Contains(elsewhere, f.Text) && !regexp.MustCompile(pattern).Match(golden) {
			t.Errorf("%s: no refusal has the message %q", f.At, f.Text)
		}
	}
	for _, f := range slices.Concat(found.Codes, found.Problems) {
		if !slices.Contains(elsewhere, f.Text) && !strings.Contains(string(golden), `"code":"`+f.Text+`"`) {
			t.Errorf("%s: no refusal has the code %q", f.At, f.Text)
		}
	}
}
