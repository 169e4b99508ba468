package tenon_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

const alphabet = "abcdefghijklmnopqrstuvwxyz"

type document2 struct {
	Cache string      `header:"Cache-Control"`
	File  *tenon.File `body:"application/pdf,image/png"`
}

// content is a file that counts how often it is closed.
type content struct {
	io.ReadSeeker

	closed int
}

func (c *content) Close() error {
	c.closed++
	return nil
}

func letters() *tenon.File {
	return &tenon.File{
		Name: "letters.txt", ContentType: "text/plain; charset=utf-8", Modified: time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC),
		ETag: tenon.NewETag("v1"), Content: &content{ReadSeeker: strings.NewReader(alphabet)},
	}
}

func fileApp(t *testing.T) *tenon.App {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/letters", func(context.Context, *none) (*tenon.File, error) { return letters(), nil })
	app.Post("/letters", func(context.Context, *none) (*tenon.File, error) { return letters(), nil })
	app.Get("/document", func(context.Context, *none) (*document2, error) {
		return &document2{"private", &tenon.File{Content: bytes.NewReader([]byte("%PDF"))}}, nil
	})
	return app
}

func TestFA22AFileIsSentWhole(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, fileApp(t))
	for _, method := range []string{"GET", "HEAD", "POST"} {
		got := s.Do(method, "/letters", nil).Status(200).Header("Content-Type", "text/plain; charset=utf-8").Header("Content-Length", "26").
			Header("Content-Disposition", `attachment; filename="letters.txt"`).Header("X-Content-Type-Options", "nosniff").
			Header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'").
			Header("ETag", `"v1"`).Header("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT").Header("Accept-Ranges", "bytes")
		if method == "HEAD" {
			got.Text("")
		} else {
			got.Text(alphabet)
		}
	}
	s.Get("/document").Status(200).Header("Content-Type", "application/pdf").Header("Content-Disposition", "attachment").
		Header("Cache-Control", "private").Header("ETag", "").Text("%PDF")
	s.With("Accept", "text/html").Get("/document").Status(406)
	s.With("Accept", "image/*").Get("/document").Status(200)
	s.With("Accept", "text/html").Get("/letters").Status(200) // nobody knew
}

func TestFA22Ranges(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, fileApp(t))
	for _, tt := range []struct {
		name, ranges  string
		status        int
		contentRange  string
		body          string
		ifRange, verb string
	}{
		{"a single one", "bytes=1-3", 206, "bytes 1-3/26", "bcd", "", "GET"},
		{"one byte", "bytes=0-0", 206, "bytes 0-0/26", "a", "", "GET"},
		{"to the end", "bytes=23-", 206, "bytes 23-25/26", "xyz", "", "GET"},
		{"beyond the end", "bytes=23-99", 206, "bytes 23-25/26", "xyz", "", "GET"},
		{"a suffix", "bytes=-2", 206, "bytes 24-25/26", "yz", "", "GET"},
		{"a suffix that is longer", "bytes=-99", 206, "bytes 0-25/26", alphabet, "", "GET"},
		{"HEAD", "bytes=1-3", 206, "bytes 1-3/26", "", "", "HEAD"},
		{"after the end", "bytes=26-", 416, "bytes */26", "", "", "GET"},
		{"backwards", "bytes=3-1", 416, "", "", "", "GET"},
		{"no range at all", "bytes=x", 416, "", "", "", "GET"},
		{"a negative one", "bytes=--1", 416, "", "", "", "GET"},
		{"a number that is too large", "bytes=99999999999999999999-", 416, "", "", "", "GET"},
		{"of another unit are no ranges", "lines=1-2", 200, "", alphabet, "", "GET"},
		{"of the same file", "bytes=1-3", 206, "bytes 1-3/26", "bcd", `"v1"`, "GET"},
		{"of another file", "bytes=1-3", 200, "", alphabet, `"v0"`, "GET"},
		{"a weak tag is not enough", "bytes=1-3", 200, "", alphabet, `W/"v1"`, "GET"},
		{"of the same date", "bytes=1-3", 206, "bytes 1-3/26", "bcd", "Thu, 26 Nov 2026 10:00:00 GMT", "GET"},
		{"of another date", "bytes=1-3", 200, "", alphabet, "Thu, 26 Nov 2026 09:00:00 GMT", "GET"},
		{"sixteen of one byte, and more than the file is long, are the file", "bytes=" + strings.Repeat("0-25,", 15) + "0-25", 200, "", alphabet, "", "GET"},
		{"seventeen are the file", "bytes=" + strings.Repeat("0-0,", 16) + "0-0", 200, "", alphabet, "", "GET"},
		{"a million are the file", "bytes=" + strings.Repeat("0-,", 2000) + "0-", 200, "", alphabet, "", "GET"},
		{"not of a POST", "bytes=1-3", 200, "", alphabet, "", "POST"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := s.With("Range", tt.ranges)
			if tt.ifRange != "" {
				c = c.With("If-Range", tt.ifRange)
			}
			got := c.Do(tt.verb, "/letters", nil).Status(tt.status)
			if tt.status == 416 {
				got.Problem("range-not-satisfiable").Header("Content-Disposition", "").Header("ETag", "")
				if tt.contentRange == "" {
					return
				}
			} else {
				got.Text(tt.body)
			}
			got.Header("Content-Range", tt.contentRange)
		})
	}
}

func TestFA22SeveralRanges(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, fileApp(t))
	for _, tt := range []struct {
		ranges string
		want   []string
	}{
		{"bytes=0-1,-1", []string{"ab", "z"}},
		{"bytes=" + strings.TrimSuffix(strings.Repeat("3-3,", 16), ","), strings.Split(strings.TrimSuffix(strings.Repeat("d,", 16), ","), ",")},
		{"bytes=1-2,99-", []string{"bc"}},
	} {
		got := s.With("Range", tt.ranges).Get("/letters").Status(206)
		if len(tt.want) == 1 {
			got.Text(tt.want[0]).Header("Content-Range", "bytes 1-2/26")
			continue
		}
		kind, params, err := mime.ParseMediaType(got.Headers.Get("Content-Type"))
		if err != nil || kind != "multipart/byteranges" {
			t.Fatalf("%s: %q", tt.ranges, got.Headers.Get("Content-Type"))
		}
		parts := multipart.NewReader(bytes.NewReader(got.Body), params["boundary"])
		for i, want := range tt.want {
			part, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := io.ReadAll(part); string(text) != want || part.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: part %d is %q %v", tt.ranges, i, text, part.Header)
			}
		}
	}
}

// TestRangesOnOneConnection reads partial, unsatisfiable and HEAD answers one after another, where a byte too many or too few of
// one would be seen in the next.
func TestRangesOnOneConnection(t *testing.T) {
	t.Parallel()
	request := func(method, ranges string) string {
		return method + " /letters HTTP/1.1\r\nHost: a\r\nRange: " + ranges + "\r\n\r\n"
	}
	answers := raw(t, fileApp(t), request("HEAD", "bytes=0-4")+request("GET", "bytes=99-")+request("GET", "bytes=0-4"), "HEAD", "GET", "GET")
	for i, want := range []int{206, 416, 206} {
		if answers[i].StatusCode != want {
			t.Errorf("answer %d is %d, want %d", i, answers[i].StatusCode, want)
		}
	}
	if text, _ := io.ReadAll(answers[2].Body); string(text) != "abcde" || answers[0].ContentLength != 5 {
		t.Errorf("%q, length of HEAD %d", text, answers[0].ContentLength)
	}
}

func TestFA22ConditionalFiles(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, fileApp(t))
	for _, tt := range []struct {
		name, value string
		status      int
	}{
		{"If-None-Match", `"v1"`, 304}, {"If-None-Match", `W/"v1"`, 304}, {"If-None-Match", `"v0"`, 200}, {"If-Match", `"v0"`, 412},
		{"If-Modified-Since", "Thu, 26 Nov 2026 10:00:00 GMT", 304}, {"If-Unmodified-Since", "Thu, 26 Nov 2026 09:00:00 GMT", 412},
	} {
		got := s.With(tt.name, tt.value).Get("/letters").Status(tt.status)
		if tt.status == 412 {
			got.Problem("precondition-failed").Header("Content-Disposition", "")
		}
		s.With(tt.name, tt.value).Post("/letters", nil).Status(200)
	}
}

// unreadable fails to read or to seek.
type unreadable struct{ read, seek error }

func (f *unreadable) Read([]byte) (int, error) { return 0, f.read }

func (f *unreadable) Seek(int64, int) (int64, error) { return 10, f.seek }

func TestAFileThatCannotBeSent(t *testing.T) {
	t.Parallel()
	gone := errors.New("disk gone")
	for _, tt := range []struct {
		name string
		file *tenon.File
	}{
		{"no content", &tenon.File{}},
		{"a seek that fails", &tenon.File{Content: &unreadable{seek: gone}}},
		{"a read that fails at once", &tenon.File{Content: &unreadable{read: gone}}},
		{"a type that is none", &tenon.File{ContentType: "text/html\r\nX: y", Content: strings.NewReader("")}},
		{"a type that is not listed", &tenon.File{ContentType: "text/html", Content: strings.NewReader("")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
			app.Get("/x", func(context.Context, *none) (*document2, error) { return &document2{"private", tt.file}, nil })
			tenontest.New(t, app).Get("/x").Status(500).Problem("internal").Header("Cache-Control", "").Header("Content-Disposition", "")
		})
	}
}

func TestAFileThatEndsEarlyCutsTheConnection(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/x", func(context.Context, *none) (*tenon.File, error) {
		return &tenon.File{Content: struct {
			io.Reader
			io.Seeker
		}{io.MultiReader(strings.NewReader("x"), &unreadable{read: errors.New("disk gone")}), &unreadable{}}}, nil
	})
	defer func() {
		if reason, _ := recover().(error); !errors.Is(reason, http.ErrAbortHandler) || !strings.Contains(log.String(), "disk gone") {
			t.Errorf("%v, log %s", reason, log)
		}
	}()
	serve(t, app, "GET", "/x")
}

func TestAFileIsClosedOnceInEveryCase(t *testing.T) {
	t.Parallel()
	for name, header := range map[string][2]string{
		"sent": {"X-A", "a"}, "held": {"If-None-Match", `"v1"`}, "another": {"If-Match", `"v0"`}, "no such range": {"Range", "bytes=99-"},
	} {
		file := letters()
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
		app.Get("/x", func(context.Context, *none) (*tenon.File, error) { return file, nil })
		tenontest.New(t, app).With(header[0], header[1]).Get("/x")
		if c, _ := file.Content.(*content); c.closed != 1 {
			t.Errorf("%s: closed %d times", name, c.closed)
		}
	}
}

// restless is content whose call of a given number goes wrong.
type restless struct {
	*strings.Reader

	seeks, at int
	fail      func() error
}

func (c *restless) Seek(offset int64, whence int) (int64, error) {
	if c.seeks++; c.seeks == c.at {
		if err := c.fail(); err != nil {
			return 0, err
		}
	}
	return c.Reader.Seek(offset, whence)
}

// TestASeekThatFailsBetweenRangesCutsTheConnection has net/http seek in a goroutine, where a panic would end the process.
func TestASeekThatFailsBetweenRangesCutsTheConnection(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("disk gone") },
		"a panic":  func() error { panic("disk gone") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &buffer{}
			app := tenon.New(tenon.Config{Logger: logTo(log)})
			app.Get("/x", func(context.Context, *none) (*tenon.File, error) {
				return &tenon.File{Content: &restless{Reader: strings.NewReader(alphabet), at: 4, fail: fail}}, nil
			})
			defer func() {
				if reason, _ := recover().(error); !errors.Is(reason, http.ErrAbortHandler) || !strings.Contains(log.String(), "disk gone") {
					t.Errorf("%v, log %s", reason, log)
				}
			}()
			r, _ := http.NewRequestWithContext(t.Context(), "GET", "/x", http.NoBody)
			r.Header.Set("Range", "bytes=0-1,4-5,8-9")
			app.ServeHTTP(httptest.NewRecorder(), r)
		})
	}
}

// leaving is a client that leaves when its file is being read.
type leaving struct {
	http.ResponseWriter

	reading chan struct{}
}

func (w *leaving) Write([]byte) (int, error) {
	<-w.reading
	return 0, io.ErrClosedPipe
}

// slow is content that notices when it is closed while it is read. It gives that a moment to happen.
type slow struct {
	*strings.Reader

	reading, closing chan struct{}
	done, closed     atomic.Bool
}

func (c *slow) Read(b []byte) (int, error) {
	close(c.reading)
	select {
	case <-c.closing:
	case <-time.After(200 * time.Millisecond):
	}
	defer c.done.Store(true)
	return c.Reader.Read(b)
}

func (c *slow) Close() error {
	c.closed.Store(c.done.Load())
	close(c.closing)
	return nil
}

// TestAFileIsClosedWhenNobodyReadsIt has a client leave while net/http reads in a goroutine.
func TestAFileIsClosedWhenNobodyReadsIt(t *testing.T) {
	t.Parallel()
	file := &slow{Reader: strings.NewReader(alphabet), reading: make(chan struct{}), closing: make(chan struct{})}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", func(context.Context, *none) (*tenon.File, error) { return &tenon.File{Content: file}, nil })
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "/x", http.NoBody)
	r.Header.Set("Range", "bytes=0-1,4-5,8-9")
	app.ServeHTTP(&leaving{ResponseWriter: httptest.NewRecorder(), reading: file.reading}, r)
	if !file.closed.Load() {
		t.Error("the file is closed while it is read")
	}
}

// deadlined is a writer whose deadline moves.
type deadlined struct {
	counter

	moved int
}

func (d *deadlined) SetWriteDeadline(at time.Time) error {
	if time.Until(at) > 50*time.Second {
		d.moved++
	}
	return nil
}

// TestALongBodyHasADeadlineForEachWrite lets a slow client read for longer than WriteTimeout, as long as it reads.
func TestALongBodyHasADeadlineForEachWrite(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/file", func(context.Context, *none) (*tenon.File, error) {
		return &tenon.File{Content: strings.NewReader(strings.Repeat("x", size))}, nil
	})
	app.Get("/reader", func(context.Context, *none) (*export, error) {
		return &export{io.LimitReader(strings.NewReader(strings.Repeat("x", size)), size)}, nil
	})
	for _, path := range []string{"/file", "/reader"} {
		w := &deadlined{header: http.Header{}}
		r, _ := http.NewRequestWithContext(t.Context(), "GET", path, http.NoBody)
		app.ServeHTTP(w, r)
		if w.body.Len() != size || w.moved < 16 {
			t.Errorf("%s: %d bytes, the deadline moved %d times", path, w.body.Len(), w.moved)
		}
	}
}

func TestFilesAreDocumented(t *testing.T) {
	t.Parallel()
	app := fileApp(t)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/letters": "*/*", "/document": "application/pdf"} {
		op := app.OpenAPI().Paths[path].Get
		for _, status := range []string{"200", "206", "304", "412", "416"} {
			if op.Responses[status] == nil {
				t.Errorf("%s has no %s", path, status)
			}
		}
		if op.Responses["200"].Content[want] == nil || op.Responses["206"].Content["multipart/byteranges"] == nil || op.Responses["206"].Content[want] == nil {
			t.Errorf("%s: %v, %v", path, op.Responses["200"].Content, op.Responses["206"].Content)
		}
		for _, name := range []string{"Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges"} {
			if op.Responses["200"].Headers[name] == nil {
				t.Errorf("%s has no header %s", path, name)
			}
		}
	}
	if op := app.OpenAPI().Paths["/letters"].Post; op.Responses["206"] != nil || op.Responses["200"] == nil {
		t.Errorf("POST: %v", op.Responses)
	}
}

// FuzzRange promises that no Range makes the answer anything but a part of the file, the file, or the refusal.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-1", "bytes=-1", "bytes=1-,0-0", "bytes=,", "bytes=9-3", "bytes = 0-0", "bytes=0-0\t, 3-4", "", "x"} {
		f.Add(seed)
	}
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
	app.Get("/letters", func(context.Context, *none) (*tenon.File, error) { return letters(), nil })
	f.Fuzz(func(t *testing.T, text string) {
		w := &counter{header: http.Header{}}
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "/letters", http.NoBody)
		r.Header["Range"] = []string{text}
		app.ServeHTTP(w, r)
		switch w.status {
		case 200:
			if w.body.String() != alphabet {
				t.Errorf("%q: %q", text, w.body.String())
			}
		case 206:
			if w.header.Get("Content-Length") != strconv.Itoa(w.body.Len()) || !strings.HasPrefix(w.header.Get("Content-Type"), "multipart/") && !strings.Contains(alphabet, w.body.String()) {
				t.Errorf("%q: %v %q", text, w.header, w.body.String())
			}
		case 416:
		default:
			t.Errorf("%q: %d", text, w.status)
		}
	})
}

// counter keeps an answer.
type counter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *counter) Header() http.Header         { return c.header }
func (c *counter) WriteHeader(status int)      { c.status = status }
func (c *counter) Write(b []byte) (int, error) { return c.body.Write(b) }
