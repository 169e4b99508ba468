package tenontest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The media types whose schema is that of an array, the items of which come one after the other.
const eventStream = "text/event-stream"

func linesMedia(media string) bool {
	return media == "application/x-ndjson" || media == "application/jsonl"
}

// sequence reads the items of a stream as an array: lines as they are, events as objects of the fields that they have.
func sequence(media string, body []byte) (*node, error) {
	all := &node{kind: jsontext.KindBeginArray}
	if media == eventStream {
		r := newEventReader(bytes.NewReader(body))
		for {
			e, err := r.next()
			if errors.Is(err, io.EOF) {
				return all, nil
			}
			if err != nil {
				return nil, err
			}
			all.items = append(all.items, e.node())
		}
	}
	for line := range bytes.Lines(body) {
		item, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(all.items)+1, err)
		}
		if !bytes.HasSuffix(line, []byte("\n")) {
			return nil, fmt.Errorf("line %d does not end", len(all.items)+1)
		}
		all.items = append(all.items, item)
	}
	return all, nil
}

// Event is one of Server-Sent Events as a client reads it (WHATWG HTML, section 9.2.6).
type Event struct {
	// Name is the kind of the event; "" is a message.
	Name string
	// ID is the id of the event itself; "" when it has none.
	ID string
	// Retry is how long to wait before connecting again; 0 when the event does not say.
	Retry time.Duration
	// Data is the text of the event, its lines joined by LF.
	Data string
}

// node is the event as the document describes it.
func (e Event) node() *node {
	n := &node{kind: jsontext.KindBeginObject, members: map[string]*node{}}
	add := func(name string, kind jsontext.Kind, text string) {
		n.names = append(n.names, name)
		n.members[name] = &node{kind: kind, text: text}
	}
	if e.Name != "" {
		add("event", jsontext.KindString, e.Name)
	}
	if e.ID != "" {
		add("id", jsontext.KindString, e.ID)
	}
	if e.Retry != 0 {
		add("retry", jsontext.KindNumber, strconv.FormatInt(e.Retry.Milliseconds(), 10))
	}
	add("data", jsontext.KindString, e.Data)
	return n
}

// Events reads the whole body as Server-Sent Events. Comments are passed over.
func (r *Response) Events() []Event {
	r.tb.Helper()
	var events []Event
	for reader := newEventReader(bytes.NewReader(r.Body)); ; {
		e, err := reader.next()
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			r.fail("the events cannot be read: %v", err)
			return events
		}
		events = append(events, e)
	}
}

// Stream is an answer of Server-Sent Events that is read while it comes. Use it in the goroutine of the test.
type Stream struct {
	// Response is the answer so far: its Body stays empty.
	*Response

	reader   *eventReader
	document *node
	items    *node // the schema of an event; nil when nothing is checked
	leave    context.CancelFunc
}

// Open sends a GET for a stream of events. The client leaves by Close, or when the test ends.
func (s *Server) Open(target string) *Stream {
	s.tb.Helper()
	ctx, leave := context.WithCancel(s.tb.Context())
	s.tb.Cleanup(leave)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://example.com/", http.NoBody)
	if err != nil {
		s.tb.Fatal(err)
	}
	r.URL = targetURL(target)
	answer, id, err := s.exchange(r)
	if err != nil {
		s.broken(r.Method, target, err)
		s.tb.FailNow()
	}
	s.tb.Cleanup(func() { _ = answer.Body.Close() })
	if media := answer.Header.Get("Content-Type"); media != eventStream {
		text, _ := io.ReadAll(answer.Body)
		s.received(r, answer, text, s.match(id)).fail("Content-Type is %q, want %q", media, eventStream)
		s.tb.FailNow()
	}
	m := s.match(id)
	got := &Stream{Response: s.received(r, answer, nil, m), reader: newEventReader(answer.Body), leave: leave}
	if contract := s.contracts[m.version]; contract != nil {
		got.document = contract.document
		operation := contract.operation(m.pattern, r.Method)
		got.items = responseOf(operation.member("responses"), answer.StatusCode).at("/content/text~1event-stream/schema/items")
	}
	return got
}

// Next waits for the next event. The test ends at once when the stream has ended, or sends nothing for ten seconds.
func (s *Stream) Next() Event {
	s.tb.Helper()
	impatient := time.AfterFunc(10*time.Second, s.leave)
	defer impatient.Stop()
	e, err := s.reader.next()
	if err != nil {
		s.tb.Fatalf("%s: no event: %v", s.request, err)
	}
	if s.items != nil {
		c := checker{document: s.document}
		c.check("", s.items, e.node())
		if len(c.lines) > 0 {
			s.fail("event %+v is not what the OpenAPI document says:\n%s", e, indent(strings.Join(c.lines, "\n")))
		}
	}
	return e
}

// Ended checks that the server ends the stream without another event.
func (s *Stream) Ended() {
	s.tb.Helper()
	impatient := time.AfterFunc(10*time.Second, s.leave)
	defer impatient.Stop()
	if e, err := s.reader.next(); !errors.Is(err, io.EOF) {
		s.fail("the stream goes on with %+v, %v", e, err)
	}
}

// Close leaves the stream, as a client does that is closed.
func (s *Stream) Close() { s.leave() }

// eventReader reads events (WHATWG HTML, section 9.2.6), whose lines end in LF.
type eventReader struct{ r *bufio.Reader }

func newEventReader(r io.Reader) *eventReader { return &eventReader{bufio.NewReader(r)} }

// next returns the next event that has data; io.EOF is the end of the stream, after which what was begun is dropped.
func (r *eventReader) next() (Event, error) {
	var e Event
	var data []string
	for {
		line, err := r.r.ReadString('\n')
		if err != nil {
			return Event{}, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			e.Name = value
		case "id":
			e.ID = value
		case "retry":
			milliseconds, err := strconv.ParseInt(value, 10, 32)
			if err != nil {
				return Event{}, fmt.Errorf("retry is %q, want milliseconds", value)
			}
			e.Retry = time.Duration(milliseconds) * time.Millisecond
		case "data":
			data = append(data, value)
		case "":
			if line == "\n" && data != nil {
				e.Data = strings.Join(data, "\n")
				return e, nil
			}
			if line == "\n" {
				e = Event{}
			}
		default:
			return Event{}, fmt.Errorf("the line %q is no field of an event", line)
		}
	}
}
