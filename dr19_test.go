package tenon_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	scored struct {
		Title string  `json:"title"`
		Score float64 `json:"score"`
	}
	scoredForm struct {
		Title string  `form:"title"`
		Score float64 `form:"score"`
	}
	scoredUpload struct {
		Name string    `path:"name" maxLength:"20" pattern:"^[a-z.]+$"`
		Body io.Reader `body:"*/*"`
	}
)

// TestDR19EachParserReadsTheSame sends one value as JSON, as both kinds of form, and as a file with a name.
func TestDR19EachParserReadsTheSame(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/json", func(_ context.Context, in *scored) (*scored, error) { return in, nil })
	app.Post("/form", func(_ context.Context, in *scoredForm) (*scored, error) { return &scored{in.Title, in.Score}, nil })
	app.Put("/files/{name}", func(_ context.Context, in *scoredUpload) (*scored, error) {
		text, err := io.ReadAll(in.Body)
		return &scored{Title: in.Name, Score: float64(len(text))}, err
	})
	s := tenontest.New(t, app)
	const want = `{"title":"é","score":1.5}`
	s.Post("/json", want).Status(201).JSON(want)
	s.With("Content-Type", urlencoded).Post("/form", "title=%C3%A9&score=1.5").Status(201).JSON(want)
	multipart := s.With("Content-Type", "multipart/form-data; boundary=B")
	multipart.Post("/form", mpValue("title", "é")+mpValue("score", "1.5")+mpEnd).Status(201).JSON(want)
	binary := s.With("Content-Type", "application/octet-stream")
	binary.Put("/files/a.bin", "abc").Status(200).JSON(`{"title":"a.bin","score":3}`)
	binary.Put("/files/..%2Fa", "abc").Status(422).Fault("path", "/name", "pattern")
	for _, text := range []string{"NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "0x1", "1 // one"} {
		s.Post("/json", `{"title":"a","score":`+text+`}`).Status(400)
		s.With("Content-Type", urlencoded).Post("/form", "title=a&score="+strings.ReplaceAll(text, "+", "%2B")).Status(422).Fault("body", "/score", "type")
	}
	for _, text := range []string{`{"title":"a","score":1,}`, `{'title':'a','score':1}`, `{title:"a","score":1}`, "\xef\xbb\xbf" + want, want + "x", "{\"title\":\"\xff\",\"score\":1}"} {
		s.Post("/json", text).Status(400)
	}
	s.Post("/json", `{"title":"a","title":"b","score":1}`).Status(422).Fault("body", "/title", "duplicate")
	s.With("Content-Type", "text/plain").Post("/json", want).Status(415)
}
