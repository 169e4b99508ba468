package tenontest_test

import (
	"context"
	"encoding/json/jsontext"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/schema"
	"github.com/tenon-go/tenon/tenontest"
)

type itemEvents struct {
	Body iter.Seq2[tenon.Event[item], error] `body:"text/event-stream"`
}

// streaming answers GET /events with three events, and waits for its client to leave.
func streaming(tb testing.TB) *tenon.App {
	app := newApp(tb)
	app.Get("/events", func(ctx context.Context, _ *struct{}) (*itemEvents, error) {
		return &itemEvents{func(yield func(tenon.Event[item], error) bool) {
			for i := range int64(3) {
				if !yield(tenon.Event[item]{Name: "item", ID: "a", Retry: time.Second, Data: item{ID: i, Name: "Ada"}}, nil) {
					return
				}
			}
			<-ctx.Done()
		}}, nil
	})
	return app
}

func TestOpenReadsAStreamWhileItComes(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, streaming(t)).Open("/events")
	s.Status(200).Header("Content-Type", "text/event-stream")
	for i := range 3 {
		want := tenontest.Event{Name: "item", ID: "a", Retry: time.Second, Data: `{"id":` + string(rune('0'+i)) + `,"name":"Ada"}`}
		if got := s.Next(); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	s.Close()
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	got := failures(t, func(f *fake) { tenontest.New(f, streaming(f)).Open("/items/1") })
	if len(got) != 2 || !strings.Contains(got[0], `Content-Type is "application/json"`) || got[1] != "ended" {
		t.Errorf("%q, want the Content-Type, and the end of the test", got)
	}
	expect(t, func(f *fake) {
		s := tenontest.New(f, streaming(f)).Open("/events")
		s.Ended()
		s.Close()
	}, "the stream goes on")
}

// TestItemsAreChecked sends bodies that are not what the document says of a stream.
func TestItemsAreChecked(t *testing.T) {
	t.Parallel()
	list := &schema.Schema{Types: []string{"array"}, Items: types("integer")}
	event := &schema.Schema{Types: []string{"array"}, Items: &schema.Schema{
		Required: []string{"id"}, Properties: []schema.Named{
			{Name: "event", Schema: &schema.Schema{Const: jsontext.Value(`"tick"`)}},
			{Name: "data", Schema: &schema.Schema{ContentMediaType: "application/json", ContentSchema: types("integer")}},
		},
	}}
	for _, tt := range []struct {
		name, media, body string
		schema            *schema.Schema
		want              []string
	}{
		{"lines", "application/x-ndjson", "1\n2\n", list, nil},
		{"no lines", "application/jsonl", "", list, nil},
		{"a line of another type", "application/x-ndjson", "1\n\"a\"\n", list, []string{"/1: ", "is not of type"}},
		{"a line that is no JSON", "application/x-ndjson", "1\nx\n", list, []string{"line 2"}},
		{"a line without its end", "application/x-ndjson", "1\n2", list, []string{"line 2 does not end"}},
		{"events", "text/event-stream", ": hi\nevent: tick\nid: 1\ndata: 1\n\n:\n\nid: 2\ndata: 2\n\n", event, nil},
		{"an event without an id", "text/event-stream", "id: 1\ndata: 1\n\ndata: 2\n\n", event, []string{"/1/id: absent"}},
		{"data of another type", "text/event-stream", "id: 1\ndata: \"a\"\n\n", event, []string{"/0/data: ", "is not of type"}},
		{"data that is no JSON", "text/event-stream", "id: 1\ndata: a\n\n", event, []string{"/0/data: ", "is not the JSON"}},
		{"a field of no event", "text/event-stream", "id: 1\ntada: 1\n\n", event, []string{"is no field of an event"}},
		{"a retry that is no number", "text/event-stream", "retry: soon\n\n", event, []string{"want milliseconds"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := described(t, tt.body, &openapi.Response{Description: "d", Content: map[string]*openapi.MediaType{tt.media: {Schema: tt.schema}}}, tt.media)
			expect(t, func(f *fake) { tenontest.New(f, app).Get("/any") }, tt.want...)
		})
	}
}

func TestEventsOfABody(t *testing.T) {
	t.Parallel()
	const body = "data: a\ndata: b\n\nevent: x\n\n:\ndata:c\n\ndata: unfinished\n"
	app := described(t, body, &openapi.Response{Description: "d", Content: map[string]*openapi.MediaType{"text/event-stream": {}}}, "text/event-stream")
	events := tenontest.New(t, app).Get("/any").Events()
	var all []string
	for _, e := range events {
		all = append(all, e.Name+"|"+e.Data)
	}
	if got := strings.Join(all, ";"); got != "|a\nb;|c" {
		t.Errorf("%q", got)
	}
}
