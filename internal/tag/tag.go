// Package tag reads the struct tags of inputs and outputs: where a field comes from, and the JSON Schema words that
// describe it. One reading serves the check, the encoder and the document.
package tag

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// Source says where a field's value comes from or goes to.
type Source string

// The sources of an input's fields and the places of an output's.
const (
	None   Source = ""
	Path   Source = "path"
	Query  Source = "query"
	Header Source = "header"
	Cookie Source = "cookie"
	Form   Source = "form"
	Body   Source = "body"
	Dep    Source = "dep"
	Status Source = "status" // output only
	Member Source = "json"   // a member of a JSON object
)

// Tag is what one struct tag says.
type Tag struct {
	Source Source
	Name   string // the name within the source; "" is the field's own name (json) or has no meaning (body, dep, status)
	Skip   bool   // json:"-"
	Code   int    // status: that of an outcome; 0 when the field holds the status itself
	// Alias is another name by which a member of JSON is read; "" is none.
	Alias string
	// Media are the media types of a body that is not JSON, such as "image/png"; of an input also ranges, such as "image/*".
	Media []string
	// Style says how a query parameter of several values is written: SpaceDelimited, PipeDelimited or DeepObject. "" is form: a pair
	// for each value or, when Joined (explode:"false"), one pair with commas.
	Style  string
	Joined bool
	Hidden bool // the parameter works, but is not in the document
	// Optional is said of a dep: nothing need be provided.
	Optional bool
	// OmitZero and OmitEmpty are the options of encoding/json: an output member that may be left out.
	OmitZero, OmitEmpty bool
	// AdditionalProperties is set on a blank field (_ struct{}) of a struct that keeps no unknown members but allows them.
	AdditionalProperties bool
	// Discriminator, on a blank field, is the member that tells the variants of a union apart; Variant is its value for this field.
	Discriminator, Variant string
	Rules                  Rules
}

// Rules are the words of JSON Schema on one field. Numbers stay text until the kind of the field is known.
type Rules struct {
	MinLength, MaxLength               *int // code points
	MinItems, MaxItems                 *int
	UniqueItems                        bool
	Pattern                            string
	Minimum, Maximum                   string // "" is none
	ExclusiveMinimum, ExclusiveMaximum string
	MultipleOf                         string
	Enum                               []string
	Format                             string
	Transform                          []string // names, in order
	ReadOnly, WriteOnly, Deprecated    bool
	HasDefault                         bool
	Default                            string
	Examples                           []string
	Doc                                string
	Accept                             []string // media types and ranges of a file
	MaxBytes                           int64    // of a file; 0 is none
	MaxPixels                          int64    // of an image; 0 is none
}

// foreign are tag keys of other libraries that say nothing about input or output. Those of other validators are not
// among them: a rule that is silently ignored is a hole.
var foreign = []string{"db", "sql", "gorm", "bun", "yaml", "toml", "xml", "env", "bson", "protobuf", "mapstructure"}

// Parse reads a whole struct tag. Every fault is returned; the Tag holds what could be read.
func Parse(raw string) (Tag, []error) {
	var t Tag
	var errs []error
	seen := map[string]bool{}
	for rest := strings.Trim(raw, " "); rest != ""; rest = strings.Trim(rest, " ") {
		key, value, tail, err := next(rest)
		if err != nil {
			return t, append(errs, err)
		}
		rest = tail
		if seen[key] {
			errs = append(errs, fmt.Errorf("tag %s is given twice", key))
			continue
		}
		seen[key] = true
		if err := t.set(key, value); err != nil {
			errs = append(errs, err)
		}
	}
	return t, errs
}

func next(s string) (key, value, rest string, err error) {
	i := strings.Index(s, ":\"")
	if i <= 0 || strings.ContainsFunc(s[:i], notInKey) {
		return "", "", "", fmt.Errorf("the tag cannot be read at %q, want key:\"value\"", clip(s))
	}
	key = s[:i]
	quoted, err := strconv.QuotedPrefix(s[i+1:])
	if err != nil {
		return "", "", "", fmt.Errorf("tag %s: the value is not a quoted string", key)
	}
	value, err = strconv.Unquote(quoted)
	if err != nil {
		return "", "", "", fmt.Errorf("tag %s: %w", key, err)
	}
	return key, value, s[i+1+len(quoted):], nil
}

// notInKey reports what reflect.StructTag does not take as part of a key.
func notInKey(c rune) bool { return c <= ' ' || c == ':' || c == '"' || c == 0x7f }

func clip(s string) string {
	if len(s) > 20 {
		return s[:20] + "…"
	}
	return s
}

func (t *Tag) set(key, value string) error {
	switch key {
	case "path", "query", "header", "cookie", "form", "body", "dep", "status", "json":
		return t.setSource(Source(key), value)
	case "additionalProperties":
		return setBool(&t.AdditionalProperties, key, value)
	case "discriminator":
		return setName(&t.Discriminator, key, value)
	case "variant":
		return setName(&t.Variant, key, value)
	case "alias":
		return setName(&t.Alias, key, value)
	case "hidden":
		return setBool(&t.Hidden, key, value)
	case "style":
		return t.setStyle(value)
	case "explode":
		return t.setExplode(value)
	}
	known, err := t.Rules.set(key, value)
	if known {
		return err
	}
	if slices.Contains(foreign, key) {
		return nil
	}
	return unknown(key)
}

func (t *Tag) setSource(s Source, value string) error {
	if t.Source != None {
		return fmt.Errorf("the field has two sources, %s and %s", t.Source, s)
	}
	t.Source = s
	switch s {
	case Body:
		return t.setMedia(value)
	case Status:
		return t.setCode(value)
	case Dep:
		if t.Optional = value == "optional"; value != "" && !t.Optional {
			return errors.New("tag dep takes no value but optional, want dep:\"\" or dep:\"optional\"")
		}
		return nil
	case Member:
		return t.setMember(value)
	}
	if value == "" || strings.ContainsAny(value, " ,\"") {
		return fmt.Errorf("tag %s: %q is not a name", s, value)
	}
	t.Name = value
	return nil
}

// setMedia reads the media types of a body.
func (t *Tag) setMedia(value string) (err error) {
	if value != "" {
		t.Media, err = mediaTypes("body", value)
	}
	return err
}

// mediaTypes reads media types that are separated by commas, each with its parameters if need be.
func mediaTypes(key, value string) ([]string, error) {
	var types []string
	for text := range strings.SplitSeq(value, ",") {
		text = strings.TrimSpace(text)
		essence, _, _ := strings.Cut(text, ";")
		kind, sub, _ := strings.Cut(strings.TrimSpace(essence), "/")
		if !ascii.IsToken(kind) || !ascii.IsToken(sub) || essence != strings.ToLower(essence) {
			return nil, fmt.Errorf("tag %s: %q is not a media type, such as image/png", key, text)
		}
		if slices.Contains(types, text) {
			return nil, fmt.Errorf("tag %s: %s is given twice", key, text)
		}
		types = append(types, text)
	}
	return types, nil
}

// setCode reads the status of an outcome.
func (t *Tag) setCode(value string) error {
	if value == "" {
		return nil
	}
	code, err := strconv.Atoi(value)
	if err != nil || code < 200 || code > 399 {
		return fmt.Errorf("tag status: %q is not the status of an outcome, want 200..399", value)
	}
	t.Code = code
	return nil
}

func (t *Tag) setMember(value string) error {
	if value == "-" {
		t.Skip = true
		return nil
	}
	name, options, _ := strings.Cut(value, ",")
	t.Name = name
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitzero":
			t.OmitZero = true
		case "omitempty":
			t.OmitEmpty = true
		default:
			return fmt.Errorf("tag json: option %q is not supported, want omitzero or omitempty", option)
		}
	}
	return nil
}
