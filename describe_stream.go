package tenon

import (
	"strconv"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/schema"
)

// stream describes a body of items as the array of them, which is what OpenAPI 3.2 says a schema of such a media type means
// and tools for 3.1 can show.
func (d *description) stream(s *reply.Stream) *schema.Schema {
	if s.Events() {
		return &schema.Schema{
			Types: []string{"array"}, Items: &schema.Schema{AnyOf: []*schema.Schema{d.event(s), d.problemEvent()}},
			Description: "Server-Sent Events, one after the other: no JSON array.",
		}
	}
	return &schema.Schema{
		Types: []string{"array"}, Items: d.set.Of(s.Item.Go, schema.Output),
		Description: "One JSON value on each line, one after the other: no JSON array.",
	}
}

// event describes an event by the fields that it has on the wire.
func (d *description) event(s *reply.Stream) *schema.Schema {
	data := text("")
	if !s.Plain {
		data = d.jsonText(d.set.Of(s.Item.Go, schema.Output))
	}
	event := &schema.Schema{Types: []string{"object"}, Required: []string{"data"}, Properties: []schema.Named{{Name: "data", Schema: data}}}
	if s.Named {
		event.Properties = append([]schema.Named{
			{Name: "event", Schema: described(text(""), "The name of the event; none is a message.")},
			{Name: "id", Schema: described(text(""), "What to send as Last-Event-ID to go on after this event.")},
			{Name: "retry", Schema: &schema.Schema{Types: []string{"integer"}, Minimum: "0", Description: "Milliseconds to wait before connecting again."}},
		}, event.Properties...)
	}
	return event
}

// problemEvent describes the event that ends a stream which failed.
func (d *description) problemEvent() *schema.Schema {
	return d.set.Define("ProblemEvent", &schema.Schema{
		Types: []string{"object"}, Title: "Problem event", Description: "The last event of a stream that failed.", Required: []string{"event", "data"},
		Properties: []schema.Named{
			{Name: "event", Schema: &schema.Schema{Types: []string{"string"}, Const: rawJSON(strconv.Quote(reply.ProblemEvent))}},
			{Name: "data", Schema: d.jsonText(d.spec)},
		},
	})
}

// jsonText is a string that holds JSON.
func (d *description) jsonText(content *schema.Schema) *schema.Schema {
	return &schema.Schema{Types: []string{"string"}, ContentMediaType: jsonType, ContentSchema: content}
}
