package problem

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"slices"
	"strconv"
	"strings"
)

// Text is a kind of message: a stable code, and a template whose places hold named parameters. What is made of it (With) carries the
// code, the parameters and the English sentence, so that a client may say the same in another language. It is immutable and safe for
// concurrent use.
type Text struct {
	code     string
	template string
	one      string
	fixed    []param
	names    []string
	ready    Fault // the whole of it, when no place is open
}

// param is a named value, as JSON.
type param struct{ name, json string }

// DefineText declares a kind of message. A place in the template is a name in braces; With fills them in their order:
//
//	var tooCheap = problem.DefineText("final-price", "must leave a price of {cents} cents or more").One("must leave a price of {cents} cent or more")
//
//	return tooCheap.With(1).At("/discount")
func DefineText(code, template string) *Text {
	t := &Text{code: code, template: template, names: places(template)}
	t.ready = t.make(nil)
	return t
}

// One returns a copy that says template when the first parameter is 1, or a list of one.
func (t *Text) One(template string) *Text {
	c := *t
	c.one = template
	return &c
}

// Fix returns a copy with a parameter that is the same each time and has no place in the template. It tells messages apart that have
// one code: {"type":"integer"} of "must be an integer".
func (t *Text) Fix(name, value string) *Text {
	c := *t
	c.fixed = append(slices.Clone(t.fixed), param{name, string(appendString(nil, value))})
	c.ready = c.make(nil)
	return &c
}

// Code is the stable code.
func (t *Text) Code() string { return t.code }

// Template is the English sentence, with the names of its parameters in braces.
func (t *Text) Template() string { return t.template }

// TemplateOfOne is the sentence for a first parameter of 1; "" is the same as Template.
func (t *Text) TemplateOfOne() string { return t.one }

// Params are the names of the parameters that differ each time, in the order in which With takes their values.
func (t *Text) Params() []string { return slices.Clone(t.names) }

// Fixed are the parameters that are the same each time, as a JSON object; "" is none.
func (t *Text) Fixed() string { return string(object(t.fixed)) }

// With makes a fault of values for the places of the template, in their order: strings, integers, numbers, lists of strings, or JSON
// (jsontext.Value). The fault has no place of its own yet; see Fault.At. A value too many is left out; a place without a value stays.
func (t *Text) With(values ...any) Fault {
	if len(values) == 0 || len(t.names) == 0 {
		return t.ready
	}
	return t.make(values)
}

func (t *Text) make(values []any) Fault {
	values = values[:min(len(values), len(t.names))]
	params := make([]param, len(t.fixed), len(t.fixed)+len(values))
	copy(params, t.fixed)
	said := make([]string, len(values))
	template := t.template
	for i, value := range values {
		text, encoded, one := say(value)
		if i == 0 && one && t.one != "" {
			template = t.one
		}
		said[i] = text
		params = append(params, param{t.names[i], encoded})
	}
	return Fault{Code: t.code, Message: t.fill(template, said), Params: Params{string(object(params))}}
}

// fill puts texts in the places of a template. A place without a text stays.
func (t *Text) fill(template string, said []string) string {
	if len(said) == 0 {
		return template
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if i := slices.Index(t.names, name); closed && i >= 0 && i < len(said) {
			b.WriteString(said[i])
			template = after
			continue
		}
		b.WriteByte('{')
		template = rest
	}
}

// places are the names in the braces of a template, each once, in order.
func places(template string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return names
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		template = after
	}
}

// object writes parameters as a JSON object; none are nothing.
func object(params []param) []byte {
	if len(params) == 0 {
		return nil
	}
	b := []byte{'{'}
	for i, p := range params {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, p.name), ':')
		b = append(b, p.json...)
	}
	return append(b, '}')
}

// say is a value in a sentence and as JSON. one reports whether a noun after it is in the singular.
func say(value any) (text, encoded string, one bool) {
	switch v := value.(type) {
	case string:
		return v, string(appendString(nil, v)), false
	case int:
		return say(int64(v))
	case int64:
		text = strconv.FormatInt(v, 10)
		return text, text, v == 1
	case []string:
		return strings.Join(v, ", "), list(v), len(v) == 1
	case []jsontext.Value:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i], _, _ = say(item)
		}
		b, _ := json.Marshal(v)
		return strings.Join(texts, ", "), string(b), len(v) == 1
	}
	b, err := json.Marshal(value)
	if err != nil {
		return "", "null", false
	}
	text = string(b)
	if unquoted, err := jsontext.AppendUnquote(nil, b); err == nil {
		text = string(unquoted)
	}
	return text, string(b), text == "1"
}

func list(items []string) string {
	b := []byte{'['}
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, item)
	}
	return string(append(b, ']'))
}

// Params are the named values of a message, ready to be written. The zero value is none. They are comparable.
type Params struct{ object string }

// String is a JSON object, or "" when there are none.
func (p Params) String() string { return p.object }
