package tenontest

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// AccessConfig says how the callers of the matrix call.
type AccessConfig struct {
	// Show puts the credential of a caller into a request, such as a token that was issued for the identity, or, for one of auth.KindMachine, an API key.
	// Required. It is not called for nobody.
	Show func(r *http.Request, of auth.Identity)
	// Objects are the requests to operations that are about what somebody owns, by method and path as the matrix writes them, such as
	// "DELETE /posts/{id}". Each operation with the verdict auth.OnlyOwn needs one.
	Objects map[string]AccessObject
	// Callers are more columns of the matrix. Default none.
	Callers []auth.Caller
	// Prepare is called before each request, such as to put back what one before it deleted. Default: nothing is done.
	Prepare func()
	// Skip are operations that are not called, each with the reason: such as a stream that never ends. Default none.
	Skip map[string]string
	// Golden is the name of a file testdata/NAME.golden that holds the matrix, so that a change of it is seen. Default: there is none.
	Golden string
}

// AccessObject is how an operation is called for a thing.
type AccessObject struct {
	// Own and Other are the targets for a thing of the caller, whose subject is "caller", and for one of somebody else.
	Own, Other string
	// Missing is the target for one that is not there; its answer and that of Other must be the same.
	Missing string
	// Body is the body, if there is one: as for Server.Do.
	Body any
}

// Access calls every operation of an app as every caller of auth.Matrix, and holds what happens against what the matrix says: nobody is
// answered 401 with a challenge, who may not 403, what is somebody else's as what is not there, and all others something else. Operations that
// nobody has a rule for fail the test.
func Access(tb testing.TB, app *tenon.App, cfg AccessConfig) {
	tb.Helper()
	if cfg.Show == nil {
		tb.Fatalf("tenontest.Access needs Show")
	}
	s := New(tb, app)
	m := auth.Matrix(app, cfg.Callers...)
	accessGolden(tb, cfg.Golden, m.String())
	cells := 0
	for _, row := range m.Rows {
		if row.Rule == "" {
			tb.Errorf("%s: nobody says who may call it", row.Operation)
			continue
		}
		if reason := cfg.Skip[row.Operation]; reason != "" {
			tb.Logf("%s is not called: %s", row.Operation, reason)
			continue
		}
		for i, caller := range m.Callers {
			cell := accessCell{s, cfg, row, caller, row.Verdicts[i]}
			cell.try(tb)
			cells++
		}
	}
	tb.Logf("%d operations, %d callers, %d cells", len(m.Rows), len(m.Callers), cells)
}

// accessCell is one operation and one caller.
type accessCell struct {
	server  *Server
	cfg     AccessConfig
	row     auth.AccessRow
	caller  auth.Caller
	verdict auth.Verdict
}

var pathWildcard = regexp.MustCompile(`\{[^}]*\}`)

func (c accessCell) try(tb testing.TB) {
	tb.Helper()
	object, there := c.cfg.Objects[c.row.Operation]
	if c.row.Object != "" && !there {
		tb.Errorf("%s is about a %s that somebody owns: AccessConfig.Objects must say how it is called", c.row.Operation, c.row.Object)
		return
	}
	_, path, _ := strings.Cut(c.row.Operation, " ")
	if !there {
		object = AccessObject{Own: pathWildcard.ReplaceAllString(path, "1")}
	}
	targets := []string{object.Own}
	if there {
		targets = append(targets, object.Other)
	}
	for i, target := range targets {
		got := c.call(tb, target, object.Body)
		if got == nil {
			return
		}
		if wrong := c.wrong(got, there, i == 0); wrong != "" {
			body := indent(clip(string(got.Body), maxShown))
			tb.Errorf("%s as %q: %s is answered %d, but %s\n%s", c.row.Operation, c.caller.Name, target, got.Code, wrong, body)
		}
		if i == 1 && c.verdict == auth.OnlyOwn && object.Missing != "" {
			c.same(tb, got, c.call(tb, object.Missing, object.Body))
		}
	}
}

// wrong says what an answer should have been, or nothing.
func (c accessCell) wrong(got *Response, object, own bool) string {
	switch verdict, code := c.verdict, got.Code; {
	case verdict == auth.Anonymous && (code != http.StatusUnauthorized || got.Headers.Get("WWW-Authenticate") == ""):
		return "nobody is answered 401 with WWW-Authenticate"
	case verdict == auth.Denied && code != http.StatusForbidden:
		return "the rule is: " + c.row.Rule
	case verdict == auth.OnlyOwn && !own && code != http.StatusNotFound:
		return "what is somebody else's is answered as what is not there"
	case verdict == auth.Anonymous || verdict == auth.Denied || verdict == auth.OnlyOwn && !own:
		return ""
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code >= http.StatusInternalServerError:
		return "the rule lets the caller in: " + c.row.Rule
	case object && code >= http.StatusMultipleChoices:
		return "the caller may reach the " + c.row.Object
	}
	return ""
}

// same holds the answer for what is somebody else's against that for what is not there.
func (c accessCell) same(tb testing.TB, other, missing *Response) {
	tb.Helper()
	if missing == nil {
		return
	}
	told := func(r *Response) string {
		body, _, _ := strings.Cut(string(r.Body), `"instance"`)
		return body
	}
	if other.Code != missing.Code || told(other) != told(missing) {
		tb.Errorf("%s as %q: what is somebody else's can be told from what is not there:\n%s\n%s", c.row.Operation, c.caller.Name,
			indent(told(other)), indent(told(missing)))
	}
}

func (c accessCell) call(tb testing.TB, target string, body any) *Response {
	tb.Helper()
	if c.cfg.Prepare != nil {
		c.cfg.Prepare()
	}
	method, _, _ := strings.Cut(c.row.Operation, " ")
	reader, err := bodyReader(body)
	if err != nil {
		tb.Errorf("%s: %v", c.row.Operation, err)
		return nil
	}
	r, err := http.NewRequestWithContext(tb.Context(), method, "/", reader)
	if err != nil {
		tb.Errorf("%s: %v", c.row.Operation, err)
		return nil
	}
	r.URL = targetURL(target)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.caller.Identity != nil {
		c.cfg.Show(r, *c.caller.Identity)
	}
	return c.server.Send(r)
}

// accessGolden compares the matrix with its file.
func accessGolden(tb testing.TB, name, text string) {
	tb.Helper()
	if name == "" {
		return
	}
	if !filepath.IsLocal(name) {
		tb.Errorf("%q is not a name for a file below testdata", name)
		return
	}
	file := filepath.Join("testdata", filepath.FromSlash(name)+".golden")
	if updating() {
		if err := writeGolden(file, []byte(text)); err != nil {
			tb.Errorf("%v", err)
		}
		return
	}
	want, err := os.ReadFile(file) //nolint:gosec // It is local, and the test named it.
	switch {
	case err != nil:
		tb.Errorf("%v; TENON_UPDATE=1 writes the file", err)
	case string(want) != text:
		tb.Errorf("who may call what has changed; review it, and write %s with TENON_UPDATE=1. Now it is\n%s\nand was\n%s",
			file, indent(text), indent(string(want)))
	}
}
