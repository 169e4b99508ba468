package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type twoFiles struct {
	First  tenon.Upload            `form:"first"`
	Second tenon.Opt[tenon.Upload] `form:"second" accept:"image/png"`
}

// keptFiles counts the files of uploads that the process holds: those in the folder for temporary files, and those that are open
// without a name, where the system tells.
func keptFiles(t *testing.T, folder string) int {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	n := len(entries)
	open, _ := filepath.Glob("/proc/self/fd/*")
	for _, name := range open {
		if target, err := os.Readlink(name); err == nil && strings.HasPrefix(target, folder) {
			n++
		}
	}
	return n
}

// served runs one request with a form through an app, which has answered it when this returns.
func served(app http.Handler, body io.Reader) (code int, answer string) {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/x", body)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestMP05TemporaryFilesAreRemoved ends requests with large files in every way: while the handler runs there is one for both, afterwards none.
func TestMP05TemporaryFilesAreRemoved(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	large := strings.Repeat("x", 100<<10)
	first := mpFile("first", "a", "text/plain", large)
	both := first + mpFile("second", "a.png", "image/png", png+large)
	var during int
	var kept tenon.Upload
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(_ context.Context, in *twoFiles) (*echoed, error) {
		during, kept = keptFiles(t, folder), in.First
		if in.First.Name == "panic" {
			panic("on purpose")
		}
		return &echoed{}, nil
	})
	for _, tt := range []struct {
		name   string
		body   io.Reader
		status int
		during int
	}{
		{"success", strings.NewReader(both + mpEnd), 201, 1},
		{"a refusal by another field", strings.NewReader(both + mpValue("x", "y") + mpEnd), 422, 0},
		{"a refusal by its content", strings.NewReader(first + mpFile("second", "a.png", "image/png", large) + mpEnd), 422, 0},
		{"a body that is no form in the end", strings.NewReader(both + "--B "), 400, 0},
		{"a body that ends early", strings.NewReader(both[:150<<10]), 400, 0},
		{"a client that leaves", io.MultiReader(strings.NewReader(both[:150<<10]), brokenReader{}), 400, 0},
		{"a file that is too large", io.MultiReader(strings.NewReader(first+"--B\r\nContent-Disposition: form-data; name=\"second\"; filename=\"a\"\r\n\r\n"+png), io.LimitReader(endless{}, 11<<20)), 413, 0},
		{"a panic", strings.NewReader(strings.Replace(both, `filename="a"`, `filename="panic"`, 1) + mpEnd), 500, 1},
	} {
		during = 0
		code, answer := served(app, tt.body)
		if code != tt.status {
			t.Errorf("%s: status %d, want %d: %s", tt.name, code, tt.status, answer)
		}
		if during != tt.during && hasProc() {
			t.Errorf("%s: %d files while the handler runs, want %d", tt.name, during, tt.during)
		}
		if n := keptFiles(t, folder); n != 0 {
			t.Errorf("%s: %d files are left", tt.name, n)
		}
	}
	if _, err := kept.Open().Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a file that is read after the request gives %v, want os.ErrClosed", err)
	}
}

// hasProc reports whether the system tells which files are open.
func hasProc() bool {
	_, err := os.Stat("/proc/self/fd")
	return err == nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestMP05ManyFilesAreOneOfTheSystem sends more files than a process should hold open for one client, small and large: each is what was sent.
func TestMP05ManyFilesAreOneOfTheSystem(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	const files, each = 60, 60 << 10 // of which 17 are held in memory
	var body strings.Builder
	for i := range files {
		body.WriteString(mpFile("files", "a", "text/plain", strings.Repeat(string(rune('A'+i)), each+i%2*(10<<10))))
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(_ context.Context, in *struct {
		Files []tenon.Upload `form:"files" maxItems:"60"`
	}) (*echoed, error) {
		if n := keptFiles(t, folder); n != 1 && hasProc() {
			t.Errorf("%d files of the system, want 1", n)
		}
		for i, file := range in.Files {
			text, err := io.ReadAll(file.Open())
			if want := strings.Repeat(string(rune('A'+i)), each+i%2*(10<<10)); err != nil || string(text) != want || file.Size != int64(len(want)) {
				t.Errorf("file %d has %d bytes, %v", i, len(text), err)
			}
		}
		return &echoed{}, nil
	})
	if code, answer := served(app, strings.NewReader(body.String()+mpEnd)); code != http.StatusCreated {
		t.Errorf("status %d, %s", code, answer)
	}
	if n := keptFiles(t, folder); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// TestMP05DisconnectRemovesFiles breaks a connection in the middle of a file.
func TestMP05DisconnectRemovesFiles(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *twoFiles) (*echoed, error) { return &echoed{}, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	spilled, left := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &signalling{ReadCloser: r.Body, at: 128 << 10, reached: spilled}
		app.ServeHTTP(w, r)
		close(left)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	head := "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 9000000\r\n\r\n"
	if _, err := io.WriteString(conn, head+mpFile("first", "a", "text/plain", strings.Repeat("x", 256<<10))); err != nil {
		t.Fatal(err)
	}
	<-spilled
	_ = conn.Close()
	<-left
	if n := keptFiles(t, folder); n != 0 {
		t.Errorf("%d files are left after the client has gone", n)
	}
}

// signalling tells when so many bytes have been read.
type signalling struct {
	io.ReadCloser
	at      int
	reached chan struct{}
}

func (s *signalling) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if s.at > 0 && s.at <= n {
		close(s.reached)
	}
	s.at -= n
	return n, err
}

// TestMP06ARefusedTypeIsNotKept refuses a file by its first bytes: nothing of it is written, where nothing could be.
func TestMP06ARefusedTypeIsNotKept(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	t.Setenv("TMP", filepath.Join(t.TempDir(), "none"))
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *twoFiles) (*echoed, error) { return &echoed{}, nil })
	large := strings.Repeat("x", 100<<10)
	for name, content := range map[string]string{"another content": large, "a page": "<html>" + large} {
		body := mpFile("second", "a.png", "image/png", content) + mpFile("first", "a", "text/plain", large) + mpEnd
		code, answer := served(app, strings.NewReader(body))
		if code != http.StatusUnprocessableEntity || strings.Count(answer, `"pointer"`) != 1 || !strings.Contains(answer, `"code":"accept"`) {
			t.Errorf("%s: status %d, %s", name, code, answer)
		}
	}
}

// TestMP05NoRoom answers 503 where a large file cannot be stored.
func TestMP05NoRoom(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	t.Setenv("TMP", filepath.Join(t.TempDir(), "none"))
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *twoFiles) (*echoed, error) { return &echoed{}, nil })
	code, answer := served(app, strings.NewReader(mpFile("first", "a", "text/plain", strings.Repeat("x", 100<<10))+mpEnd))
	if code != http.StatusServiceUnavailable || strings.Contains(answer, "none") {
		t.Errorf("status %d, %s", code, answer)
	}
	code, answer = served(app, strings.NewReader(mpFile("first", "a", "text/plain", "small")+mpEnd))
	if code != http.StatusCreated {
		t.Errorf("a small file needs no room: status %d, %s", code, answer)
	}
}

// TestMP01FilesAreNotReceivedInVain refuses a form by its parameters before its files are read, and by its length before any byte.
func TestMP01FilesAreNotReceivedInVain(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *struct {
		ID   int          `query:"id"`
		File tenon.Upload `form:"file"`
	}) (*echoed, error) {
		return &echoed{}, nil
	})
	unread := func(query string, length int64) (int, string) {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/x"+query, forbidden{t})
		r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
		r.ContentLength = length
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if code, answer := unread("?id=a", 1000); code != 422 {
		t.Errorf("status %d, want 422: %s", code, answer)
	}
	if code, answer := unread("?id=1", 13<<20); code != 413 {
		t.Errorf("status %d, want 413: %s", code, answer)
	}
}

type forbidden struct{ t *testing.T }

func (f forbidden) Read([]byte) (int, error) {
	f.t.Error("the body is read")
	return 0, io.EOF
}

// TestMP02FormLimits sets each limit of forms, and a limit on the whole.
func TestMP02FormLimits(t *testing.T) {
	t.Parallel()
	limits := tenon.Limits{Form: tenon.FormLimits{Parts: 2, PartHeaders: 3, PartHeaderBytes: 100, NameBytes: 5, FileBytes: 10, MemoryBytes: 1}}
	s := tenontest.New(t, mpApp(t, t, limits))
	value := mpValue("tag", "a")
	for _, tt := range []mpCase{
		{"two parts", "", value + value + mpEnd, 200, "", ""},
		{"three parts", "", value + value + value + mpEnd, 400, " parts", ""},
		{"three lines", "", mpPart("a", "A: b", "B: c", disposition) + mpEnd, 200, "", ""},
		{"four lines", "", mpPart("a", "A: b", "B: c", "C: d", disposition) + mpEnd, 400, " headers", ""},
		{"a header of 101 bytes", "", mpPart("a", disposition, "A: "+strings.Repeat("b", 101-len(disposition)-5)) + mpEnd, 400, " headers", ""},
		{"a name of 6 bytes", "", mpValue("titlex", "a") + mpEnd, 400, " syntax", ""},
		{"a file of 10 bytes", "", mpFile("docs", "a", "text/plain", "0123456789") + mpEnd, 200, "", "0123456789"},
		{"a file of 11 bytes", "", mpFile("docs", "a", "text/plain", "0123456789a") + mpEnd, 413, "/docs maxBytes", ""},
		{"a file of its own limit", "", mpFile("file", "a", "text/plain", strings.Repeat("a", 100)) + mpEnd, 200, "", "aaa"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mpSend(t, s, tt)
		})
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *twoFiles) (*echoed, error) { return &echoed{}, nil }, tenon.BodyLimit(1000))
	whole := tenontest.New(t, app).With("Content-Type", "multipart/form-data; boundary=B")
	form := mpFile("first", "a", "text/plain", "a") + mpEnd
	whole.Post("/x", form).Status(201)
	padded := mpFile("first", "a", "text/plain", strings.Repeat("a", 1001-len(form)+1)) + mpEnd
	whole.Post("/x", padded).Status(413)
	whole.Post("/x", io.MultiReader(strings.NewReader(padded))).Status(413)
}

// TestBodyLimitIsThatOfAFormWithoutFiles sends more than a body may have by default, in both media types.
func TestBodyLimitIsThatOfAFormWithoutFiles(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *struct {
		Text string `form:"text" maxLength:"2000000"`
	}) (*echoed, error) {
		return &echoed{}, nil
	}, tenon.BodyLimit(1_900_000))
	s := tenontest.New(t, app)
	for length, status := range map[int]int{1_800_000: 201, 1_950_000: 413} {
		text := strings.Repeat("a", length)
		s.With("Content-Type", urlencoded).Post("/x", "text="+text).Status(status)
		s.With("Content-Type", "multipart/form-data; boundary=B").Post("/x", mpValue("text", text)+mpEnd).Status(status)
	}
}

// TestFA12MultipartForms takes one struct from both media types of a form.
func TestFA12MultipartForms(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[signUp](t))
	want := `"{Name:Ada L. Age:{Value:0 Set:false} Tags:[a b] Terms:true From:{Value: Set:false}}"`
	s.With("Content-Type", urlencoded).Post("/x", "name=Ada+L.&tag=a&tag=b&terms=true").Status(201).At("/seen", want)
	multi := s.With("Content-Type", "multipart/form-data; boundary=B")
	multi.Post("/x", mpValue("name", "Ada L.")+mpValue("tag", "a")+mpValue("tag", "b")+mpValue("terms", "true")+mpEnd).Status(201).At("/seen", want)
	multi.Post("/x?from=a&from=b", mpValue("name", "A")+mpValue("age", "x")+mpValue("y", "")+mpEnd).Status(422).
		Fault("query", "/from", "duplicate").Fault("body", "/name", "minLength").Fault("body", "/age", "type").Fault("body", "/y", "unknown").Faults(4)
	multi.Post("/x", mpEnd).Status(422).Fault("body", "/name", "required")
	if got := documentAt(t, s, formPlace+"/content/multipart~1form-data"); got != documentAt(t, s, formPlace+"/content/application~1x-www-form-urlencoded") {
		t.Errorf("the document says of a multipart form %s", got)
	}
}

// TestFA12UploadsAreDocumented reads what the document says of files.
func TestFA12UploadsAreDocumented(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[struct {
		Title string            `form:"title"`
		One   tenon.Upload      `form:"one" accept:"image/png" maxBytes:"1KiB" doc:"The cover."`
		Many  []tenon.Upload    `form:"many" accept:"image/png,image/jpeg" maxItems:"3"`
		Other *tenon.Upload     `form:"other"`
		When  tenon.Opt[string] `form:"when"`
	}](t))
	want := `{"multipart/form-data":{"encoding":{"many":{"contentType":"image/png, image/jpeg"},"one":{"contentType":"image/png"}},` +
		`"schema":{"additionalProperties":false,"properties":{"many":{"items":{"maxLength":10485760},"maxItems":3,"type":"array"},` +
		`"one":{"contentMediaType":"image/png","description":"The cover.","maxLength":1024},"other":{"maxLength":10485760},` +
		`"title":{"type":"string"},"when":{"type":"string"}},"required":["title","one","many"],"type":"object"}}}`
	if got := documentAt(t, s, formPlace+"/content"); got != want {
		t.Errorf("the document says\n%s\nwant\n%s", got, want)
	}
	if got := documentAt(t, s, "/paths/~1x/post/responses/503"); got == "" {
		t.Error("the document has no 503 for a file that cannot be stored")
	}
	s.With("Content-Type", urlencoded).Post("/x", "title=a").Status(415).Header("Accept", "multipart/form-data")
}

// TestNewUpload makes a file for a handler that is called by a test.
func TestNewUpload(t *testing.T) {
	t.Parallel()
	u := tenon.NewUpload("a.png", "image/png", []byte(png))
	if u.Name != "a.png" || u.ContentType != "image/png" || u.Sniffed != "image/png" || u.Size != 8 {
		t.Errorf("upload %+v", u)
	}
	for range 2 {
		if got, err := io.ReadAll(u.Open()); err != nil || !bytes.Equal(got, []byte(png)) {
			t.Errorf("content %q, %v", got, err)
		}
	}
	if got, err := io.ReadAll(tenon.Upload{}.Open()); err != nil || len(got) != 0 {
		t.Errorf("the zero upload holds %q, %v", got, err)
	}
}

type (
	uploadInQuery struct {
		F tenon.Upload `query:"f"`
	}
	uploadInBody struct {
		F tenon.Upload `json:"f"`
	}
	uploadAsBody struct {
		F tenon.Upload `body:""`
	}
	uploadRuled struct {
		F tenon.Upload `form:"f" minLength:"1"`
	}
	uploadDefault struct {
		F tenon.Upload `form:"f" default:"x"`
	}
	uploadPointers struct {
		F []*tenon.Upload `form:"f"`
	}
	acceptOnText struct {
		F string `form:"f" accept:"image/png"`
	}
	sizeOnText struct {
		F string `json:"f" maxBytes:"5"`
	}
)

// TestCompileRefusesUploads registers uploads that cannot be.
func TestCompileRefusesUploads(t *testing.T) {
	t.Parallel()
	checkFaults(t, []faulty{
		{"in a query", line(), func(a *tenon.App) { a.Get("/x", takes[uploadInQuery]()) }, "field F: an upload is a field of a form"},
		{"in JSON", line(), func(a *tenon.App) { a.Post("/x", takes[uploadInBody]()) }, "field F: an upload is a field of a form"},
		{"as a body", line(), func(a *tenon.App) { a.Post("/x", takes[uploadAsBody]()) }, "field F: an upload is a field of a form"},
		{"with a rule for text", line(), func(a *tenon.App) { a.Post("/x", takes[uploadRuled]()) }, "tag minLength is for strings"},
		{"with a default", line(), func(a *tenon.App) { a.Post("/x", takes[uploadDefault]()) }, "an upload has no default"},
		{"as a list of pointers", line(), func(a *tenon.App) { a.Post("/x", takes[uploadPointers]()) }, "a list of files is a []tenon.Upload"},
		{"accept on text", line(), func(a *tenon.App) { a.Post("/x", takes[acceptOnText]()) }, "tag accept is for uploads"},
		{"maxBytes on text", line(), func(a *tenon.App) { a.Post("/x", takes[sizeOnText]()) }, "tag maxBytes is for uploads"},
	})
	app := tenon.New(tenon.Config{Limits: tenon.Limits{Form: tenon.FormLimits{Parts: -1}}})
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "Limits.Form.Parts: -1 is wrong") {
		t.Errorf("Compile = %v, want a fault for the limit", err)
	}
}
