package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// note is a resource with versions.
type (
	note struct {
		Text string `json:"text"`
	}
	noteAnswer struct {
		ETag    tenon.ETag `header:"ETag" doc:"Names the version."`
		Changed time.Time  `header:"Last-Modified"`
		Session string     `header:"X-Session"`
		Body    note       `body:""`
	}
	noteChange struct {
		tenon.IfMatch
		Change struct {
			Text tenon.Opt[string] `json:"text" maxLength:"10"`
		} `body:""`
	}
)

type notes struct {
	mu      sync.Mutex
	version int
	text    string
}

func (n *notes) get(context.Context, *none) (*noteAnswer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.answer(), nil
}

func (n *notes) answer() *noteAnswer {
	return &noteAnswer{ETag: tenon.NewETag(strconv.Itoa(n.version)), Changed: time.Date(2026, 11, 26, 10, 0, 0, 5, time.UTC), Session: "s", Body: note{n.text}}
}

func (n *notes) patch(_ context.Context, in *noteChange) (*noteAnswer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := in.Check(n.answer().ETag); err != nil {
		return nil, err
	}
	n.version++
	n.text = in.Change.Text.Or(n.text)
	return n.answer(), nil
}

func notesApp(t *testing.T) *tenon.App {
	t.Helper()
	n := &notes{version: 7, text: "a"}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/note", n.get)
	app.Patch("/note", n.patch)
	return app
}

func TestN08ConditionalGet(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, notesApp(t))
	s.Get("/note").Status(200).Header("ETag", `"7"`).Header("Last-Modified", "Thu, 26 Nov 2026 10:00:00 GMT").JSON(`{"text":"a"}`)
	for _, tt := range []struct {
		name, value string
		status      int
	}{
		{"If-None-Match", `"7"`, 304}, {"If-None-Match", `W/"7"`, 304}, {"If-None-Match", `*`, 304}, {"If-None-Match", `"6"`, 200},
		{"If-Modified-Since", "Thu, 26 Nov 2026 10:00:00 GMT", 304}, {"If-Modified-Since", "Thu, 26 Nov 2026 09:00:00 GMT", 200},
		{"If-Match", `"7"`, 200}, {"If-Match", `"6"`, 412}, {"If-Unmodified-Since", "Thu, 26 Nov 2026 09:00:00 GMT", 412},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := s.With(tt.name, tt.value).Do(method, "/note", nil).Status(tt.status)
			switch tt.status {
			case 304:
				got.Header("ETag", `"7"`).Header("X-Session", "s").Header("Last-Modified", "").Header("Content-Length", "").Empty()
			case 412:
				if got.Header("ETag", "").Header("X-Session", ""); method == "GET" {
					got.Problem("precondition-failed")
				}
			}
		}
	}
}

// Test304EndsItsAnswer reads a 304 and what follows it on one connection, where a body would be seen.
func Test304EndsItsAnswer(t *testing.T) {
	t.Parallel()
	const get = "GET /note HTTP/1.1\r\nHost: a\r\n"
	answers := raw(t, notesApp(t), get+"If-None-Match: \"7\"\r\n\r\n"+get+"\r\n", "GET", "GET")
	if answers[0].StatusCode != 304 || answers[1].StatusCode != 200 {
		t.Errorf("%d, %d", answers[0].StatusCode, answers[1].StatusCode)
	}
}

func TestN08WritesNameTheirState(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, notesApp(t))
	s.Patch("/note", `{"text":"b"}`).Status(428).Problem("precondition-required")
	s.With("Content-Type", "text/plain").Patch("/note", `{`).Status(428) // before anything of the body
	s.With("If-Match", "7").Patch("/note", `{"text":"b"}`).Status(422).Fault("header", "/If-Match/0", "format")
	s.With("If-Match", "").Patch("/note", `{"text":"b"}`).Status(428)
	for _, stale := range []string{`"6"`, `W/"7"`, `"6", "8"`} {
		s.With("If-Match", stale).Patch("/note", `{"text":"b"}`).Status(412).Problem("precondition-failed")
	}
	s.With("If-Match", `"6", "7"`).Patch("/note", `{"text":"b"}`).Status(200).Header("ETag", `"8"`).JSON(`{"text":"b"}`)
	s.With("If-Match", `"7"`).Patch("/note", `{"text":"c"}`).Status(412)
	s.With("If-Match", `*`).Patch("/note", `{}`).Status(200).Header("ETag", `"9"`).JSON(`{"text":"b"}`)
}

func TestN08OfRacingWritesOneWins(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, notesApp(t)).With("If-Match", `"7"`)
	codes := make(chan int, 8)
	for i := range cap(codes) {
		go func() { codes <- s.Patch("/note", fmt.Sprintf(`{"text":"%d"}`, i)).Code }()
	}
	seen := map[int]int{}
	for range cap(codes) {
		seen[<-codes]++
	}
	if want := map[int]int{200: 1, 412: 7}; !reflect.DeepEqual(seen, want) {
		t.Errorf("%v, want %v", seen, want)
	}
}

func TestN08ConditionsAreDocumented(t *testing.T) {
	t.Parallel()
	app := notesApp(t)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	item := app.OpenAPI().Paths["/note"]
	for _, status := range []string{"200", "304", "412"} {
		if item.Get.Responses[status] == nil {
			t.Errorf("GET has no %s", status)
		}
	}
	for _, status := range []string{"200", "412", "428", "415"} {
		if item.Patch.Responses[status] == nil {
			t.Errorf("PATCH has no %s", status)
		}
	}
	if item.Get.Responses["304"].Headers["ETag"] == nil || item.Get.Responses["304"].Content != nil || item.Patch.Responses["304"] != nil {
		t.Errorf("304 is %+v", item.Get.Responses["304"])
	}
	param := item.Patch.Parameters[0]
	if param.Name != "If-Match" || param.In != "header" || !param.Required {
		t.Errorf("parameter %+v", param)
	}
	if content := item.Patch.RequestBody.Content; content["application/merge-patch+json"] == nil || content["application/json"] == nil {
		t.Errorf("content %v", content)
	}
}

func TestBodyETag(t *testing.T) {
	t.Parallel()
	text := "a"
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.BodyETag())
	app.Codec("application/x-hex", hexCodec())
	app.Get("/json", func(context.Context, *none) (*note, error) { return &note{text}, nil })
	app.Get("/text", func(context.Context, *none) (*hypertext, error) { return &hypertext{text}, nil })
	app.Get("/reader", func(context.Context, *none) (*export, error) { return &export{strings.NewReader(text)}, nil })
	app.Post("/json", func(context.Context, *none) (*note, error) { return &note{text}, nil }, tenon.Status(200))
	s := tenontest.New(t, app)
	for _, path := range []string{"/json", "/text"} {
		tag := s.Get(path).Status(200).Headers.Get("ETag")
		s.With("If-None-Match", tag).Get(path).Status(304).Header("ETag", tag)
		if other := s.With("Accept", "application/x-hex, */*;q=0.1").Get(path).Headers.Get("ETag"); (other == tag) != (path == "/text") {
			t.Errorf("%s: two forms of one value have the tags %s and %s", path, tag, other)
		}
	}
	s.Get("/reader").Status(200).Header("ETag", "")
	s.Post("/json", nil).Status(200).Header("ETag", "")
	if op := app.OpenAPI().Paths["/json"]; op.Get.Responses["304"] == nil || op.Post.Responses["304"] != nil {
		t.Error("the document does not say 304 where it is")
	}
}

// TestN08ATagIsOfOneForm gives each representation of a state a tag of its own (RFC 9110, section 8.8.3), and takes each for a write.
func TestN08ATagIsOfOneForm(t *testing.T) {
	t.Parallel()
	app := notesApp(t)
	app.Codec("application/x-hex", hexCodec())
	s := tenontest.New(t, app)
	hexed := s.With("Accept", "application/x-hex")
	const plain, other = `"7"`, `"7--application/x-hex"`
	s.Get("/note").Status(200).Header("ETag", plain).Header("Vary", "Accept")
	hexed.Get("/note").Status(200).Header("ETag", other).Header("Vary", "Accept")
	hexed.With("If-None-Match", plain).Get("/note").Status(200).Header("ETag", other)
	hexed.With("If-None-Match", plain+", "+other).Get("/note").Status(304).Header("ETag", other).Header("Vary", "Accept")
	s.With("If-None-Match", other).Get("/note").Status(200).Header("ETag", plain)
	hexed.With("If-Match", plain).Get("/note").Status(412)
	s.With("If-Match", `"6--application/x-hex"`).Patch("/note", `{"text":"b"}`).Status(412)
	s.With("If-Match", `"7--application/x-other"`).Patch("/note", `{"text":"b"}`).Status(412)
	s.With("If-Match", other).Patch("/note", `{"text":"b"}`).Status(200).Header("ETag", `"8"`)
	hexed.With("If-Match", `"1", "8--application/x-hex"`).Patch("/note", `{"text":"c"}`).Status(200).Header("ETag", `"9--application/x-hex"`)
}

type noteV1 struct {
	Old string `json:"old"`
}

// TestN08ATagIsOfOneVersion gives what two versions say of one state at one URL two tags, and takes each for a write.
func TestN08ATagIsOfOneVersion(t *testing.T) {
	t.Parallel()
	n := &notes{version: 7, text: "a"}
	type old struct {
		ETag    tenon.ETag `header:"ETag"`
		Changed time.Time  `header:"Last-Modified"`
		Session string     `header:"X-Session"`
		Body    noteV1     `body:""`
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	g := app.Versions("/api", tenon.Versions{By: tenon.ByHeader("Api-Version"), Default: "v1", List: []tenon.Version{
		{Name: "v1"},
		{Name: "v2", Changes: []tenon.VersionChange{{Doc: "The text is called text.", Migrations: []tenon.Migration{
			tenon.Downgrade(func(_ context.Context, a *noteAnswer) (*old, error) {
				return &old{a.ETag, a.Changed, a.Session, noteV1{a.Body.Text}}, nil
			}),
		}}}},
	}})
	g.Get("/note", n.get)
	g.Patch("/note", n.patch)
	s := tenontest.New(t, app)
	v2 := s.With("Api-Version", "v2")
	s.Get("/api/note").Status(200).Header("ETag", `"7--v1"`).JSON(`{"old":"a"}`)
	v2.Get("/api/note").Status(200).Header("ETag", `"7--v2"`).JSON(`{"text":"a"}`)
	v2.With("If-None-Match", `"7--v1"`).Get("/api/note").Status(200)
	v2.With("If-None-Match", `"7--v2"`).Get("/api/note").Status(304)
	v2.With("If-Match", `"7--v1"`).Patch("/api/note", `{"text":"b"}`).Status(200).Header("ETag", `"8--v2"`)
	v2.With("If-Match", `"7--v2"`).Patch("/api/note", `{"text":"b"}`).Status(412)
}

func TestETag(t *testing.T) {
	t.Parallel()
	tag := tenon.NewETag("7")
	if tag.String() != `"7"` || tag.Weak().String() != `W/"7"` || tag != tenon.NewETag("7") || tag == tag.Weak() || (tenon.ETag{}).String() != "" {
		t.Errorf("%s, %s", tag, tag.Weak())
	}
	match := tenon.IfMatch{Match: []tenon.ETag{tag}}
	if err := match.Check(tag); err != nil {
		t.Error(err)
	}
	for _, other := range []tenon.ETag{tag.Weak(), tenon.NewETag("8"), {}} {
		if err := match.Check(other); !errors.Is(err, problem.New(problem.CodePreconditionFailed, "")) {
			t.Errorf("%s: %v", other, err)
		}
	}
}

func TestAnETagOfFreeTextIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/x", func(context.Context, *none) (*struct {
		ETag string `header:"ETag"`
		Body note   `body:""`
	}, error) {
		return nil, nil
	})
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "an ETag is a tenon.ETag") {
		t.Errorf("fault %v", err)
	}
}

// TestDR17W10PartialUpdates tells absent, null and a value apart, at every depth, by either media type.
func TestDR17W10PartialUpdates(t *testing.T) {
	t.Parallel()
	type inner struct {
		City tenon.Opt[tenon.Null[string]] `json:"city"`
	}
	type change struct {
		Name    tenon.Opt[string]                        `json:"name" minLength:"1"`
		Note    tenon.Opt[tenon.Null[string]]            `json:"note"`
		Address tenon.Opt[inner]                         `json:"address"`
		Labels  tenon.Opt[map[string]tenon.Null[string]] `json:"labels"`
		Tags    tenon.Opt[[]string]                      `json:"tags"`
	}
	var got change
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Patch("/x", func(_ context.Context, in *change) (*tenon.NoContent, error) {
		got = *in
		return nil, nil
	})
	app.Patch("/whole", func(context.Context, *note) (*tenon.NoContent, error) { return nil, nil })
	s := tenontest.New(t, app)
	for _, contentType := range []string{"application/json", "application/merge-patch+json", "Application/Merge-Patch+JSON; charset=utf-8"} {
		s := s.With("Content-Type", contentType)
		for _, tt := range []struct {
			body string
			want change
		}{
			{`{}`, change{}},
			{`{"name":"a"}`, change{Name: tenon.Some("a")}},
			{`{"note":null}`, change{Note: tenon.Some(tenon.Null[string]{})}},
			{`{"note":""}`, change{Note: tenon.Some(tenon.NotNull(""))}},
			{`{"address":{}}`, change{Address: tenon.Some(inner{})}},
			{`{"address":{"city":null}}`, change{Address: tenon.Some(inner{tenon.Some(tenon.Null[string]{})})}},
			{`{"labels":{"a":null,"b":"x"}}`, change{Labels: tenon.Some(map[string]tenon.Null[string]{"a": {}, "b": tenon.NotNull("x")})}},
			{`{"tags":[]}`, change{Tags: tenon.Some([]string{})}},
		} {
			got = change{}
			s.Patch("/x", tt.body).Status(204)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s: %+v, want %+v", tt.body, got, tt.want)
			}
		}
		s.Patch("/x", `{"name":null}`).Status(422).Fault("body", "/name", "null")
		s.Patch("/x", `{"name":""}`).Status(422).Fault("body", "/name", "minLength")
		s.Patch("/x", `{"nmae":"a"}`).Status(422).Fault("body", "/nmae", "unknown")
		s.Patch("/x", `[]`).Status(422)
	}
	s.With("Content-Type", "application/merge-patch+json").Patch("/whole", `{"text":"a"}`).Status(415).
		Header("Accept", "application/json").Header("Accept-Patch", "application/json")
	s.With("Content-Type", "application/json-patch+json").Patch("/x", `[]`).Status(415).
		Header("Accept-Patch", "application/json, application/merge-patch+json")
}

// TestAConditionClosesWhatIsNotSent leaves no reader open behind a 304 and a 412.
func TestAConditionClosesWhatIsNotSent(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"If-None-Match": 304, "If-Match": 412} {
		closed := 0
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
		app.Get("/x", func(context.Context, *none) (*struct {
			ETag tenon.ETag    `header:"ETag"`
			Body io.ReadCloser `body:"text/plain"`
		}, error) {
			return &struct {
				ETag tenon.ETag    `header:"ETag"`
				Body io.ReadCloser `body:"text/plain"`
			}{tenon.NewETag("7"), closer(func() { closed++ })}, nil
		})
		tag := map[int]string{304: `"7"`, 412: `"8"`}[want]
		if got := tenontest.New(t, app).With(name, tag).Get("/x").Code; got != want || closed != 1 {
			t.Errorf("%d, closed %d times", got, closed)
		}
	}
}

type closer func()

func (closer) Read([]byte) (int, error) { return 0, io.EOF }

func (c closer) Close() error {
	c()
	return nil
}
