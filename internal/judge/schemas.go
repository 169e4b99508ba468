package judge

import (
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const documentURL = "https://tenon.example/document.json"

// bySchemas compiles every schema of the document and holds the values that stand beside it and in it (example, examples,
// default) against it.
func bySchemas(doc any) error {
	s := schemas{compiler: jsonschema.NewCompiler()}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource(documentURL, doc); err != nil {
		return err
	}
	s.walk(doc, "")
	if root, ok := doc.(map[string]any); ok {
		components, _ := root["components"].(map[string]any)
		named, _ := components["schemas"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(named)) {
			s.schema(named[name], pointer("/components/schemas").AppendToken(name))
		}
	}
	return errors.Join(s.errs...)
}

// pointer is where something stands in the document.
type pointer = jsontext.Pointer

type schemas struct {
	compiler *jsonschema.Compiler
	errs     []error
}

// walk finds the parameters, headers and media types: the objects with a schema.
func (s *schemas) walk(v any, at pointer) {
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			s.walk(item, at.AppendToken(strconv.Itoa(i)))
		}
	case map[string]any:
		if schema, ok := v["schema"].(map[string]any); ok {
			where := at.AppendToken("schema")
			s.schema(schema, where)
			if example, ok := v["example"]; ok {
				s.value(example, where, at.AppendToken("example"))
			}
			examples, _ := v["examples"].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(examples)) {
				if one, ok := examples[name].(map[string]any); ok {
					s.value(one["value"], where, at.AppendToken("examples").AppendToken(name))
				}
			}
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "example" && name != "examples" && !strings.HasPrefix(name, "x-") && at != "/components/schemas" {
				s.walk(v[name], at.AppendToken(name))
			}
		}
	}
}

// schema compiles the schema at at, then those within it.
func (s *schemas) schema(v any, at pointer) {
	schema, ok := v.(map[string]any)
	if !ok {
		return // true or false
	}
	if _, err := s.compiler.Compile(documentURL + "#" + string(at)); err != nil {
		s.errs = append(s.errs, fmt.Errorf("schema %s: %w", at, err))
		return
	}
	if value, ok := schema["default"]; ok {
		s.value(value, at, at.AppendToken("default"))
	}
	examples, _ := schema["examples"].([]any)
	for i, value := range examples {
		s.value(value, at, at.AppendToken("examples").AppendToken(strconv.Itoa(i)))
	}
	for _, word := range []string{"items", "additionalProperties", "propertyNames"} {
		s.schema(schema[word], at.AppendToken(word))
	}
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		s.schema(properties[name], at.AppendToken("properties").AppendToken(name))
	}
	for _, word := range []string{"anyOf", "oneOf", "allOf"} {
		list, _ := schema[word].([]any)
		for i, one := range list {
			s.schema(one, at.AppendToken(word).AppendToken(strconv.Itoa(i)))
		}
	}
}

// value holds a value against the schema at schema.
func (s *schemas) value(v any, schema, at pointer) {
	compiled, err := s.compiler.Compile(documentURL + "#" + string(schema))
	if err == nil {
		err = compiled.Validate(v)
	}
	if err != nil {
		s.errs = append(s.errs, fmt.Errorf("value %s: %w", at, err))
	}
}
