package schema

import (
	"encoding/json/jsontext"
)

// MarshalJSONTo writes the schema with its words in a fixed order.
func (s *Schema) MarshalJSONTo(enc *jsontext.Encoder) error {
	w := writer{enc: enc}
	w.schema(s)
	return w.err
}

// writer keeps the first error, so that the order of words reads as a list.
type writer struct {
	enc  *jsontext.Encoder
	open bool // leave out Closed and Transform
	err  error
}

func (w *writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.enc.WriteToken(t)
	}
}

func (w *writer) value(v jsontext.Value) {
	if w.err == nil {
		w.err = w.enc.WriteValue(v)
	}
}

func (w *writer) schema(s *Schema) {
	w.token(jsontext.BeginObject)
	w.text("$ref", s.Reference())
	w.types(s.Types)
	w.text("title", s.Title)
	w.text("description", s.Description)
	w.text("format", s.Format)
	if s.Const != nil {
		w.word("const")
		w.value(s.Const)
	}
	w.values("enum", s.Enum)
	if s.Default != nil {
		w.word("default")
		w.value(s.Default)
	}
	w.values("examples", s.Examples)
	if !w.open { // does not make two forms of a type that comes and goes
		w.names("x-transform", s.Transform)
	}
	w.count("minLength", s.MinLength)
	w.count("maxLength", s.MaxLength)
	w.text("pattern", s.Pattern)
	w.text("contentEncoding", s.ContentEncoding)
	w.text("contentMediaType", s.ContentMediaType)
	w.sub("contentSchema", s.ContentSchema)
	w.number("minimum", s.Minimum)
	w.number("maximum", s.Maximum)
	w.number("exclusiveMinimum", s.ExclusiveMinimum)
	w.number("exclusiveMaximum", s.ExclusiveMaximum)
	w.number("multipleOf", s.MultipleOf)
	w.sub("items", s.Items)
	w.count("minItems", s.MinItems)
	w.count("maxItems", s.MaxItems)
	w.flag("uniqueItems", s.UniqueItems)
	w.properties(s.Properties)
	w.names("required", s.Required)
	if s.Closed && !w.open {
		w.word("additionalProperties")
		w.token(jsontext.False)
	} else {
		w.sub("additionalProperties", s.AdditionalProperties)
	}
	w.sub("propertyNames", s.PropertyNames)
	w.count("minProperties", s.MinProperties)
	w.count("maxProperties", s.MaxProperties)
	w.list("anyOf", s.AnyOf)
	w.list("oneOf", s.OneOf)
	w.list("allOf", s.AllOf)
	w.discriminator(s.Discriminator)
	w.flag("readOnly", s.ReadOnly)
	w.flag("writeOnly", s.WriteOnly)
	w.flag("deprecated", s.Deprecated)
	w.token(jsontext.EndObject)
}

func (w *writer) word(name string) { w.token(jsontext.String(name)) }

func (w *writer) text(name, s string) {
	if s != "" {
		w.word(name)
		w.token(jsontext.String(s))
	}
}

func (w *writer) number(name, n string) {
	if n != "" {
		w.word(name)
		w.value(jsontext.Value(n))
	}
}

func (w *writer) count(name string, n *int) {
	if n != nil {
		w.word(name)
		w.token(jsontext.Int(int64(*n)))
	}
}

func (w *writer) flag(name string, on bool) {
	if on {
		w.word(name)
		w.token(jsontext.True)
	}
}

func (w *writer) types(names []string) {
	if len(names) == 1 {
		w.text("type", names[0])
		return
	}
	w.names("type", names)
}

func (w *writer) names(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.word(name)
	w.token(jsontext.BeginArray)
	for _, s := range list {
		w.token(jsontext.String(s))
	}
	w.token(jsontext.EndArray)
}

func (w *writer) values(name string, list []jsontext.Value) {
	if len(list) == 0 {
		return
	}
	w.word(name)
	w.token(jsontext.BeginArray)
	for _, v := range list {
		w.value(v)
	}
	w.token(jsontext.EndArray)
}

func (w *writer) sub(name string, s *Schema) {
	if s != nil {
		w.word(name)
		w.schema(s)
	}
}

func (w *writer) list(name string, list []*Schema) {
	if len(list) == 0 {
		return
	}
	w.word(name)
	w.token(jsontext.BeginArray)
	for _, s := range list {
		w.schema(s)
	}
	w.token(jsontext.EndArray)
}

func (w *writer) discriminator(d *Discriminator) {
	if d == nil {
		return
	}
	w.word("discriminator")
	w.token(jsontext.BeginObject)
	w.text("propertyName", d.PropertyName)
	w.word("mapping")
	w.token(jsontext.BeginObject)
	for _, m := range d.Mapping {
		w.text(m.Name, m.Schema.Reference())
	}
	w.token(jsontext.EndObject)
	w.token(jsontext.EndObject)
}

func (w *writer) properties(list []Named) {
	if len(list) == 0 {
		return
	}
	w.word("properties")
	w.token(jsontext.BeginObject)
	for _, p := range list {
		w.word(p.Name)
		w.schema(p.Schema)
	}
	w.token(jsontext.EndObject)
}
