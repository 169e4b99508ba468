package tag_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/tag"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, raw string
		want      tag.Tag
	}{
		{"reads nothing", ``, tag.Tag{}},
		{"reads a source and its name", `query:"page"`, tag.Tag{Source: tag.Query, Name: "page"}},
		{"reads sources without a name", `body:""`, tag.Tag{Source: tag.Body}},
		{"reads the media types of a body", `body:"image/png, text/csv; header=present"`, tag.Tag{Source: tag.Body, Media: []string{"image/png", "text/csv; header=present"}}},
		{"reads the status of an outcome", `status:"202"`, tag.Tag{Source: tag.Status, Code: 202}},
		{"reads what a file may be", `form:"f" accept:"image/*, text/csv" maxBytes:"10MiB"`, tag.Tag{Source: tag.Form, Name: "f", Rules: tag.Rules{Accept: []string{"image/*", "text/csv"}, MaxBytes: 10 << 20}}},
		{"reads the options of a member", `json:"a,omitzero,omitempty"`, tag.Tag{Source: tag.Member, Name: "a", OmitZero: true, OmitEmpty: true}},
		{"skips a member", `json:"-"`, tag.Tag{Source: tag.Member, Skip: true}},
		{"keeps numbers as text", `minimum:"9007199254740993" multipleOf:"1e-2"`, tag.Tag{Rules: tag.Rules{Minimum: "9007199254740993", MultipleOf: "1e-2"}}},
		{"reads counts", `minLength:"0" maxItems:"7"`, tag.Tag{Rules: tag.Rules{MinLength: new(0), MaxItems: new(7)}}},
		{"splits an enum", `enum:"red,green"`, tag.Tag{Rules: tag.Rules{Enum: []string{"red", "green"}}}},
		{"tells an empty default from none", `default:""`, tag.Tag{Rules: tag.Rules{HasDefault: true}}},
		{"reads flags", `readOnly:"true" uniqueItems:"true"`, tag.Tag{Rules: tag.Rules{ReadOnly: true, UniqueItems: true}}},
		{"unquotes", `doc:"a \"b\"" pattern:"^\\d$"`, tag.Tag{Rules: tag.Rules{Doc: `a "b"`, Pattern: `^\d$`}}},
		{"passes over what belongs to storage", `json:"a" db:"a" yaml:"b"`, tag.Tag{Source: tag.Member, Name: "a"}},
		{"allows unknown members", `additionalProperties:"true"`, tag.Tag{AdditionalProperties: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, errs := tag.Parse(tt.raw)
			if errs != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Parse = %+v, %v, want %+v", got, errs, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, raw, want string }{
		{"a misspelt word, with a hint", `minLenght:"1"`, "did you mean minLength?"},
		{"a word in the wrong case", `minlength:"1"`, "did you mean minLength?"},
		{"a misspelt source", `qeury:"page"`, "did you mean query?"},
		{"the tag of another validator", `validate:"required"`, "tag validate is not known"},
		{"two sources", `query:"a" header:"b"`, "two sources, query and header"},
		{"a key given twice", `doc:"a" doc:"b"`, "tag doc is given twice"},
		{"a source without a name", `query:""`, "is not a name"},
		{"a name with a comma", `query:"a,omitempty"`, "is not a name"},
		{"a body that is no media type", `body:"user"`, "is not a media type"},
		{"a media type in capitals", `body:"Image/PNG"`, "is not a media type"},
		{"an empty media type", `body:"image/png,"`, "is not a media type"},
		{"a media type given twice", `body:"image/png,image/png"`, "given twice"},
		{"an outcome with the status of a failure", `status:"404"`, "is not the status of an outcome"},
		{"an outcome without a number", `status:"ok"`, "is not the status of an outcome"},
		{"a file of a type that is none", `accept:"png"`, "tag accept: \"png\" is not a media type"},
		{"a size in letters", `maxBytes:"10MB"`, "is not a number of bytes"},
		{"a size of nothing", `maxBytes:"0"`, "is not a number of bytes"},
		{"a value on a dependency", `dep:"user"`, "takes no value"},
		{"an unknown option", `json:"a,string"`, `option "string"`},
		{"a negative count", `minLength:"-1"`, "not a whole number"},
		{"a fractional count", `maxItems:"1.5"`, "not a whole number"},
		{"a bound that is no number", `minimum:"one"`, "is not a number"},
		{"a bound that is no JSON number", `minimum:"01"`, "is not a number"},
		{"infinity", `maximum:"Inf"`, "is not a number"},
		{"a flag that is not true", `readOnly:"yes"`, `is not "true"`},
		{"a false flag", `deprecated:"false"`, "leave the tag out"},
		{"an empty enum value", `enum:"a,,b"`, "empty or repeated"},
		{"a repeated enum value", `enum:"a,b,a"`, "empty or repeated"},
		{"an empty format", `format:""`, "format is empty"},
		{"a pattern that RE2 has not", `pattern:"(?=a)"`, "tag pattern"},
		{"text without quotes", `query:page`, "cannot be read"},
		{"a quote that does not end", `query:"page`, "not a quoted string"},
		{"a key without a value", `json`, "cannot be read"},
		{"a tab between keys", "json:\"a\"\tdoc:\"b\"", "cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, errs := tag.Parse(tt.raw)
			if err := errors.Join(errs...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestParseReportsEveryFault(t *testing.T) {
	t.Parallel()
	if _, errs := tag.Parse(`minLength:"x" maxLength:"y" nonsense:"z"`); len(errs) != 3 {
		t.Errorf("%d faults, want 3: %v", len(errs), errs)
	}
}

// FuzzTag promises that Parse never panics, and that what it accepts is what package reflect reads.
func FuzzTag(f *testing.F) {
	for _, s := range []string{
		`json:"a,omitzero" minLength:"1" doc:"x y"`, `query:"page" minimum:"1" default:"1"`, `body:""`, `pattern:"^\\d+$"`,
		"doc:\"a\"\tquery:\"b\"", `a`, `json:"a"doc:"b"`, `enum:"a,b"`, "\x7f:\"a\"", `doc:"\u0000"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, errs := tag.Parse(raw)
		if errs != nil {
			return
		}
		std := reflect.StructTag(raw)
		text := map[string]string{
			"doc": got.Rules.Doc, "default": got.Rules.Default, "pattern": got.Rules.Pattern, "format": got.Rules.Format,
			"minimum": got.Rules.Minimum, "maximum": got.Rules.Maximum, "multipleOf": got.Rules.MultipleOf,
			"enum": strings.Join(got.Rules.Enum, ","),
		}
		for key, value := range text {
			if want := std.Get(key); value != want {
				t.Errorf("tag %s is %q, reflect reads %q", key, value, want)
			}
		}
		if got.Source != tag.None {
			value, ok := std.Lookup(string(got.Source))
			name, _, _ := strings.Cut(value, ",")
			named := got.Source != tag.Body && got.Source != tag.Status // what their values say has fields of its own
			if !ok || (named && !got.Skip && name != got.Name) {
				t.Errorf("source %s has the name %q, reflect reads %q, %v", got.Source, got.Name, value, ok)
			}
		}
		if _, ok := std.Lookup("default"); ok != got.Rules.HasDefault {
			t.Errorf("HasDefault is %v, reflect says %v", got.Rules.HasDefault, ok)
		}
	})
}
