package tenon_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// mpForm is a form with a value and a file of each kind.
type mpForm struct {
	Title tenon.Opt[string]         `form:"title" maxLength:"20000"`
	Size  tenon.Opt[int]            `form:"size"`
	Tags  []string                  `form:"tag"   default:"" maxItems:"20"`
	File  tenon.Opt[tenon.Upload]   `form:"file"  maxBytes:"100"`
	Image *tenon.Upload             `form:"image" accept:"image/png,image/jpeg"`
	Text  tenon.Opt[tenon.Upload]   `form:"text"  accept:"text/csv,text/plain"`
	Any   tenon.Opt[tenon.Upload]   `form:"any"   accept:"image/*,application/vnd.x"`
	Docs  tenon.Opt[[]tenon.Upload] `form:"docs"  maxItems:"2"`
}

// mpSeen is what the handler saw.
type mpSeen struct {
	Title string   `json:"title"`
	Size  int      `json:"size"`
	Tags  int      `json:"tags"`
	Files []string `json:"files"`
}

// mpApp takes mpForm, and answers what a file of an unsafe name would have been.
func mpApp(tb testing.TB, logTo testing.TB, limits tenon.Limits) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(logTo), Limits: limits})
	app.Post("/x", func(_ context.Context, in *mpForm) (*mpSeen, error) {
		seen := &mpSeen{Title: in.Title.Value, Size: in.Size.Value, Tags: len(in.Tags), Files: []string{}}
		uploads := in.Docs.Value
		for _, u := range []tenon.Opt[tenon.Upload]{in.File, in.Text, in.Any} {
			if u.Set {
				uploads = append(uploads, u.Value)
			}
		}
		if in.Image != nil {
			uploads = append(uploads, *in.Image)
		}
		for _, u := range uploads {
			content, err := io.ReadAll(u.Open())
			if err != nil || int64(len(content)) != u.Size || unsafeName(u.Name) {
				return nil, fmt.Errorf("file %q has %d bytes, size %d, %w", u.Name, len(content), u.Size, err)
			}
			seen.Files = append(seen.Files, u.Name+"|"+u.ContentType+"|"+u.Sniffed+"|"+strings.ToValidUTF8(string(content), "?"))
		}
		return seen, nil
	}, tenon.Status(200))
	return app
}

func unsafeName(name string) bool {
	return strings.ContainsAny(name, "/\\\x00\r\n") || name == "." || name == ".." || len(name) > 255
}

// mpCase is one form, as it stands in the body, and what becomes of it.
type mpCase struct {
	name        string
	contentType string // "" is that of boundary B
	body        string
	status      int
	fault       string // "pointer code" of a fault
	seen        string // what the answer holds
}

// mpPart is a part of the boundary B with these header lines.
func mpPart(content string, lines ...string) string {
	return "--B\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n" + content + "\r\n"
}

// mpValue and mpFile are parts as browsers send them.
func mpValue(name, content string) string {
	return mpPart(content, `Content-Disposition: form-data; name="`+name+`"`)
}

func mpFile(name, fileName, contentType, content string) string {
	return mpPart(content, `Content-Disposition: form-data; name="`+name+`"; filename="`+fileName+`"`, "Content-Type: "+contentType)
}

const (
	mpEnd = "--B--\r\n"
	png   = "\x89PNG\r\n\x1a\n"
)

func mpBoundaries() []mpCase {
	title := mpValue("title", "t") + mpEnd
	with := func(boundary string) string { return strings.ReplaceAll(title, "--B", "--"+boundary) }
	long := strings.Repeat("b", 70)
	cases := []mpCase{
		{"no boundary", "multipart/form-data", title, 400, " syntax", ""},
		{"an empty boundary", "multipart/form-data; boundary=", title, 415, "", ""},
		{"an empty boundary in quotes", `multipart/form-data; boundary=""`, title, 415, "", ""},
		{"a boundary in quotes", `multipart/form-data; boundary="B"`, title, 200, "", `"t"`},
		{"half a quote", `multipart/form-data; boundary="B`, title, 415, "", ""},
		{"another boundary", "multipart/form-data; boundary=C", title, 400, " syntax", ""},
		{"a boundary in another case", "multipart/form-data; boundary=b", title, 400, " syntax", ""},
		{"two boundaries", "multipart/form-data; boundary=B; boundary=C", title, 415, "", ""},
		{"two boundaries that differ in case", "multipart/form-data; boundary=B; Boundary=B", title, 415, "", ""},
		{"another type of multipart", "multipart/mixed; boundary=B", title, 415, "", ""},
		{"70 characters", "multipart/form-data; boundary=" + long, with(long), 200, "", `"t"`},
		{"71 characters", "multipart/form-data; boundary=" + long + "b", with(long + "b"), 400, " syntax", ""},
		{"a boundary that begins with hyphens", "multipart/form-data; boundary=----WebKitFormBoundaryX", with("----WebKitFormBoundaryX"), 200, "", `"t"`},
		{"a boundary with a space", `multipart/form-data; boundary="a b"`, with("a b"), 200, "", `"t"`},
		{"a boundary that ends in a space", `multipart/form-data; boundary="a "`, with("a "), 400, " syntax", ""},
		{"a charset beside it", "multipart/form-data; charset=utf-8; boundary=B", title, 200, "", `"t"`},
		{"another charset beside it", "multipart/form-data; charset=utf-16; boundary=B", title, 415, "", ""},
	}
	for _, c := range "'()+_,-./:=?" {
		cases = append(cases, mpCase{fmt.Sprintf("a boundary with %c", c), fmt.Sprintf(`multipart/form-data; boundary="a%cb"`, c), with(fmt.Sprintf("a%cb", c)), 200, "", `"t"`})
	}
	for _, c := range "@*!#$%&[]{}|~<>é\t" {
		cases = append(cases, mpCase{fmt.Sprintf("a boundary with %q", c), fmt.Sprintf(`multipart/form-data; boundary="a%cb"`, c), with(fmt.Sprintf("a%cb", c)), 400, " syntax", ""})
	}
	return cases
}

func mpFraming() []mpCase {
	title := mpValue("title", "t")
	return []mpCase{
		{"no parts", "", mpEnd, 200, "", `"title":""`},
		{"no parts and no line after them", "", "--B--", 200, "", `"title":""`},
		{"no line after the last boundary", "", title + "--B--", 200, "", `"t"`},
		{"an empty value", "", mpValue("title", "") + mpEnd, 200, "", `"title":""`},
		{"an empty part of an empty file", "", mpFile("file", "", "application/octet-stream", "") + mpEnd, 200, "", `"files":[]`},
		{"an empty file with a name", "", mpFile("file", "a", "text/plain", "") + mpEnd, 200, "", `"a|text/plain|text/plain|"`},
		{"lines within a value", "", mpValue("title", "a\r\nb\r\n") + mpEnd, 200, "", `"a\r\nb\r\n"`},
		{"a boundary within a line", "", mpValue("title", "a --B b --B--") + mpEnd, 200, "", `"a --B b --B--"`},
		{"a boundary after a bare LF", "", mpValue("title", "a\n--B\nb") + mpEnd, 200, "", `"a\n--B\nb"`},
		{"a boundary after a bare CR", "", mpValue("title", "a\r--B--") + mpEnd, 200, "", `"a\r--B--"`},
		{"half a boundary", "", mpValue("title", "a\r\n--") + mpEnd, 200, "", `"a\r\n--"`},
		{"a line that begins with the boundary", "", mpValue("title", "a\r\n--BB") + mpEnd, 400, " syntax", ""},
		{"a preamble", "", "preamble\r\n" + title + mpEnd, 400, " syntax", ""},
		{"an empty line before", "", "\r\n" + title + mpEnd, 400, " syntax", ""},
		{"a byte order mark before", "", "\xef\xbb\xbf" + title + mpEnd, 400, " syntax", ""},
		{"an epilogue", "", title + mpEnd + "epilogue", 400, " syntax", ""},
		{"a second form after the first", "", title + mpEnd + title + mpEnd, 400, " syntax", ""},
		{"two lines after the end", "", title + mpEnd + "\r\n", 400, " syntax", ""},
		{"a bare LF after the end", "", title + "--B--\n", 400, " syntax", ""},
		{"padding after a boundary", "", strings.Replace(title, "--B\r", "--B \r", 1) + mpEnd, 400, " syntax", ""},
		{"padding after the last boundary", "", title + "--B-- \r\n", 400, " syntax", ""},
		{"LF for CRLF", "", strings.ReplaceAll(title+mpEnd, "\r\n", "\n"), 400, " syntax", ""},
		{"CR for CRLF", "", strings.ReplaceAll(title+mpEnd, "\r\n", "\r"), 400, " syntax", ""},
		{"LF in the header alone", "", "--B\r\nContent-Disposition: form-data; name=\"title\"\n\r\n\r\nt\r\n" + mpEnd, 400, " syntax", ""},
		{"no last boundary", "", title, 400, " syntax", ""},
		{"one hyphen after the last boundary", "", title + "--B-", 400, " syntax", ""},
		{"a part without an end", "", strings.TrimSuffix(title, "\r\n"), 400, " syntax", ""},
		{"a part that ends in its header", "", "--B\r\nContent-Disposition: form-data; na", 400, " syntax", ""},
		{"nothing but a boundary", "", "--B", 400, " syntax", ""},
		{"nothing but an opened part", "", "--B\r\n", 400, " syntax", ""},
		{"urlencoded text", "", "title=t", 400, " syntax", ""},
		{"JSON", "", `{"title":"t"}`, 400, " syntax", ""},
		{"NUL bytes", "", strings.Repeat("\x00", 1000), 400, " syntax", ""},
		{"a nested form in a file", "", mpFile("file", "a", "multipart/mixed; boundary=C", "--C\r\n\r\nx\r\n--C--") + mpEnd, 200, "", `--C\r\n\r\nx\r\n--C--`},
		{"a nested form in a value", "", mpPart("--C\r\n\r\nx\r\n--C--", `Content-Disposition: form-data; name="title"`, "Content-Type: multipart/mixed; boundary=C") + mpEnd, 422, "/title mediaType", ""},
		{"a nested form of the same boundary", "", mpFile("file", "a", "multipart/mixed; boundary=B", mpValue("x", "y")+"--B--") + mpEnd, 400, " syntax", ""},
	}
}

// mpGroups are the tables of forms. None is answered with more than its document says (tenontest holds every answer against it), and no
// file name is a path.
func mpGroups() map[string][]mpCase {
	return map[string][]mpCase{
		"boundary": mpBoundaries(), "framing": mpFraming(), "header": mpHeaders(), "name": mpNames(), "file name": mpFileNames(), "type": mpTypes(), "limit": mpLimits(),
	}
}

func mpRun(t *testing.T, groups ...string) {
	t.Helper()
	s := tenontest.New(t, mpApp(t, t, tenon.Limits{}))
	for _, group := range groups {
		for _, tt := range mpGroups()[group] {
			t.Run(group+": "+tt.name, func(t *testing.T) {
				t.Parallel()
				mpSend(t, s, tt)
			})
		}
	}
}

func TestMP02Limits(t *testing.T) {
	t.Parallel()
	mpRun(t, "header", "limit")
}

func TestMP03Names(t *testing.T) {
	t.Parallel()
	mpRun(t, "name", "file name")
}

func TestMP04MalformedForms(t *testing.T) {
	t.Parallel()
	mpRun(t, "boundary", "framing")
}

func TestMP06FileTypes(t *testing.T) {
	t.Parallel()
	mpRun(t, "type")
}

// TestMultipartAttacks counts the forms of the tables.
func TestMultipartAttacks(t *testing.T) {
	t.Parallel()
	total := 0
	for _, cases := range mpGroups() {
		total += len(cases)
	}
	if total < 120 {
		t.Errorf("%d forms, want 120 or more", total)
	}
	t.Logf("%d forms", total)
}

func mpSend(t *testing.T, s *tenontest.Server, tt mpCase) {
	t.Helper()
	contentType := tt.contentType
	if contentType == "" {
		contentType = "multipart/form-data; boundary=B"
	}
	r := s.With("Content-Type", contentType).Post("/x", tt.body)
	if r.Code != tt.status {
		t.Fatalf("status %d, want %d: %s", r.Code, tt.status, r.Body)
	}
	if at := strings.LastIndexByte(tt.fault, ' '); at >= 0 {
		r.Fault("body", tt.fault[:at], tt.fault[at+1:])
	}
	if !strings.Contains(string(r.Body), tt.seen) {
		t.Errorf("the answer is %s, want in it %s", r.Body, tt.seen)
	}
	if tt.status == 413 {
		r.Problem(string(problem.CodeContentTooLarge))
	}
}
