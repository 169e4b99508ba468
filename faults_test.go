package tenon_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
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
	goldenText(t, faultsFile, refusedBy(t, app, refusals()))
}

// refusedBy sends requests to an app, and returns them with its answers.
func refusedBy(t *testing.T, app *tenon.App, requests []refusal) string {
	t.Helper()
	var out strings.Builder
	for _, tt := range requests {
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
	return out.String()
}

// shortened keeps a long text readable, and the file text.
func shortened(s string) string {
	if len(s) > 300 {
		s = fmt.Sprintf("%s… %d bytes", s[:60], len(s))
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "␀"), "�")
}
