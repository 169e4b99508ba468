package tenon_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// source reads a stream of events as the specification says a browser does (WHATWG HTML, section 9.2.6), independently of the
// test kit.
type source struct {
	lastID string
	retry  string
}

type message struct{ name, data, lastID string }

// line ends are CRLF, LF or CR.
func splitLine(data []byte, atEOF bool) (int, []byte, error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 || data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i:i], nil
	}
	return i + 1, data[:i:i], nil
}

func (s *source) read(stream string) []message {
	var all []message
	var name string
	var data strings.Builder
	lines := bufio.NewScanner(strings.NewReader(stream))
	lines.Split(splitLine)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case lines.Text() == "":
			if data.Len() > 0 {
				all = append(all, message{name, strings.TrimSuffix(data.String(), "\n"), s.lastID})
			}
			data.Reset()
			name = ""
		case field == "event":
			name = value
		case field == "data":
			data.WriteString(value + "\n")
		case field == "id" && !strings.Contains(value, "\x00"):
			s.lastID = value
		case field == "retry":
			s.retry = value
		}
	}
	return all
}

type events[T any] struct {
	Body iter.Seq2[T, error] `body:"text/event-stream"`
}

// eventsOf answers GET /events with items, and then the error.
func eventsOf[T any](err error, items ...T) (*tenon.App, *buffer) {
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/events", func(context.Context, *none) (*events[T], error) {
		return &events[T]{func(yield func(T, error) bool) {
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if err != nil {
				var none T
				yield(none, err)
			}
		}}, nil
	}, tenon.Fails(errTicks))
	return app, log
}

type said = tenon.Event[string]

func TestFA20EventsAreReadAsTheyWereMade(t *testing.T) {
	t.Parallel()
	app := func(app *tenon.App, _ *buffer) *tenon.App { return app }
	for _, tt := range []struct {
		name string
		app  *tenon.App
		raw  string
		want []message
	}{
		{"items as JSON", app(eventsOf(nil, tick{N: 1}, tick{2, "a\nb"})), "data: {\"n\":1}\n\ndata: {\"n\":2,\"text\":\"a\\nb\"}\n\n",
			[]message{{"", `{"n":1}`, ""}, {"", `{"n":2,"text":"a\nb"}`, ""}}},
		{"texts as they are", app(eventsOf(nil, "a", " b ", "", "ü💡:\x00")), "data: a\n\ndata:  b \n\ndata: \n\ndata: ü💡:\x00\n\n",
			[]message{{"", "a", ""}, {"", " b ", ""}, {"", "", ""}, {"", "ü💡:\x00", ""}}},
		{"texts of several lines", app(eventsOf(nil, "a\nb\r\nc\rd", "\n", "\r\n\n", "x\n\nid: 7")),
			"data: a\ndata: b\ndata: c\ndata: d\n\ndata: \ndata: \n\ndata: \ndata: \ndata: \n\ndata: x\ndata: \ndata: id: 7\n\n",
			[]message{{"", "a\nb\nc\nd", ""}, {"", "\n", ""}, {"", "\n\n", ""}, {"", "x\n\nid: 7", ""}}},
		{"numbers", app(eventsOf(nil, 1, 2)), "data: 1\n\ndata: 2\n\n", []message{{"", "1", ""}, {"", "2", ""}}},
		{"all that an event can say", app(eventsOf(nil, tenon.Event[tick]{Name: "tick", ID: "7", Retry: 1500 * time.Millisecond, Comment: "a\nb", Data: tick{N: 1}})),
			": a\n: b\nevent: tick\nid: 7\nretry: 1500\ndata: {\"n\":1}\n\n", []message{{"tick", `{"n":1}`, "7"}}},
		{"an id until the next", app(eventsOf(nil, said{ID: " 1", Data: "a"}, said{Data: "b"}, said{ID: "2:x", Data: "c"})),
			"id:  1\ndata: a\n\ndata: b\n\nid: 2:x\ndata: c\n\n", []message{{"", "a", " 1"}, {"", "b", " 1"}, {"", "c", "2:x"}}},
		{"the shortest time to retry", app(eventsOf(nil, said{Retry: time.Nanosecond})), "retry: 1\ndata: \n\n", []message{{"", "", ""}}},
		{"a comment that tries to be an event", app(eventsOf(nil, said{Comment: "\n\ndata: x\r\n", Data: "a"})), ": \n: \n: data: x\n: \ndata: a\n\n",
			[]message{{"", "a", ""}}},
		{"nothing", app(eventsOf[tick](nil)), "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := serve(t, tt.app, "GET", "/events")
			if w.Body.String() != tt.raw {
				t.Errorf("%q, want %q", w.Body, tt.raw)
			}
			if got := new(source).read(w.Body.String()); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("read as %q, want %q", got, tt.want)
			}
			for name, want := range map[string]string{
				"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Length": "",
			} {
				if got := w.Header().Get(name); got != want || w.Code != 200 {
					t.Errorf("%d, %s is %q, want %q", w.Code, name, got, want)
				}
			}
		})
	}
}

func TestFA20EventsThatCannotBeSentEndTheStream(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]said{
		"LF in a name": {Name: "a\nb"}, "CR in a name": {Name: "a\rdata: x"}, "LF in an id": {ID: "a\nb"}, "CR in an id": {ID: "a\r"},
		"NUL in an id": {ID: "a\x00"}, "a retry before now": {Retry: -1}, "a name that is not UTF-8": {Name: "\xff"},
		"an id that is not UTF-8": {ID: "\xff"}, "a comment that is not UTF-8": {Comment: "\xff"}, "data that is not UTF-8": {Data: "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app, log := eventsOf(nil, said{Data: "good"}, bad, said{Data: "never"})
			got := new(source).read(serve(t, app, "GET", "/events").Body.String())
			if len(got) != 2 || got[0].data != "good" || got[1].name != "problem" || !strings.Contains(got[1].data, `"code":"internal"`) {
				t.Errorf("%q", got)
			}
			if !strings.Contains(log.String(), "stream failed") {
				t.Errorf("log %s", log)
			}
			app, _ = eventsOf(nil, bad)
			if w := serve(t, app, "GET", "/events"); w.Code != 500 {
				t.Errorf("as the first event: %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestFA20Failures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		err   error
		items []string
		code  int
		last  string
		log   string
	}{
		{"a problem before the first event", errTicks, nil, 409, "", ""},
		{"an error before the first event", io.ErrNoProgress, nil, 500, "", "internal error"},
		{"a problem after an event", errTicks.With("Later."), []string{"a"}, 200, `"detail":"Later."`, "stream failed"},
		{"an error after an event, of which the client learns nothing", io.ErrNoProgress, []string{"a"}, 200, `"code":"internal"`, io.ErrNoProgress.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, log := eventsOf(tt.err, tt.items...)
			w := serve(t, app, "GET", "/events")
			if w.Code != tt.code || !strings.Contains(log.String(), tt.log) {
				t.Errorf("%d %s, log %s", w.Code, w.Body, log)
			}
			if tt.code != 200 {
				if w.Header().Get("X-Accel-Buffering") != "" || w.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("a problem with the header of a stream: %v", w.Header())
				}
				return
			}
			got := new(source).read(w.Body.String())
			if len(got) != 2 || got[1].name != "problem" || !strings.Contains(got[1].data, tt.last) || strings.Contains(w.Body.String(), io.ErrNoProgress.Error()) {
				t.Errorf("%s", w.Body)
			}
		})
	}
}

func TestFA20APanicCutsTheStream(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	app := tenon.New(tenon.Config{Logger: logTo(log)})
	app.Get("/events", func(context.Context, *none) (*events[int], error) {
		return &events[int]{func(yield func(int, error) bool) {
			yield(1, nil)
			panic("boom")
		}}, nil
	})
	res, err := httptest.NewTestServer(t, app).Client().Get("http://example.com/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil || string(body) != "data: 1\n\n" {
		t.Errorf("%q, %v", body, err)
	}
	if !strings.Contains(log.String(), "boom") {
		t.Errorf("log %s", log)
	}
}

// TestFA20KeepAlive runs a stream that has nothing to say for a while.
func TestFA20KeepAlive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		news := make(chan string)
		app := tenon.New(tenon.Config{})
		app.Get("/events", func(ctx context.Context, _ *none) (*events[string], error) {
			return &events[string]{func(yield func(string, error) bool) {
				for {
					select {
					case <-ctx.Done():
						return
					case text := <-news:
						if !yield(text, nil) {
							return
						}
					}
				}
			}}, nil
		})
		start := time.Now()
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://example.com/events", nil)
		res, err := httptest.NewTestServer(t, app).Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		at := func(name string, want time.Duration) {
			t.Helper()
			if got := time.Since(start); got != want {
				t.Errorf("%s after %v, want %v", name, got, want)
			}
		}
		at("the header", 200*time.Millisecond)
		lines := bufio.NewReader(res.Body)
		read := func(want string) {
			t.Helper()
			for part := range strings.Lines(want) {
				if got, err := lines.ReadString('\n'); err != nil || got != part {
					t.Errorf("%q, %v, want %q", got, err, part)
				}
			}
		}
		read(":\n\n")
		at("the comment that opens the stream", 200*time.Millisecond)
		read(":\n\n")
		at("the next comment", 15200*time.Millisecond)
		time.Sleep(10 * time.Second) //nolint:forbidigo // in the time of the test
		news <- "hi"
		read("data: hi\n\n")
		at("the event", 25200*time.Millisecond)
		read(":\n\n:\n\n:\n\n:\n\n:\n\n:\n\n")
		at("comments after the event", 115200*time.Millisecond)
	})
}

func TestFA20LastEventIDIsAnOrdinaryInput(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/events", func(_ context.Context, in *struct {
		Last int `header:"Last-Event-ID" default:"0"`
	}) (*events[tenon.Event[int]], error) {
		return &events[tenon.Event[int]]{func(yield func(tenon.Event[int], error) bool) {
			for n := in.Last + 1; n <= 3; n++ {
				if !yield(tenon.Event[int]{ID: string(rune('0' + n)), Data: n}, nil) {
					return
				}
			}
		}}, nil
	})
	s := tenontest.New(t, app)
	if got := s.Get("/events").Status(200).Events(); len(got) != 3 || got[2].ID != "3" || got[2].Data != "3" {
		t.Errorf("%+v", got)
	}
	s.With("Last-Event-ID", "2").Get("/events").Status(200).JSON(`[{"id":"3","data":"3"}]`)
	s.With("Last-Event-ID", "x").Get("/events").Status(422).Fault("header", "/Last-Event-ID", "type")
	stream := s.Open("/events")
	if e := stream.Next(); e != (tenontest.Event{ID: "1", Data: "1"}) {
		t.Errorf("%+v", e)
	}
	stream.Next()
	stream.Next()
	stream.Ended()
}

func TestFA20AnOutputSaysMore(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/events", func(context.Context, *none) (*struct {
		Cache string                `header:"Cache-Control"`
		Topic string                `header:"X-Topic"`
		Body  iter.Seq2[int, error] `body:"text/event-stream"`
	}, error,
	) {
		return &struct {
			Cache string                `header:"Cache-Control"`
			Topic string                `header:"X-Topic"`
			Body  iter.Seq2[int, error] `body:"text/event-stream"`
		}{"no-store, no-transform", "a", func(func(int, error) bool) {}}, nil
	})
	w := serve(t, app, "GET", "/events")
	if w.Header().Get("Cache-Control") != "no-store, no-transform" || w.Header().Get("X-Topic") != "a" {
		t.Errorf("%v", w.Header())
	}
}

func TestFA20TheDocumentDescribesEvents(t *testing.T) {
	t.Parallel()
	const problem = `{"$ref":"#/components/schemas/ProblemEvent"}`
	for _, tt := range []struct {
		name string
		app  func() (*tenon.App, *buffer)
		want string
	}{
		{"named ones", func() (*tenon.App, *buffer) { return eventsOf[tenon.Event[tick]](nil) }, `{"type":"object","required":["data"],"properties":{
			"event":{"type":"string","description":"The name of the event; none is a message."},
			"id":{"type":"string","description":"What to send as Last-Event-ID to go on after this event."},
			"retry":{"type":"integer","minimum":0,"description":"Milliseconds to wait before connecting again."},
			"data":{"type":"string","contentMediaType":"application/json","contentSchema":{"$ref":"#/components/schemas/Tick"}}}}`},
		{"plain ones", func() (*tenon.App, *buffer) { return eventsOf[int8](nil) }, `{"type":"object","required":["data"],"properties":{
			"data":{"type":"string","contentMediaType":"application/json","contentSchema":{"type":"integer","format":"int32","minimum":-128,"maximum":127}}}}`},
		{"texts", func() (*tenon.App, *buffer) { return eventsOf[string](nil) }, `{"type":"object","required":["data"],"properties":{"data":{"type":"string"}}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app, _ := tt.app()
			s := tenontest.New(t, app)
			s.Get("/openapi.json").At("/paths/~1events/get/responses/200/content/text~1event-stream/schema",
				`{"type":"array","description":"Server-Sent Events, one after the other: no JSON array.","items":{"anyOf":[`+tt.want+`,`+problem+`]}}`).
				At("/components/schemas/ProblemEvent", `{"type":"object","title":"Problem event","description":"The last event of a stream that failed.",
				"required":["event","data"],"properties":{"event":{"type":"string","const":"problem"},
				"data":{"type":"string","contentMediaType":"application/json","contentSchema":{"$ref":"#/components/schemas/Problem"}}}}`)
		})
	}
}

// FuzzEvent holds whatever an event says against what a client reads: the same, or nothing of it.
func FuzzEvent(f *testing.F) {
	f.Add("tick", "7", "hello", "world", int64(1))
	f.Add("", "", "\r\n\r\n", "a\rb\nc\r\nd", int64(0))
	f.Add("data", "a\x00", "\u2028", "data: x\n\nid: 9", int64(-1))
	var first said
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})})
	app.Get("/events", func(context.Context, *none) (*events[said], error) {
		return &events[said]{func(yield func(said, error) bool) { _ = yield(first, nil) && yield(said{Data: "next"}, nil) }}, nil
	})
	f.Fuzz(func(t *testing.T, name, id, comment, data string, retry int64) {
		first = said{name, id, time.Duration(retry), comment, data}
		w := serve(t, app, "GET", "/events")
		if w.Code == 500 {
			return
		}
		got := new(source).read(w.Body.String())
		text := strings.ReplaceAll(strings.ReplaceAll(data, "\r\n", "\n"), "\r", "\n")
		if len(got) != 2 || got[0] != (message{name, text, id}) || got[1] != (message{"", "next", id}) {
			t.Errorf("%q read as %q", w.Body, got)
		}
	})
}

func TestFA20AStreamMayBeOneOfSeveralOutcomes(t *testing.T) {
	t.Parallel()
	type outcomes struct {
		Trace string       `header:"X-Trace"`
		Done  *found       `status:"200"`
		Live  *events[int] `status:"202"`
	}
	app := tenon.New(tenon.Config{Logger: logTo(&buffer{})}, tenon.BeforeAuth(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Vary", "Origin")
			next.ServeHTTP(w, r)
		})
	}))
	app.Get("/job/{id}", func(_ context.Context, in *struct {
		ID int `path:"id"`
	}) (*outcomes, error) {
		switch in.ID {
		case 1:
			return &outcomes{Trace: "a", Done: &found{Route: "done"}}, nil
		case 2:
			return &outcomes{Trace: "b", Live: &events[int]{func(yield func(int, error) bool) { yield(1, nil) }}}, nil
		}
		return &outcomes{Trace: "c", Live: &events[int]{func(yield func(int, error) bool) { yield(0, io.ErrNoProgress) }}}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/job/1").Status(200).Header("X-Trace", "a").Header("Vary", "Origin").At("/route", `"done"`)
	s.Get("/job/2").Status(202).Header("X-Trace", "b").Header("Vary", "Origin").JSON(`[{"data":"1"}]`)
	s.Get("/job/3").Status(500).Header("X-Trace", "").Header("Vary", "Origin").Problem("internal")
	s.With("Accept", "text/html").Get("/job/1").Status(406)
}
