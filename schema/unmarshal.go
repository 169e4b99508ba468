package schema

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
)

// UnmarshalJSONFrom reads a schema that MarshalJSONTo wrote: its words and no others, so that nothing is lost.
func (s *Schema) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*s = Schema{}
	return members(dec, func(word string) error {
		target, ok := s.words()[word]
		if ok {
			return json.UnmarshalDecode(dec, target)
		}
		return s.readWord(dec, word)
	})
}

// words are the words whose value has the form of a field.
func (s *Schema) words() map[string]any {
	return map[string]any{
		"$ref": &s.Ref, "title": &s.Title, "description": &s.Description, "format": &s.Format, "const": &s.Const, "enum": &s.Enum,
		"default": &s.Default, "examples": &s.Examples, "x-transform": &s.Transform, "minLength": &s.MinLength, "maxLength": &s.MaxLength,
		"pattern": &s.Pattern, "contentEncoding": &s.ContentEncoding, "contentMediaType": &s.ContentMediaType,
		"contentSchema": &s.ContentSchema, "items": &s.Items, "minItems": &s.MinItems, "maxItems": &s.MaxItems,
		"uniqueItems": &s.UniqueItems, "required": &s.Required,
		"propertyNames": &s.PropertyNames, "minProperties": &s.MinProperties, "maxProperties": &s.MaxProperties,
		"anyOf": &s.AnyOf, "oneOf": &s.OneOf, "allOf": &s.AllOf,
		"readOnly": &s.ReadOnly, "writeOnly": &s.WriteOnly, "deprecated": &s.Deprecated,
	}
}

// readWord reads the words whose value has a form of its own.
func (s *Schema) readWord(dec *jsontext.Decoder, word string) error {
	numbers := map[string]*string{
		"minimum": &s.Minimum, "maximum": &s.Maximum, "exclusiveMinimum": &s.ExclusiveMinimum, "exclusiveMaximum": &s.ExclusiveMaximum,
		"multipleOf": &s.MultipleOf,
	}
	if target := numbers[word]; target != nil {
		value, err := dec.ReadValue()
		if err == nil && value.Kind() != jsontext.KindNumber {
			err = errors.New("it is not a number")
		}
		*target = string(value)
		return err
	}
	switch word {
	case "type":
		if dec.PeekKind() == jsontext.KindBeginArray {
			return json.UnmarshalDecode(dec, &s.Types)
		}
		s.Types = make([]string, 1)
		return json.UnmarshalDecode(dec, &s.Types[0])
	case "properties":
		return members(dec, func(name string) error {
			p := Named{name, &Schema{}}
			s.Properties = append(s.Properties, p)
			return json.UnmarshalDecode(dec, p.Schema)
		})
	case "additionalProperties":
		if dec.PeekKind() == jsontext.KindFalse {
			s.Closed = true
			return dec.SkipValue()
		}
		return json.UnmarshalDecode(dec, &s.AdditionalProperties)
	case "discriminator":
		s.Discriminator = &Discriminator{}
		return s.Discriminator.read(dec)
	}
	return errors.New("it is not a word of Tenon's documents")
}

func (d *Discriminator) read(dec *jsontext.Decoder) error {
	return members(dec, func(word string) error {
		if word == "propertyName" {
			return json.UnmarshalDecode(dec, &d.PropertyName)
		}
		return members(dec, func(name string) error {
			ref := &Schema{}
			d.Mapping = append(d.Mapping, Named{name, ref})
			return json.UnmarshalDecode(dec, &ref.Ref)
		})
	})
}

// members calls read for each member of an object; read consumes the value.
func members(dec *jsontext.Decoder, read func(name string) error) error {
	if kind := dec.PeekKind(); kind != jsontext.KindBeginObject {
		return fmt.Errorf("schema: want an object, not %v", kind)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndObject {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if err := read(name); err != nil {
			return fmt.Errorf("schema: %s: %w", name, err)
		}
	}
	_, err := dec.ReadToken()
	return err
}
