package tenon

import (
	"maps"
	"net/http"
	"net/textproto"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// IfMatch is embedded in the input of a write that must not overwrite what its caller has not seen. A request without If-Match
// is answered with 428 before anything of it is read; the handler reads the current state and calls Check before it changes
// it, in one transaction.
type IfMatch struct {
	// Match holds the tags of the states that the caller knows; one of them must be the current one.
	Match []ETag `header:"If-Match" minItems:"1" maxItems:"16" doc:"The ETag that a GET of the resource answered with; * is any."`
}

// Check is nil when the current state is one that the caller knows, and otherwise the problem 412 to return. The zero value says
// that there is no current state, so not even * matches it (RFC 9110, section 13.1.1).
func (m IfMatch) Check(current ETag) error {
	for _, t := range m.Match {
		if current != (ETag{}) && t.tag.MatchesStrongly(current.tag) {
			return nil
		}
	}
	return message.Problem(message.Changed)
}

// IfNoneMatch is embedded in the input of a write that creates what must not be there yet, such as a PUT to a name that the client
// chose. A request without If-None-Match is answered with 428 before anything of it is read; the handler looks for what is there and
// calls Check before it writes, in one transaction.
type IfNoneMatch struct {
	// NoneMatch holds the tags of the states that the resource must not be in; * is any, so that there must be none.
	NoneMatch []ETag `header:"If-None-Match" minItems:"1" maxItems:"16" doc:"States that it must not be in; * is any, so that it must not exist."`
}

// Check is nil when the current state is none of those that the caller rules out, and otherwise the problem 412 to return. The zero
// value says that there is no current state, so not even * matches it (RFC 9110, section 13.1.2).
func (m IfNoneMatch) Check(current ETag) error {
	for _, t := range m.NoneMatch {
		if current != (ETag{}) && t.tag.MatchesWeakly(current.tag) {
			return message.Problem(message.Exists)
		}
	}
	return nil
}

// Precondition is embedded in the input of a write that creates or changes: a PUT that sends If-None-Match: * creates what is not
// there, and one that sends If-Match changes what its caller has seen. A request with neither is answered with 428 before anything of
// it is read; the handler reads the current state and calls Check before it writes, in one transaction.
type Precondition struct {
	// Match is what IfMatch holds; it may be absent.
	Match Opt[[]ETag] `header:"If-Match" minItems:"1" maxItems:"16" doc:"The ETag that a GET of it answered with; * is any. Or send If-None-Match."`
	// NoneMatch is what IfNoneMatch holds; it may be absent.
	NoneMatch Opt[[]ETag] `header:"If-None-Match" minItems:"1" maxItems:"16" doc:"States that it must not be in; * is any, so that it must not exist."`
}

// Check is nil when the current state is one that the caller wants, and otherwise the problem 412 to return. The zero value says
// that there is no current state.
func (p Precondition) Check(current ETag) error {
	if p.Match.Set {
		if err := (IfMatch{p.Match.Value}).Check(current); err != nil {
			return err
		}
	}
	return IfNoneMatch{p.NoneMatch.Value}.Check(current)
}

// condition is what an input demands of the conditions of a request.
type condition struct {
	name   string        // of the type that says it
	fields []string      // header fields, one of which is needed
	detail *problem.Text // of the problem 428
}

func (c condition) said(h http.Header) bool {
	return slices.ContainsFunc(c.fields, func(name string) bool { return len(h[name]) > 0 })
}

// stated is a request whose preconditions name states: what codecs and versions add to the tags of their answers is taken off. Any other is
// r itself.
func (a *App) stated(r *http.Request, p *plan) *http.Request {
	stated := r
	for _, name := range [...]string{"If-Match", "If-None-Match"} {
		if r.Header[name] == nil {
			continue
		}
		if stated == r {
			c := *r
			c.Header = maps.Clone(r.Header)
			stated = &c
		}
		for _, c := range a.codecs {
			stated.Header[name] = reply.Stated(stated.Header[name], c.media)
		}
		if p.version != nil {
			for _, v := range p.version.of.list {
				stated.Header[name] = reply.Stated(stated.Header[name], v.Name)
			}
		}
	}
	return stated
}

// condition notes what a header field of an input demands.
func (p *plan) condition(in *shape.Type, f *shape.Field) {
	if f.Source != tag.Header {
		return
	}
	name := textproto.CanonicalMIMEHeaderKey(f.Name)
	p.tagged = p.tagged || name == "If-Match" || name == "If-None-Match"
	if n := len(f.Index) - 1; n > 0 && in.Go.FieldByIndex(f.Index[:n]).Type == reflect.TypeFor[Precondition]() {
		if name == "If-Match" {
			p.conditions = append(p.conditions, condition{"Precondition", []string{"If-Match", "If-None-Match"},
				message.SendCondition})
		}
		return
	}
	if !f.Required || f.Type.Go != reflect.TypeFor[[]ETag]() {
		return
	}
	switch name {
	case "If-Match":
		p.conditions = append(p.conditions, condition{"IfMatch", []string{name}, message.SendIfMatch})
	case "If-None-Match":
		p.conditions = append(p.conditions, condition{"IfNoneMatch", []string{name}, message.SendIfNoneMatch})
	}
}
