package compress_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/tenontest"
)

func wrap(t *testing.T, cfg compress.Config, h http.HandlerFunc) http.Handler {
	t.Helper()
	mw, err := compress.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return mw(h)
}

func send(h http.Handler, method, accept string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", nil)
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// plain reads a body as its Content-Encoding says.
func plain(t *testing.T, coding string, body io.Reader) string {
	t.Helper()
	var err error
	switch coding {
	case "gzip":
		body, err = gzip.NewReader(body)
	case "zstd":
		body, err = zstd.NewReader(body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var long = strings.Repeat(`{"name":"Ada"},`, 200)

// answering answers with fields and a body whose length is said.
func answering(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		for _, line := range header {
			name, value, _ := strings.Cut(line, ": ")
			h.Set(name, value)
		}
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, body)
		}
	}
}

func TestTheClientSaysWhatItTakes(t *testing.T) {
	t.Parallel()
	h := wrap(t, compress.Config{}, answering(long))
	for _, tt := range [][2]string{
		{"", ""}, {"gzip", "gzip"}, {"zstd", "zstd"}, {"gzip, deflate, br, zstd", "zstd"}, {"br", ""}, {"deflate", ""}, {"GZIP", "gzip"}, {"x-gzip", "gzip"},
		{"gzip;q=1.0, zstd;q=0.5", "gzip"}, {"gzip;q=0.5, zstd;q=0.5", "zstd"}, {"gzip;q=0", ""}, {"gzip;q=0, zstd;q=0", ""}, {"gzip ; q=0.1", "gzip"},
		{"*", "gzip"}, {"*;q=0", ""}, {"gzip;q=0, *", ""}, {"identity", ""}, {"identity, gzip", "gzip"}, {"identity;q=0.5, gzip;q=0.1", ""},
		{"identity;q=0.1, gzip;q=0.5", "gzip"}, {"identity;q=0, gzip", "gzip"}, {"gzip;q=x", ""}, {"gzip;q=-1", ""}, {"gzip;q=2", ""}, {"gzip;q=NaN", ""},
		{"gzip;level=9", ""}, {",,gzip,,", "gzip"}, {"gzip gzip", ""}, {"notgzip", ""},
	} {
		w := send(h, http.MethodGet, tt[0])
		if got := w.Header().Get("Content-Encoding"); got != tt[1] {
			t.Errorf("Accept-Encoding %q is answered in %q, want %q", tt[0], got, tt[1])
			continue
		}
		if got := plain(t, tt[1], w.Body); got != long {
			t.Errorf("Accept-Encoding %q: the body is another", tt[0])
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", tt[0], w.Header()["Vary"])
		}
		if length := w.Header().Get("Content-Length"); (length == "") != (tt[1] != "") {
			t.Errorf("Accept-Encoding %q: Content-Length %q", tt[0], length)
		}
	}
}

func TestSomeAnswersStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		h    http.HandlerFunc
		cfg  compress.Config
		want string
	}{
		{"JSON is compressed", answering(long), compress.Config{}, "gzip"},
		{"problems are", answering(long, "Content-Type: application/problem+json"), compress.Config{}, "gzip"},
		{"HTML is", answering(long, "Content-Type: text/html; charset=utf-8"), compress.Config{}, "gzip"},
		{"SVG is", answering(long, "Content-Type: image/svg+xml"), compress.Config{}, "gzip"},
		{"PNG is not", answering(long, "Content-Type: image/png"), compress.Config{}, ""},
		{"zip is not", answering(long, "Content-Type: application/zip"), compress.Config{}, ""},
		{"video is not", answering(long, "Content-Type: video/mp4"), compress.Config{}, ""},
		{"bytes of some kind are not", answering(long, "Content-Type: application/octet-stream"), compress.Config{}, ""},
		{"a type that is asked for is", answering(long, "Content-Type: application/wasm"), compress.Config{Types: []string{"application/wasm"}}, "gzip"},
		{"events are not", answering(long, "Content-Type: text/event-stream"), compress.Config{}, ""},
		{"what is short is not", answering("{}"), compress.Config{}, ""},
		{"what is long enough is", answering("{}"), compress.Config{MinSize: 2}, "gzip"},
		{"what sets a cookie is not", answering(long, "Set-Cookie: session=secret"), compress.Config{}, ""},
		{"what must not be transformed is not", answering(long, "Cache-Control: max-age=1, No-Transform"), compress.Config{}, ""},
		{"what is compressed already is not", answering(long, "Content-Encoding: br"), compress.Config{}, "br"},
		{"a range is not", answering(long, "Content-Range: bytes 0-9/20"), compress.Config{}, ""},
		{"a long body whose length is not said is", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for i := 0; i < len(long); i += 100 {
				_, _ = io.WriteString(w, long[i:i+100])
			}
		}, compress.Config{}, "gzip"},
		{"a type that is not said is found", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>"+long) }, compress.Config{}, "gzip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := send(wrap(t, tt.cfg, tt.h), http.MethodGet, "gzip")
			if got := w.Header().Get("Content-Encoding"); got != tt.want {
				t.Errorf("Content-Encoding %q, want %q; %v", got, tt.want, w.Header())
			}
			if strings.HasPrefix(plain(t, w.Header().Get("Content-Encoding"), w.Body), "{}{}") {
				t.Error("the body is there twice")
			}
		})
	}
}

func TestAShortBodyWhoseLengthIsNotSaidGetsOne(t *testing.T) {
	t.Parallel()
	w := send(wrap(t, compress.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "two ")
		_, _ = io.WriteString(w, "parts")
	}), http.MethodGet, "gzip")
	if w.Code != 202 || w.Body.String() != "two parts" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
}

func TestEmptyAnswersPass(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 200, 204, 205, 304, 404} {
		w := send(wrap(t, compress.Config{}, func(w http.ResponseWriter, _ *http.Request) {
			if status > 0 {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
			}
		}), http.MethodGet, "gzip")
		if w.Code != max(200, status) || w.Body.Len() != 0 || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%d: %d %v %q", status, w.Code, w.Header(), w.Body)
		}
	}
}

func TestHeadSaysWhatGetWould(t *testing.T) {
	t.Parallel()
	h := wrap(t, compress.Config{}, answering(long, `Etag: "a"`))
	get, head := send(h, http.MethodGet, "gzip"), send(h, http.MethodHead, "gzip")
	for _, name := range []string{"Content-Encoding", "Content-Type", "Content-Length", "Etag", "Vary"} {
		if get.Header().Get(name) != head.Header().Get(name) {
			t.Errorf("%s is %q for GET, %q for HEAD", name, get.Header().Get(name), head.Header().Get(name))
		}
	}
	if head.Body.Len() != 0 {
		t.Error("HEAD has a body")
	}
}

func TestRangesAreOfWhatIsNotCompressed(t *testing.T) {
	t.Parallel()
	h := wrap(t, compress.Config{}, func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.json", time.Time{}, strings.NewReader(long))
	})
	w := send(h, http.MethodGet, "gzip", "Range: bytes=0-9")
	if w.Code != 206 || w.Body.String() != long[:10] || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	if w := send(h, http.MethodGet, "gzip"); w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Accept-Ranges") != "" || plain(t, "gzip", w.Body) != long {
		t.Errorf("%v", w.Header())
	}
}

type (
	version struct {
		ETag tenon.ETag `header:"ETag"`
		Body struct {
			Text string `json:"text"`
		} `body:""`
	}
	change struct{ tenon.IfMatch }
)

// TestTagsComeBack walks an app: the tag that a client got, in whatever coding, is good for If-None-Match and If-Match.
func TestTagsComeBack(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Use(compress.New(compress.Config{})))
	state := tenon.NewETag("v1")
	app.Get("/", func(context.Context, *struct{}) (*version, error) {
		v := &version{ETag: state}
		v.Body.Text = strings.Repeat("some text,", 200)
		return v, nil
	})
	app.Put("/", func(_ context.Context, in *change) (*tenon.NoContent, error) { return nil, in.Check(state) })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ accept, want string }{{"", `"v1"`}, {"gzip", `"v1--gzip"`}, {"zstd", `"v1--zstd"`}} {
		w := send(app, http.MethodGet, tt.accept)
		if got := w.Header().Get("ETag"); w.Code != 200 || got != tt.want {
			t.Errorf("%q: %d %v", tt.accept, w.Code, w.Header())
		}
		again := send(app, http.MethodGet, tt.accept, "If-None-Match: "+tt.want)
		if again.Code != 304 || again.Header().Get("ETag") != tt.want || again.Header().Get("Vary") == "" || again.Body.Len() != 0 {
			t.Errorf("%q again: %d %v", tt.accept, again.Code, again.Header())
		}
		if w := send(app, http.MethodPut, tt.accept, "If-Match: "+tt.want); w.Code != 204 {
			t.Errorf("%q changed: %d %s", tt.accept, w.Code, w.Body)
		}
	}
	for _, tag := range []string{`"v0--gzip"`, `"v1--br"`, `"v1--gzip--gzip"`} {
		if w := send(app, http.MethodGet, "gzip", "If-None-Match: "+tag); w.Code != 200 {
			t.Errorf("%s gets %d", tag, w.Code)
		}
		if w := send(app, http.MethodPut, "gzip", "If-Match: "+tag); w.Code != 412 {
			t.Errorf("%s changes: %d", tag, w.Code)
		}
	}
	weak := wrap(t, compress.Config{}, answering(long, `Etag: W/"a"`))
	if got := send(weak, http.MethodGet, "gzip").Header().Get("ETag"); got != `W/"a"` {
		t.Errorf("a weak tag becomes %s", got)
	}
}

// TestStreamsArriveAtOnce reads each item over TCP before the next is made.
func TestStreamsArriveAtOnce(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	server := httptest.NewServer(wrap(t, compress.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ndjson")
		for i := range 3 {
			<-next
			_, _ = io.WriteString(w, strconv.Itoa(i)+"\n")
			_ = http.NewResponseController(w).Flush()
		}
	}))
	defer server.Close()
	for _, coding := range []string{"gzip", "zstd"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", coding)
		go func() { next <- struct{}{} }()
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Header.Get("Content-Encoding"); got != coding {
			t.Fatalf("Content-Encoding %q", got)
		}
		var body io.Reader
		if coding == "gzip" {
			body, err = gzip.NewReader(answer.Body)
		} else {
			body, err = zstd.NewReader(answer.Body, zstd.WithDecoderConcurrency(1))
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			line := make([]byte, 2)
			if _, err := io.ReadFull(body, line); err != nil || string(line) != strconv.Itoa(i)+"\n" {
				t.Fatalf("%s: line %d is %q, %v", coding, i, line, err)
			}
			if i < 2 {
				next <- struct{}{}
			}
		}
		_ = answer.Body.Close()
	}
}

func TestAPanicLeavesTheBodyWithoutItsEnd(t *testing.T) {
	t.Parallel()
	h := wrap(t, compress.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, long)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		h.ServeHTTP(w, r)
	}()
	body, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	if err == nil {
		_, err = io.ReadAll(body)
	}
	if err == nil {
		t.Error("the body looks whole")
	}
}

func TestAFailureBeforeTheFirstByteIsAProblem(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Use(compress.New(compress.Config{})))
	app.Mount("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "held back")
		panic("cause")
	}))
	if w := send(app, http.MethodGet, "gzip"); w.Code != 500 || strings.Contains(w.Body.String(), "held back") || !strings.Contains(w.Body.String(), `"code":"internal"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cfg  compress.Config
		want string
	}{
		{compress.Config{MinSize: -1}, "compress.Config: MinSize is -1, want 0 (the default) or more"},
		{compress.Config{Types: []string{"wasm"}}, `compress.Config: Types has "wasm", want a media type such as application/wasm`},
		{compress.Config{Types: []string{"image/*"}}, `compress.Config: Types has "image/*", want a media type such as application/wasm`},
	} {
		if _, err := compress.New(tt.cfg); err == nil || err.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}
