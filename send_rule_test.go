package tenon_test

import (
	"context"
	"encoding/json/jsontext"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/schema"
	"github.com/tenon-go/tenon/tenontest"
)

type (
	statusFile struct {
		Status int         `status:"" enum:"200,202"`
		File   *tenon.File `body:"application/pdf"`
	}
	fileOrJob struct {
		Done   *filePart   `status:"200"`
		Queued *queuedText `status:"202"`
	}
	filePart struct {
		File *tenon.File `body:"application/pdf"`
	}
	queuedText struct {
		Body string `body:"text/plain"`
	}
	acceptedFile struct {
		Done *filePart `status:"202"`
	}
	foundLines struct {
		Body iter.Seq2[found, error] `body:"application/x-ndjson"`
	}
	foundEvents struct {
		Body iter.Seq2[found, error] `body:"text/event-stream"`
	}
)

func TestAFileIsAnsweredWith200(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	file := func(context.Context, *none) (*filePart, error) {
		return &filePart{&tenon.File{Content: strings.NewReader("%PDF")}}, nil
	}
	app.Post("/part", file)
	app.Put("/part", file)
	app.Post("/file", func(context.Context, *none) (*tenon.File, error) { return letters(), nil })
	s := tenontest.New(t, app)
	for _, path := range []string{"/part", "/file"} {
		s.Post(path, nil).Status(200)
		responses := documentOf(t, app).Paths[path]["post"].Responses
		if responses["200"] == nil || responses["201"] != nil {
			t.Errorf("%s: the document says %v, want 200", path, slices.Sorted(maps.Keys(responses)))
		}
	}
	const words = "a file is answered with 200"
	checkFaults(t, []faulty{
		{"by an option", line(), func(a *tenon.App) { a.Post("/x", gives[filePart](), tenon.Status(201)) }, words},
		{"by its enum", line(), func(a *tenon.App) { a.Post("/x", gives[statusFile]()) }, words},
		{"by an outcome", line(), func(a *tenon.App) { a.Post("/x", gives[acceptedFile]()) }, words},
	})
}

func TestA206ListsWhatHasRanges(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/x", gives[fileOrJob]())
	content := documentOf(t, app).Paths["/x"]["get"].Responses["206"].Content
	if got := slices.Sorted(maps.Keys(content)); !slices.Equal(got, []string{"application/pdf", "multipart/byteranges"}) {
		t.Errorf("206 lists %v", got)
	}
}

func TestIfMatchOfNothing(t *testing.T) {
	t.Parallel()
	var anyTag, one tenon.ETag
	if err := anyTag.UnmarshalText([]byte("*")); err != nil {
		t.Fatal(err)
	}
	one = tenon.NewETag("1")
	for _, tt := range []struct {
		name           string
		match, current tenon.ETag
		ok             bool
	}{
		{"any of one", anyTag, one, true}, {"any of none", anyTag, tenon.ETag{}, false},
		{"one of none", one, tenon.ETag{}, false}, {"one of one", one, one, true}, {"none of none", tenon.ETag{}, tenon.ETag{}, false},
	} {
		if err := (tenon.IfMatch{Match: []tenon.ETag{tt.match}}).Check(tt.current); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestIfNoneMatchOfNothing(t *testing.T) {
	t.Parallel()
	var anyTag tenon.ETag
	if err := anyTag.UnmarshalText([]byte("*")); err != nil {
		t.Fatal(err)
	}
	one := tenon.NewETag("1")
	for _, tt := range []struct {
		name          string
		none, current tenon.ETag
		ok            bool
	}{
		{"any of one", anyTag, one, false}, {"any of none", anyTag, tenon.ETag{}, true}, {"one of none", one, tenon.ETag{}, true},
		{"one of one", one, one, false}, {"one of its weak form", one, one.Weak(), false}, {"one of another", one, tenon.NewETag("2"), true},
	} {
		if err := (tenon.IfNoneMatch{NoneMatch: []tenon.ETag{tt.none}}).Check(tt.current); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestOptionsWithoutEffect(t *testing.T) {
	t.Parallel()
	type conditionalGet struct{ tenon.IfMatch }
	type creatingGet struct{ tenon.IfNoneMatch }
	type eitherGet struct{ tenon.Precondition }
	gzip := tenon.Decompress("gzip")
	checkFaults(t, []faulty{
		{"a limit of no body", line(), func(a *tenon.App) { a.Get("/x", gives[fine](), tenon.BodyLimit(1)) }, "BodyLimit has no effect"},
		{"a limit of a POST without a body", line(), func(a *tenon.App) { a.Post("/x", gives[fine](), tenon.BodyLimit(1)) }, "BodyLimit has no effect"},
		{"decompress no body", line(), func(a *tenon.App) { a.Delete("/x", gives[fine](), gzip) }, "Decompress has no effect"},
		{"decompress nothing", line(), func(a *tenon.App) { a.Post("/x", takes[fine](), tenon.Decompress()) }, "Decompress names no content coding"},
		{"the tag of a POST", line(), func(a *tenon.App) { a.Post("/x", gives[fine](), tenon.BodyETag()) }, "BodyETag has no effect"},
		{"the tag of a file", line(), func(a *tenon.App) { a.Get("/x", gives[filePart](), tenon.BodyETag()) }, "BodyETag has no effect"},
		{"the tag of a stream", line(), func(a *tenon.App) { a.Get("/x", gives[foundLines](), tenon.BodyETag()) }, "BodyETag has no effect"},
		{"the tag of nothing", line(), func(a *tenon.App) { a.Get("/x", gives[tenon.NoContent](), tenon.BodyETag()) }, "BodyETag has no effect"},
		{"If-Match in a GET", line(), func(a *tenon.App) { a.Get("/x", takes[conditionalGet]()) }, "IfMatch is for writes"},
		{"If-None-Match in a GET", line(), func(a *tenon.App) { a.Get("/x", takes[creatingGet]()) }, "IfNoneMatch is for writes"},
		{"either in a GET", line(), func(a *tenon.App) { a.Get("/x", takes[eitherGet]()) }, "Precondition is for writes"},
		{"the tag of outcomes that are no body", line(), func(a *tenon.App) { a.Get("/x", gives[fileOrJob](), tenon.BodyETag()) }, "BodyETag has no effect"},
	})
	app := tenon.New(tenon.Config{}, tenon.BodyLimit(10), gzip, tenon.BodyETag())
	group := app.Group("/g", tenon.BodyLimit(10), gzip, tenon.BodyETag())
	group.Get("/x", gives[fine]())
	group.Post("/x", takes[fine](), tenon.BodyLimit(9), gzip)
	group.Get("/y", gives[fine](), tenon.BodyETag())
	if err := app.Compile(); err != nil {
		t.Error(err)
	}
}

// spread writes JSON over several lines.
type spread struct{ text string }

func (s *spread) MarshalJSON() ([]byte, error) { return []byte(s.text), nil }

func (*spread) UnmarshalJSON([]byte) error { return nil }

func (spread) JSONSchema() *schema.Schema { return &schema.Schema{Types: []string{"object"}} }

type spreadItem struct {
	A spread         `json:"a"`
	B jsontext.Value `json:"b"`
}

func TestAnItemIsOneLine(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	items := func(yield func(spreadItem, error) bool) {
		const text = "{\r\n\t\"x\":\r1,\n\n\"y\": \"\\r\\n\"}\r\n"
		yield(spreadItem{spread{text}, jsontext.Value(text)}, nil)
	}
	type ndjson struct {
		Body iter.Seq2[spreadItem, error] `body:"application/x-ndjson"`
	}
	app.Get("/lines", func(context.Context, *none) (*ndjson, error) { return &ndjson{items}, nil })
	app.Get("/events", func(context.Context, *none) (*events[spreadItem], error) { return &events[spreadItem]{items}, nil })
	s := tenontest.New(t, app)
	const want = `{"a":{"x":1,"y":"\r\n"},"b":{"x":1,"y":"\r\n"}}`
	s.Get("/lines").Status(200).Text(want + "\n")
	s.Get("/events").Status(200).Text("data: " + want + "\n\n")
}

func TestLinesMayBeUnavailable(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/lines", gives[foundLines]())
	app.Get("/events", gives[foundEvents]())
	app.Get("/either", gives[either]())
	paths := documentOf(t, app).Paths
	if paths["/either"]["get"].Responses["503"] == nil {
		t.Error("503 is not said of an operation whose second outcome are lines")
	}
	if paths["/lines"]["get"].Responses["503"] == nil || paths["/events"]["get"].Responses["503"] != nil {
		t.Error("503 is said of lines, which cannot tell that they go on elsewhere, and not of events")
	}
}
