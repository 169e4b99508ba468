package tenon_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// echoed says what a handler saw of a body.
type echoed struct {
	Seen string `json:"seen"`
}

// seeing is an app with one operation, POST /x, that answers with what its input holds.
func seeing[I any](tb testing.TB, opts ...tenon.Option) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/x", func(_ context.Context, in *I) (*echoed, error) { return &echoed{fmt.Sprintf("%+v", *in)}, nil }, opts...)
	return app
}

type (
	scalarBody[T any] struct {
		Body T `body:""`
	}
	ruledScalar struct {
		Body int `body:"" minimum:"1" maximum:"9"`
	}
	optionalScalar struct {
		Body tenon.Opt[string] `body:"" maxLength:"3"`
	}
	rawBytes struct {
		Body []byte `body:"image/png,image/jpeg"`
	}
	rawText struct {
		Body string `body:"text/plain" maxLength:"5"`
	}
	rawRange struct {
		Type string `header:"Content-Type"`
		Body []byte `body:"image/*"`
	}
	rawOptional struct {
		Body tenon.Opt[[]byte] `body:"application/octet-stream"`
	}
	rawStream struct {
		ID   int       `query:"id"`
		Body io.Reader `body:"application/octet-stream"`
	}
)

// TestFA11ScalarsAsABody takes bodies that are no objects, with the rules of the field.
func TestFA11ScalarsAsABody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		app    func(testing.TB) *tenon.App
		body   string
		status int
		seen   string // or the code of the fault
	}{
		{"an integer", func(tb testing.TB) *tenon.App { return seeing[scalarBody[int]](tb) }, `7`, 201, "{Body:7}"},
		{"a string", func(tb testing.TB) *tenon.App { return seeing[scalarBody[string]](tb) }, `"é"`, 201, "{Body:é}"},
		{"a boolean", func(tb testing.TB) *tenon.App { return seeing[scalarBody[bool]](tb) }, ` true `, 201, "{Body:true}"},
		{"a date and time", func(tb testing.TB) *tenon.App { return seeing[scalarBody[tenon.Date]](tb) }, `"2026-01-31"`, 201, "{Body:2026-01-31}"},
		{"a list", func(tb testing.TB) *tenon.App { return seeing[scalarBody[[]int]](tb) }, `[1,2]`, 201, "{Body:[1 2]}"},
		{"a map", func(tb testing.TB) *tenon.App { return seeing[scalarBody[map[string]int]](tb) }, `{"a":1}`, 201, "{Body:map[a:1]}"},
		{"one that is null", func(tb testing.TB) *tenon.App { return seeing[scalarBody[tenon.Null[int]]](tb) }, `null`, 201, "{Body:{Value:0 Valid:false}}"},
		{"one that may be absent", func(tb testing.TB) *tenon.App { return seeing[optionalScalar](tb) }, ``, 201, "{Body:{Value: Set:false}}"},
		{"refuses one of another type", func(tb testing.TB) *tenon.App { return seeing[scalarBody[int]](tb) }, `"7"`, 422, "type"},
		{"refuses null", func(tb testing.TB) *tenon.App { return seeing[scalarBody[int]](tb) }, `null`, 422, "null"},
		{"refuses none", func(tb testing.TB) *tenon.App { return seeing[scalarBody[int]](tb) }, ``, 422, "required"},
		{"refuses what breaks a rule", func(tb testing.TB) *tenon.App { return seeing[ruledScalar](tb) }, `10`, 422, "maximum"},
		{"refuses a second value", func(tb testing.TB) *tenon.App { return seeing[scalarBody[int]](tb) }, `1 2`, 400, "json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tenontest.New(t, tt.app(t)).Post("/x", tt.body).Status(tt.status)
			if tt.status == 201 {
				r.At("/seen", `"`+tt.seen+`"`)
				return
			}
			r.Fault("body", "", tt.seen)
		})
	}
	s := tenontest.New(t, seeing[ruledScalar](t))
	if got, want := documentAt(t, s, bodyPlace+"/maximum"), "9"; got != want {
		t.Errorf("the document says maximum %s, want %s", got, want)
	}
}

// TestFA11RawBodies takes bodies as they were sent, by the media types of the tag.
func TestFA11RawBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		app         func(testing.TB) *tenon.App
		contentType string
		body        string
		status      int
		seen        string // or the code of the fault, or of the problem
	}{
		{"bytes", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "image/png", "\x00\xff", 201, "{Body:[0 255]}"},
		{"bytes of the second type", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "Image/JPEG; q=x", "\x00", 201, "{Body:[0]}"},
		{"text", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, "text/plain", "é", 201, "{Body:é}"},
		{"text with its charset", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, `text/plain; charset="UTF-8"`, "a", 201, "{Body:a}"},
		{"a range", func(tb testing.TB) *tenon.App { return seeing[rawRange](tb) }, "image/webp", "R", 201, "{Type:image/webp Body:[82]}"},
		{"none where it may be absent", func(tb testing.TB) *tenon.App { return seeing[rawOptional](tb) }, "application/octet-stream", "", 201, "{Body:{Value:[] Set:false}}"},
		{"some where it may be absent", func(tb testing.TB) *tenon.App { return seeing[rawOptional](tb) }, "application/octet-stream", "a", 201, "{Body:{Value:[97] Set:true}}"},
		{"refuses another type", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "image/gif", "a", 415, "unsupported-media-type"},
		{"refuses JSON", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "application/json", "{}", 415, "unsupported-media-type"},
		{"refuses no type", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "", "a", 415, "unsupported-media-type"},
		{"refuses a type outside the range", func(tb testing.TB) *tenon.App { return seeing[rawRange](tb) }, "imagex/png", "a", 415, "unsupported-media-type"},
		{"refuses a range as a type", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "image/*", "a", 415, "unsupported-media-type"},
		{"refuses text in another charset", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, "text/plain; charset=latin1", "a", 415, "unsupported-media-type"},
		{"refuses a compressed body", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "image/png;gzip", "a", 415, "unsupported-media-type"},
		{"refuses text that is not UTF-8", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, "text/plain", "\xff", 422, "type"},
		{"refuses text with NUL", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, "text/plain", "\x00", 422, "nul"},
		{"refuses text that breaks a rule", func(tb testing.TB) *tenon.App { return seeing[rawText](tb) }, "text/plain", "abcdef", 422, "maxLength"},
		{"refuses none", func(tb testing.TB) *tenon.App { return seeing[rawBytes](tb) }, "image/png", "", 422, "required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := tenontest.New(t, tt.app(t)).With("Content-Type", tt.contentType).Post("/x", tt.body).Status(tt.status)
			switch tt.status {
			case 201:
				r.At("/seen", `"`+tt.seen+`"`)
			case 422:
				r.Fault("body", "", tt.seen)
			default:
				r.Problem(tt.seen)
			}
		})
	}
}

// TestFA11RawBodiesAreDocumented reads each media type in the document, with the length that a body may have.
func TestFA11RawBodiesAreDocumented(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		app  *tenon.App
		want string
	}{
		{"bytes", seeing[rawBytes](t), `{"image/jpeg":{"schema":{"maxLength":1048576,"minLength":1}},"image/png":{"schema":{"maxLength":1048576,"minLength":1}}}`},
		{"a range", seeing[rawRange](t), `{"image/*":{"schema":{"maxLength":1048576,"minLength":1}}}`},
		{"text", seeing[rawText](t), `{"text/plain":{"schema":{"maxLength":5,"minLength":1,"type":"string"}}}`},
		{"a stream", seeing[rawStream](t, tenon.BodyLimit(9)), `{"application/octet-stream":{"schema":{"maxLength":9,"minLength":1}}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := documentAt(t, tenontest.New(t, tt.app), "/paths/~1x/post/requestBody/content"); got != tt.want {
				t.Errorf("the document says %s, want %s", got, tt.want)
			}
		})
	}
}

// TestFA11StreamedBodies hands the body to the handler as it arrives. The limit holds while it is read, whether or not the
// length was announced, and what went wrong is a problem that the handler passes on.
func TestFA11StreamedBodies(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(_ context.Context, in *rawStream) (*echoed, error) {
		n, err := io.Copy(io.Discard, in.Body)
		if err != nil {
			return nil, fmt.Errorf("copy after %d bytes: %w", n, err)
		}
		return &echoed{strconv.FormatInt(n, 10)}, nil
	}, tenon.BodyLimit(1000))
	app.Post("/untouched", func(context.Context, *rawStream) (*echoed, error) { return &echoed{"nothing"}, nil })
	s := tenontest.New(t, app).With("Content-Type", "application/octet-stream")
	chunked := func(n int) io.Reader { return io.MultiReader(bytes.NewReader(make([]byte, n))) }
	s.Post("/x?id=1", make([]byte, 1000)).Status(201).At("/seen", `"1000"`)
	s.Post("/x?id=1", chunked(1000)).Status(201).At("/seen", `"1000"`)
	s.Post("/x?id=1", make([]byte, 1001)).Status(413).Problem("content-too-large")
	s.Post("/x?id=1", chunked(1001)).Status(413).Problem("content-too-large")
	s.Post("/x?id=1", chunked(1<<20)).Status(413).Problem("content-too-large")
	s.Post("/x?id=a", make([]byte, 10)).Status(422).Fault("query", "/id", "type")
	s.Post("/untouched?id=1", chunked(1<<20)).Status(201).At("/seen", `"nothing"`)
}

// hexCodec is JSON in hexadecimal digits.
func hexCodec() tenon.Codec {
	return tenon.Codec{
		ToJSON:   func(body []byte) ([]byte, error) { return hex.AppendDecode(nil, body) },
		FromJSON: func(text []byte) ([]byte, error) { return hex.AppendEncode(nil, text), nil },
	}
}

// TestFR05CodecsReadOtherMediaTypes sends one body in two media types: the checks, the faults and the limits are the same.
func TestFR05CodecsReadOtherMediaTypes(t *testing.T) {
	t.Parallel()
	app := seeing[struct {
		User struct {
			Name string    `json:"name" minLength:"2"`
			Born time.Time `json:"born"`
		} `body:""`
	}](t, tenon.BodyLimit(100))
	app.Codec("application/x-hex", hexCodec())
	app.Codec("application/x-write-only", tenon.Codec{FromJSON: hexCodec().FromJSON})
	s := tenontest.New(t, app)
	hexed := s.With("Content-Type", "application/x-hex")
	encoded := func(text string) string { return hex.EncodeToString([]byte(text)) }

	hexed.Post("/x", encoded(`{"name":"Ada","born":"1815-12-10T00:00:00Z"}`)).Status(201)
	hexed.Post("/x", encoded(`{"name":"A","born":"1815"}`)).Status(422).Fault("body", "/name", "minLength").Fault("body", "/born", "format").Faults(2)
	hexed.Post("/x", encoded(`{"name":"Ada",}`)).Status(400).Fault("body", "", "json")
	hexed.Post("/x", "xyz").Status(400).Problem("bad-request").Fault("body", "", "syntax")
	hexed.Post("/x", strings.Repeat("20", 51)).Status(413)
	s.With("Content-Type", "application/x-hex; charset=latin1").Post("/x", encoded(`{}`)).Status(415)
	s.With("Content-Type", "application/x-write-only").Post("/x", `{}`).Status(415).Header("Accept", "application/json, application/x-hex")
	s.Post("/x", `{"name":"Ada","born":"1815-12-10T00:00:00Z"}`).Status(201)

	place := "/paths/~1x/post/requestBody/content"
	same, other := documentAt(t, s, place+"/application~1json"), documentAt(t, s, place+"/application~1x-hex")
	if same == "" || same != other {
		t.Errorf("the document says %s of JSON and %s of the other type", same, other)
	}
}

// TestFR05CodecsBoundWhatTheyMake expands a small body beyond the limit.
func TestFR05CodecsBoundWhatTheyMake(t *testing.T) {
	t.Parallel()
	app := seeing[scalarBody[string]](t, tenon.BodyLimit(1000))
	app.Codec("application/x-bomb", tenon.Codec{ToJSON: func([]byte) ([]byte, error) { return bytes.Repeat([]byte(" "), 1001), nil }})
	tenontest.New(t, app).With("Content-Type", "application/x-bomb").Post("/x", "a").Status(413).Problem("content-too-large")
}

// TestFA23BodiesHaveTheirMediaType refuses the three types that a page of another site can send without asking first (Fetch,
// section 2.2.2), and none at all, wherever an operation takes JSON.
func TestFA23BodiesHaveTheirMediaType(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, seeing[scalarBody[int]](t))
	for _, contentType := range []string{
		"", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
		"application/json, text/plain", "text/plain; application/json", "application/jsonp", "application/problem+json", "*/*", "application/json; charset=utf-16",
	} {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			s.With("Content-Type", contentType).Post("/x", `1`).Status(415).Header("Accept", "application/json")
		})
	}
	twice, err := http.NewRequest(http.MethodPost, "http://x/x", strings.NewReader("1"))
	if err != nil {
		t.Fatal(err)
	}
	twice.Header["Content-Type"] = []string{"application/json", "application/json"}
	s.Send(twice).Status(415)
}

type (
	rawStruct struct {
		Body fine `body:"image/png"`
	}
	rawRuled struct {
		Body []byte `body:"image/png" maxLength:"5"`
	}
	rawParameter struct {
		Body []byte `body:"text/plain; charset=utf-8"`
	}
	rawBadRule struct {
		Body string `body:"text/plain" minimum:"5"`
	}
)

// TestCompileRefusesBodies registers bodies and codecs that cannot be.
func TestCompileRefusesBodies(t *testing.T) {
	t.Parallel()
	checkFaults(t, []faulty{
		{"a raw struct", line(), func(a *tenon.App) { a.Post("/x", takes[rawStruct]()) }, "is []byte, string or io.Reader, as it was sent, not tenon_test.fine"},
		{"rules on bytes", line(), func(a *tenon.App) { a.Post("/x", takes[rawRuled]()) }, "rules are for text"},
		{"a rule that text has not", line(), func(a *tenon.App) { a.Post("/x", takes[rawBadRule]()) }, "minimum"},
		{"a media type with a parameter", line(), func(a *tenon.App) { a.Post("/x", takes[rawParameter]()) }, "without parameters"},
		{"a raw body of a GET", line(), func(a *tenon.App) { a.Get("/x", takes[rawBytes]()) }, "a GET has no body"},
		{"a codec without a name", line(), func(a *tenon.App) { a.Codec("", hexCodec()) }, "is not a media type"},
		{"a codec in capitals", line(), func(a *tenon.App) { a.Codec("Application/CBOR", hexCodec()) }, "is not a media type in lower case"},
		{"a codec for a range", line(), func(a *tenon.App) { a.Codec("text/*", hexCodec()) }, "is not a media type"},
		{"a codec for JSON", line(), func(a *tenon.App) { a.Codec("application/json", hexCodec()) }, "itself"},
		{"a codec for forms", line(), func(a *tenon.App) { a.Codec("multipart/form-data", hexCodec()) }, "itself"},
		{"a codec that does nothing", line(), func(a *tenon.App) { a.Codec("text/x", tenon.Codec{}) }, "neither ToJSON nor FromJSON"},
	})
	app := tenon.New(tenon.Config{})
	app.Codec("text/x", hexCodec())
	app.Codec("text/x", hexCodec())
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), `codec "text/x" exists already`) {
		t.Errorf("Compile = %v, want a fault for the second codec of one type", err)
	}
}
