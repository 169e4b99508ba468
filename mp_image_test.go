package tenon_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// pngHeader is the begin of a PNG: its signature and what says how large it is.
func pngHeader(width, height uint32) string {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, 8, 0, 0, 0, 0) // grey, of eight bits
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + string(chunk) + string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)))
}

// webpOf is a WebP of chunks, each followed by its data.
func webpOf(chunks ...string) string {
	var b strings.Builder
	b.WriteString("RIFF\x40\x00\x00\x00WEBP")
	for i := 0; i+1 < len(chunks); i += 2 {
		b.WriteString(chunks[i] + string([]byte{byte(len(chunks[i+1])), 0, 0, 0}) + chunks[i+1] + strings.Repeat("\x00", len(chunks[i+1])%2))
	}
	return b.String()
}

// Parts of a WebP: what holds pictures of 40 by 30, and pictures.
const (
	webpWhole = "\x00\x00\x00\x00\x27\x00\x00\x1d\x00\x00"
	webpSmall = "\x2f\x27\x40\x07\x00"
	webpBomb  = "\x2f\xff\xff\xff\x0f"
)

func drawn(t *testing.T, encode func(io.Writer, image.Image) error, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type pictured struct {
	Picture tenon.Upload `form:"picture" accept:"image/png,image/jpeg,image/gif,image/webp" maxPixels:"1000000"`
}

type measured struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// TestMP06ImagesAreMeasured judges images by their headers: a bomb of a few bytes is never decoded.
func TestMP06ImagesAreMeasured(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(_ context.Context, in *pictured) (*measured, error) {
		return &measured{in.Picture.Width, in.Picture.Height}, nil
	})
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	asJPEG := func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }
	asGIF := func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) }
	for _, tt := range []struct {
		name, content string
		code          int
		says          string
	}{
		{"a PNG", pngHeader(1000, 1000), 201, `{"width":1000,"height":1000}`},
		{"a PNG of a row too many", pngHeader(1000, 1001), 422, `"code":"maxPixels"`},
		{"a PNG of more pixels than a number holds", pngHeader(1<<31-1, 1<<31-1), 422, `"pointer":"/picture"`},
		{"a PNG of no pixels", pngHeader(0, 5), 422, `"code":"accept"`},
		{"a PNG whose header is broken", strings.Replace(pngHeader(5, 5), "IHDR", "IHDX", 1), 422, `"code":"accept"`},
		{"a signature alone", png, 422, `"code":"accept"`},
		{"a JPEG", drawn(t, asJPEG, 40, 30), 201, `{"width":40,"height":30}`},
		{"a JPEG that is too large", drawn(t, asJPEG, 1200, 900), 422, `"code":"maxPixels"`},
		{"a JPEG that ends early", drawn(t, asJPEG, 40, 30)[:60], 422, `"code":"accept"`},
		{"a GIF", drawn(t, asGIF, 40, 30), 201, `{"width":40,"height":30}`},
		{"a GIF that is too large", drawn(t, asGIF, 1200, 900), 422, `"code":"maxPixels"`},
		{"a WebP with loss", webpOf("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x28\x00\x1e\x00"), 201, `{"width":40,"height":30}`},
		{"a WebP without loss", webpOf("VP8L", webpSmall), 201, `{"width":40,"height":30}`},
		{"a WebP of several parts", webpOf("VP8X", webpWhole, "ICCP", "odd", "VP8L", webpSmall), 201, `{"width":40,"height":30}`},
		{"a WebP that moves", webpOf("VP8X", webpWhole, "ANMF", strings.Repeat("\x00", 16), "VP8L", webpSmall), 201, `{"width":40,"height":30}`},
		{"a WebP that is too large", webpOf("VP8X", "\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff", "VP8L", webpSmall), 422, `"code":"maxPixels"`},
		{"a WebP whose picture is too large", webpOf("VP8L", webpBomb), 422, `"code":"maxPixels"`},
		{"a WebP whose picture is larger than itself", webpOf("VP8X", webpWhole, "VP8L", webpBomb), 422, `"code":"accept"`},
		{"a WebP that moves to what is larger than itself", webpOf("VP8X", webpWhole, "VP8L", webpSmall, "ANMF", strings.Repeat("\x00", 16), "VP8L", webpBomb), 422, `"code":"accept"`},
		{"a WebP without a picture", webpOf("VP8X", webpWhole), 422, `"code":"accept"`},
		{"a WebP of an unknown kind", webpOf("VP9 ", ""), 422, `"code":"accept"`},
		{"a WebP that ends early", webpOf("VP8X", webpWhole)[:22], 422, `"code":"accept"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, answer := served(app, strings.NewReader(mpFile("picture", "", "application/octet-stream", tt.content)+mpEnd))
			if code != tt.code || !strings.Contains(answer, tt.says) {
				t.Errorf("%d %s, want %d and %s", code, answer, tt.code, tt.says)
			}
		})
	}
}

// scanned serves an app that scans the files of a form twice, and counts those that reach its handler.
func scanned(t *testing.T) (app *tenon.App, reached *atomic.Int32) {
	t.Helper()
	away := problem.Define(http.StatusServiceUnavailable, "scanner-away", "Files cannot be scanned at the moment.")
	judge := func(ctx context.Context, f tenon.Upload) error {
		content, err := io.ReadAll(f.Open())
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case string(content) == "away":
			return away
		case string(content) == "broken":
			return errors.New("no connection")
		case strings.Contains(string(content), "virus"):
			return problem.Fault{Code: "infected", Message: "must be free of viruses"}
		}
		return nil
	}
	reached = new(atomic.Int32)
	app = tenon.New(tenon.Config{Logger: logTo(&buffer{})}, tenon.ScanUploads(judge))
	app.Post("/x", func(_ context.Context, in *struct {
		Files []tenon.Upload    `form:"files" maxItems:"3"`
		Small tenon.Opt[string] `form:"small" maxLength:"2"`
	},
	) (*tenon.NoContent, error) {
		reached.Add(int32(len(in.Files)))
		return nil, nil
	}, tenon.Fails(away), tenon.ScanUploads(func(_ context.Context, f tenon.Upload) error {
		if f.Size > 200_000 {
			return problem.Fault{Code: "long"}
		}
		return nil
	}))
	app.Post("/none", func(context.Context, *none) (*tenon.NoContent, error) { return nil, nil }) // the scan of the app is for others
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	return app, reached
}

// TestMP06ScansJudgeBeforeTheHandler lets two judges see each file whole.
func TestMP06ScansJudgeBeforeTheHandler(t *testing.T) {
	t.Parallel()
	file := func(content string) string { return mpFile("files", "a.bin", "application/octet-stream", content) }
	long := strings.Repeat("x", 100_000)
	for _, tt := range []struct {
		name, body string
		code       int
		says       string
		also       string
		reached    int32
	}{
		{"what is clean reaches the handler", file("a") + file(long), 204, "", "", 2},
		{"a fault stands at the field", file("a") + file(long+"virus"), 422, `"pointer":"/files","code":"infected","message":"must be free of viruses"`, "", 0},
		{"faults of other fields come along", file("virus") + file("away") + mpValue("small", "abc"), 422, `"code":"infected"`, `"pointer":"/small"`, 0},
		{"the second judges what the first let pass", file(long + long + "x"), 422, `"code":"long"`, "", 0},
		{"a problem is the answer", file("away"), 503, `"code":"scanner-away"`, "", 0},
		{"an error is hidden", file("broken"), 500, `"code":"internal"`, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, reached := scanned(t)
			code, answer := served(app, strings.NewReader(tt.body+mpEnd))
			if code != tt.code || reached.Load() != tt.reached {
				t.Errorf("%d, and the handler got %d files, want %d and %d", code, reached.Load(), tt.code, tt.reached)
			}
			if !strings.Contains(answer, tt.says) || !strings.Contains(answer, tt.also) {
				t.Errorf("%s does not say %s and %s", answer, tt.says, tt.also)
			}
		})
	}
}

func TestCompileRefusesImagesAndScans(t *testing.T) {
	t.Parallel()
	type anything struct {
		F tenon.Upload `form:"f" maxPixels:"5"`
	}
	type vector struct {
		F tenon.Upload `form:"f" accept:"image/png,image/svg+xml" maxPixels:"5"`
	}
	type ranged struct {
		F tenon.Upload `form:"f" accept:"image/*" maxPixels:"5"`
	}
	type noneAtAll struct {
		F tenon.Upload `form:"f" accept:"image/png" maxPixels:"0"`
	}
	type text struct {
		F string `form:"f" maxPixels:"5"`
	}
	let := tenon.ScanUploads(func(context.Context, tenon.Upload) error { return nil })
	for _, tt := range []struct {
		name string
		add  func(*tenon.App)
		says string
	}{
		{"pixels of anything", func(a *tenon.App) { a.Post("/x", takes[anything]()) }, "field F: maxPixels wants accept"},
		{"pixels of what is drawn", func(a *tenon.App) { a.Post("/x", takes[vector]()) }, "field F: maxPixels wants accept"},
		{"pixels of a range", func(a *tenon.App) { a.Post("/x", takes[ranged]()) }, "field F: maxPixels wants accept"},
		{"no pixels", func(a *tenon.App) { a.Post("/x", takes[noneAtAll]()) }, "is not a number of pixels"},
		{"pixels of text", func(a *tenon.App) { a.Post("/x", takes[text]()) }, "tag maxPixels is for uploads"},
		{"a scan without a function", func(a *tenon.App) { a.Post("/x", takes[twoFiles](), tenon.ScanUploads(nil)) }, "ScanUploads has no function"},
		{"a scan of no files", func(a *tenon.App) { a.Post("/x", takes[none](), let) }, "ScanUploads has no effect: the operation takes no files"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
			tt.add(app)
			if err := app.Compile(); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("Compile = %v, want %q", err, tt.says)
			}
		})
	}
}
