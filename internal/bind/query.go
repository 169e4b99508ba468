package bind

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// bindQuery reads the raw query. It is read whole even when nothing is taken from it: what cannot be read is never ignored.
func (p *Plan) bindQuery(b *binding, raw string) error {
	var c counts
	seen := p.query.count(&c)
	q := query{raw: raw}
	var elsewhere []int // those that came
	for n := 0; q.next(); n++ {
		if n == p.limits.QueryPairs {
			return message.Unreadable(message.QuerySyntax, "query", message.Pairs.With(p.limits.QueryPairs))
		}
		found, err := p.query.pair(b, seen, &q)
		if err != nil {
			return err
		}
		if found {
			continue
		}
		i := slices.Index(p.Elsewhere, q.name)
		switch {
		case i >= 0 && slices.Contains(elsewhere, i):
			once(b.f, q.name, message.Duplicate.With())
		case i >= 0:
			elsewhere = append(elsewhere, i)
		case !p.AllowUnknownQuery:
			unknown(b.f, q.name, message.UnknownParameter)
		}
	}
	if q.fault != nil {
		return message.Unreadable(message.QuerySyntax, "query", q.fault.With(q.at))
	}
	return p.query.finish(b, seen)
}

// Find returns the first value of a query parameter; ok is false where there is none before what cannot be read.
func Find(raw, name string) (value string, ok bool) {
	for q := (query{raw: raw}); q.next(); {
		if q.name == name {
			return q.value, true
		}
	}
	return "", false
}

// unknown notes a name that no field has, once.
func unknown(f *validate.Faults, name string, says *problem.Text) {
	once(f, validate.Clip(name), says.With())
}

// once notes a fault at a name unless it has one.
func once(f *validate.Faults, name string, fault problem.Fault) {
	pointer := f.Pointer() + "/" + problem.EscapeToken(name)
	for i := range f.List {
		if have := &f.List[i]; have.In == f.In && have.Pointer == pointer {
			return
		}
	}
	f.AddAt(name, fault)
}

// query walks the pairs of a query string in the form of application/x-www-form-urlencoded. It is stricter than net/url: besides a
// bad escape and a semicolon it refuses what does not decode to UTF-8.
type query struct {
	raw string
	pos int

	name, value string        // of the current pair, decoded
	asSent      string        // the value, as it stands in raw
	fault       *problem.Text // what ended the walk early
	at          int           // where, a byte offset in raw
}

// next steps to the next pair; empty ones between ampersands are passed over.
func (q *query) next() bool {
	for q.pos < len(q.raw) && q.raw[q.pos] == '&' {
		q.pos++
	}
	if q.pos == len(q.raw) {
		return false
	}
	start, end := q.pos, len(q.raw)
	if i := strings.IndexByte(q.raw[start:], '&'); i >= 0 {
		end = start + i
	}
	q.pos = end
	middle, tail := end, end
	if i := strings.IndexByte(q.raw[start:end], '='); i >= 0 {
		middle, tail = start+i, start+i+1
	}
	var ok bool
	if q.name, ok = q.decode(start, middle); !ok {
		return false
	}
	q.asSent = q.raw[tail:end]
	q.value, ok = q.decode(tail, end)
	return ok
}

// decode reads raw[from:to]. Without escapes the text is a part of raw, so it costs nothing.
func (q *query) decode(from, to int) (string, bool) {
	s := q.raw[from:to]
	escapes, plain := 0, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !ascii.IsHex(s[i+1]) || !ascii.IsHex(s[i+2]) {
				return q.stop(message.PairEscape, from+i)
			}
			escapes++
			i += 2
		case c == '+':
			escapes++
		case c == ';':
			return q.stop(message.PairSemicolon, from+i)
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	if escapes > 0 {
		s, plain = unescape(s), false
	}
	if !plain && !utf8.ValidString(s) {
		return q.stop(message.PairNotUTF8, from)
	}
	return s, true
}

func (q *query) stop(fault *problem.Text, at int) (string, bool) {
	q.fault, q.at = fault, at
	return "", false
}

// unescape decodes text whose escapes are known to be good.
func unescape(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			b = append(b, ascii.Hex(s[i+1])<<4|ascii.Hex(s[i+2]))
			i += 2
		case '+':
			b = append(b, ' ')
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}
