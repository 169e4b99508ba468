package settings

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/nearest"
)

// file reads the file of settings: the texts of each setting in it, by key. Keys that are none, and values that are of another
// kind, are faults.
func (s *Schema) file(name string) (map[string][]string, error) {
	if name == "" {
		return nil, nil
	}
	text, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("the file of settings: %w", err)
	}
	r := &reader{schema: s, name: name, texts: map[string][]string{}}
	r.object(text, "")
	return r.texts, errors.Join(r.errs...)
}

// reader is the state of reading one file.
type reader struct {
	schema *Schema
	name   string
	texts  map[string][]string
	errs   []error
}

func (r *reader) fault(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(r.name+": "+format, args...))
}

// object reads the members of an object; prefix is "" or the key of the object with a dot.
func (r *reader) object(text []byte, prefix string) {
	members := map[string]jsontext.Value{}
	if err := json.Unmarshal(text, &members); err != nil {
		if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
			line := strings.Count(string(text[:min(int(syntax.ByteOffset), len(text))]), "\n") + 1
			if errors.Is(err, jsontext.ErrDuplicateName) {
				r.fault("line %d: %s: the key is there twice", line, prefix+syntax.JSONPointer.LastToken())
				return
			}
			r.fault("line %d: %w", line, syntax.Err)
			return
		}
		r.fault("it is not a JSON object")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		key, value := prefix+name, members[name]
		if f := r.schema.field(key); f != nil {
			r.value(f, value)
			continue
		}
		if value.Kind() == '{' && r.schema.below(key+".") {
			r.object(value, key+".")
			continue
		}
		r.fault("%s: no setting has this key%s", key, r.schema.suggest(prefix, name))
	}
}

// value keeps the texts of one setting.
func (r *reader) value(f *Field, value jsontext.Value) {
	items := []jsontext.Value{value}
	if f.List {
		if err := json.Unmarshal(value, &items); err != nil || value.Kind() != '[' {
			r.fault("%s: it is not a list", f.Key)
			return
		}
	}
	texts := []string{} // not nil: an empty list is a value
	for _, item := range items {
		text, ok := f.fromJSON(item)
		if !ok {
			r.fault("%s: it is not %s", f.Key, f.json())
			return
		}
		texts = append(texts, text)
	}
	r.texts[f.Key] = texts
}

// fromJSON is the text of a value in the form that JSON has for its kind.
func (f *Field) fromJSON(value jsontext.Value) (text string, ok bool) {
	switch kind := value.Kind(); {
	case f.Kind == boolean:
		return string(value), kind == 't' || kind == 'f'
	case f.number:
		return string(value), kind == '0'
	case kind == '"':
		return text, json.Unmarshal(value, &text) == nil
	}
	return "", false
}

// json is the form of JSON that a value has in the file.
func (f *Field) json() string {
	if f.Kind == boolean || f.number {
		return f.Kind
	}
	return "a string"
}

func (s *Schema) field(key string) *Field {
	i := slices.IndexFunc(s.Fields, func(f *Field) bool { return f.Key == key })
	if i < 0 {
		return nil
	}
	return s.Fields[i]
}

func (s *Schema) below(prefix string) bool {
	return slices.ContainsFunc(s.Fields, func(f *Field) bool { return strings.HasPrefix(f.Key, prefix) })
}

// suggest is a hint at the key of the same object that was meant, or nothing.
func (s *Schema) suggest(prefix, name string) string {
	var names []string
	for _, f := range s.Fields {
		if rest, ok := strings.CutPrefix(f.Key, prefix); ok {
			names = append(names, rest)
		}
	}
	if near := nearest.Word(name, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", prefix+near)
	}
	return ""
}
