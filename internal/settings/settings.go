// Package settings reads the configuration of a program into a struct: from flags, from the environment and from a file, with all
// faults at once, each with the place that it came from.
//
// A field named TLSCert is the flag --tls-cert, the variable NAME_TLS_CERT and the key "tls_cert" of the file; a struct inside the
// struct is an object of the file and a prefix elsewhere; an embedded one lends its fields. The tags of a field are those of an
// input where they mean the same: default, enum, minimum, maximum, doc; and placeholder for the help, required, development for what
// nothing in production may have, and config for another name ("-" is none).
package settings

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Schema is what a struct says of its settings.
type Schema struct {
	Fields []*Field // in order of declaration
}

// Field is one setting.
type Field struct {
	Key, Flag, Env    string // Flag is "" for a secret, which would be read by everyone who sees the list of processes
	Doc, Default      string
	Placeholder, Kind string   // Kind is what a value is: "a whole number"
	Enum              []string // nil: any value
	Required          bool
	Development       bool // is for the machine of a developer alone
	Secret            bool // is never shown, and may stand in a file of its own: the variable Env + "_FILE"
	Bool, List        bool

	index            []int
	minimum, maximum string
	parse            func(text string) (reflect.Value, error)
	number           bool // of JSON, in the file
}

// Setting is a field with the value that holds and where it came from.
type Setting struct {
	*Field

	Value  string // as text; "[secret]" for a secret that is set
	Source string // "--addr", "STORE_ADDR", "store.json", or "" for the default
	File   string // that a secret was read from

	texts []string // what was given, a secret too
}

// Same reports whether a setting has the value of another, which may be shown the same without being it.
func (s Setting) Same(other Setting) bool { return slices.Equal(s.texts, other.texts) }

// Given reports whether somebody set it, to something other than false.
func (s Setting) Given() bool { return s.Source != "" && s.Value != "false" }

// Weak reports whether a secret that is set, or one of a list, can be guessed: it is short, or of few different characters.
func (s Setting) Weak() bool {
	if !s.Secret || s.texts == nil {
		return false
	}
	return slices.ContainsFunc(s.texts, func(text string) bool {
		different := map[rune]bool{}
		for _, r := range text {
			different[r] = true
		}
		return len(text) < 16 || len(different) < 6
	})
}

// Of reads the fields of the struct that cfg points to. prefix begins the names of the variables: "STORE_". The error says what the
// type cannot be.
func Of(cfg any, prefix string) (*Schema, error) {
	t := reflect.TypeOf(cfg)
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("settings: %s is not a pointer to a struct", t)
	}
	t = t.Elem()
	s := &Schema{}
	err := s.gather(t, nil, nil, prefix)
	seen := map[string]bool{}
	for _, f := range s.Fields {
		if seen[f.Key] {
			err = errors.Join(err, fmt.Errorf("settings: %s: two fields are the setting %s", t, f.Key))
		}
		seen[f.Key] = true
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Schema) gather(t reflect.Type, index []int, path []string, prefix string) error {
	var errs []error
	for i := range t.NumField() {
		sf := t.Field(i)
		name := sf.Tag.Get("config")
		if name == "-" || !sf.IsExported() && !sf.Anonymous {
			continue
		}
		if name == "" {
			name = dashed(sf.Name)
		}
		at := slices.Concat(index, []int{i})
		below := slices.Concat(path, []string{name})
		f, err := newField(sf)
		switch {
		case err == nil:
			f.index = at
			f.Flag = strings.Join(below, "-")
			f.Env = prefix + strings.ToUpper(strings.ReplaceAll(f.Flag, "-", "_"))
			f.Key = strings.ReplaceAll(strings.Join(below, "."), "-", "_")
			if f.Secret {
				f.Flag = ""
			}
			s.Fields = append(s.Fields, f)
		case sf.Type.Kind() == reflect.Struct && sf.Anonymous:
			errs = append(errs, s.gather(sf.Type, at, path, prefix))
		case sf.Type.Kind() == reflect.Struct && errors.Is(err, errKind):
			errs = append(errs, s.gather(sf.Type, at, below, prefix))
		default:
			errs = append(errs, fmt.Errorf("settings: %s.%s: %w", t, sf.Name, err))
		}
	}
	return errors.Join(errs...)
}

// newField reads the tags of a field, and the default by its own rules.
func newField(sf reflect.StructField) (*Field, error) {
	f := &Field{
		Doc: sf.Tag.Get("doc"), Default: sf.Tag.Get("default"), Placeholder: sf.Tag.Get("placeholder"),
		Required: sf.Tag.Get("required") == "true", Development: sf.Tag.Get("development") == "true",
		minimum: sf.Tag.Get("minimum"), maximum: sf.Tag.Get("maximum"),
	}
	if words := sf.Tag.Get("enum"); words != "" {
		f.Enum = strings.Split(words, ",")
	}
	t := sf.Type
	if t.Kind() == reflect.Slice && !isText(t) {
		f.List = true
		t = t.Elem()
	}
	if err := f.kind(t); err != nil {
		return nil, err
	}
	for _, text := range []string{f.minimum, f.maximum} {
		if _, err := f.parse(text); text != "" && err != nil {
			return nil, fmt.Errorf("the bound %q: %w", text, err)
		}
	}
	if f.Default == "" {
		return f, nil
	}
	if f.Required {
		return nil, errors.New("it is required and has a default")
	}
	if _, err := f.read(f.texts(f.Default)); err != nil {
		return nil, fmt.Errorf("the default: %w", err)
	}
	return f, nil
}

// dashed is the name of a Go field as words: TLSCertFile is tls-cert-file.
func dashed(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
