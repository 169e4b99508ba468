package schema_test

import (
	"encoding/json/jsontext"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/schema"
)

// field is the schema of a field of type T with the given tag.
func field[T any](t *testing.T, tag string) *schema.Schema {
	t.Helper()
	holder := reflect.StructOf([]reflect.StructField{{Name: "F", Type: reflect.TypeFor[T](), Tag: reflect.StructTag(tag)}})
	typ, faults := shape.NewReader().Read(holder)
	if faults != nil {
		t.Fatal(faults)
	}
	return schema.NewSet(schema.Config{}).Field(typ.Fields[0], schema.Input)
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		got  *schema.Schema
		want string
	}{
		{"minLength", field[string](t, `minLength:"1"`), `{"type":"string","minLength":1}`},
		{"minLength of 0", field[string](t, `minLength:"0"`), `{"type":"string","minLength":0}`},
		{"maxLength", field[string](t, `maxLength:"100"`), `{"type":"string","maxLength":100}`},
		{"pattern", field[string](t, `pattern:"^[a-z]+$"`), `{"type":"string","pattern":"^[a-z]+$"}`},
		{"format", field[string](t, `format:"email"`), `{"type":"string","format":"email"}`},
		{"transform", field[string](t, `transform:"trim,lower"`), `{"type":"string","x-transform":["trim","lower"]}`},
		{"enum", field[string](t, `enum:"a,b"`), `{"type":"string","enum":["a","b"]}`},
		{"enum of integers", field[int](t, `enum:"1,2"`), `{"type":"integer","format":"int64","enum":[1,2]}`},
		{"enum of numbers", field[float64](t, `enum:"0.5,1"`), `{"type":"number","format":"double","enum":[0.5,1]}`},
		{"enum of a type and a tag allows what both do", field[color](t, `enum:"red,blue"`), `{"type":"string","enum":["red"]}`},
		{"minimum", field[int](t, `minimum:"1"`), `{"type":"integer","format":"int64","minimum":1}`},
		{"minimum keeps its digits", field[float64](t, `minimum:"0.10"`), `{"type":"number","format":"double","minimum":0.10}`},
		{"maximum", field[int](t, `maximum:"149"`), `{"type":"integer","format":"int64","maximum":149}`},
		{"exclusiveMinimum", field[float64](t, `exclusiveMinimum:"0"`), `{"type":"number","format":"double","exclusiveMinimum":0}`},
		{"exclusiveMaximum", field[float64](t, `exclusiveMaximum:"1"`), `{"type":"number","format":"double","exclusiveMaximum":1}`},
		{"a bound takes the place of that of the width", field[uint8](t, `exclusiveMinimum:"0"`), `{"type":"integer","format":"int32","maximum":255,"exclusiveMinimum":0}`},
		{"multipleOf", field[float64](t, `multipleOf:"0.01"`), `{"type":"number","format":"double","multipleOf":0.01}`},
		{"minItems", field[[]string](t, `minItems:"1"`), `{"type":"array","items":{"type":"string"},"minItems":1}`},
		{"maxItems", field[[]string](t, `maxItems:"9"`), `{"type":"array","items":{"type":"string"},"maxItems":9}`},
		{"uniqueItems", field[[]string](t, `uniqueItems:"true"`), `{"type":"array","items":{"type":"string"},"uniqueItems":true}`},
		{"a word on strings goes to the items", field[[]string](t, `maxLength:"5" minItems:"1" doc:"All."`), `{"type":"array","description":"All.","items":{"type":"string","maxLength":5},"minItems":1}`},
		{"and to the items of items", field[[][]int](t, `maximum:"5"`), `{"type":"array","items":{"type":"array","items":{"type":"integer","format":"int64","maximum":5}}}`},
		{"and to the values of a map", field[map[string]string](t, `pattern:"^a" minItems:"1" maxItems:"2"`), `{"type":"object","additionalProperties":{"type":"string","pattern":"^a"},"minProperties":1,"maxProperties":2}`},
		{"doc", field[int](t, `doc:"How many."`), `{"type":"integer","description":"How many.","format":"int64"}`},
		{"readOnly", field[bool](t, `readOnly:"true"`), `{"type":"boolean","readOnly":true}`},
		{"writeOnly", field[bool](t, `writeOnly:"true"`), `{"type":"boolean","writeOnly":true}`},
		{"deprecated", field[bool](t, `deprecated:"true"`), `{"type":"boolean","deprecated":true}`},
		{"default of a string", field[string](t, `default:"1"`), `{"type":"string","default":"1"}`},
		{"default that is empty", field[string](t, `default:""`), `{"type":"string","default":""}`},
		{"default of an integer", field[int](t, `default:"10"`), `{"type":"integer","format":"int64","default":10}`},
		{"default of an integer with a sign", field[int](t, `default:"+10"`), `{"type":"integer","format":"int64","default":10}`},
		{"default of a number", field[float64](t, `default:"1.50"`), `{"type":"number","format":"double","default":1.50}`},
		{"default of a boolean", field[bool](t, `default:"true"`), `{"type":"boolean","default":true}`},
		{"default of a time", field[time.Time](t, `default:"2026-01-02T03:04:05Z"`), `{"type":"string","format":"date-time","default":"2026-01-02T03:04:05Z"}`},
		{"default of a list", field[[]int](t, `default:"1,2"`), `{"type":"array","default":[1,2],"items":{"type":"integer","format":"int64"}}`},
		{"default of no items", field[[]string](t, `default:""`), `{"type":"array","default":[],"items":{"type":"string"}}`},
		{"example", field[string](t, `example:"Ada"`), `{"type":"string","examples":["Ada"]}`},
		{"example of an object", field[map[string]int](t, `example:"{\"a\": 1}"`), `{"type":"object","examples":[{"a":1}],"additionalProperties":{"type":"integer","format":"int64"}}`},
		{"example of any JSON", field[jsontext.Value](t, `example:"[1, 2]"`), `{"examples":[[1,2]]}`},
		{"Opt is its value", field[tenon.Opt[string]](t, `maxLength:"5"`), `{"type":"string","maxLength":5}`},
		{"Null allows null", field[tenon.Null[int]](t, `maximum:"5" example:"3"`), `{"type":["integer","null"],"format":"int64","examples":[3],"maximum":5}`},
		{"Opt of Null allows null", field[tenon.Opt[tenon.Null[bool]]](t, `json:"f"`), `{"type":["boolean","null"]}`},
		{"null joins an enum", field[*string](t, `enum:"a,b"`), `{"type":["string","null"],"enum":["a","b",null]}`},
		{"a parameter is never null", field[*int](t, `query:"f" maximum:"5"`), `{"type":"integer","format":"int64","maximum":5}`},
		{"words stand beside a reference", field[Address](t, `doc:"Home." deprecated:"true"`), `{"$ref":"#/components/schemas/Address","description":"Home.","deprecated":true}`},
		{"words stand beside a reference or null", field[*Address](t, `doc:"Home."`), `{"description":"Home.","anyOf":[{"$ref":"#/components/schemas/Address"},{"type":"null"}]}`},
		{"a date of the framework", field[tenon.Date](t, `default:"2026-01-02"`), `{"type":"string","format":"date","default":"2026-01-02"}`},
		{"a file", field[tenon.Upload](t, `form:"f" accept:"image/png" maxBytes:"1KiB"`), `{"maxLength":1024,"contentMediaType":"image/png"}`},
		{"a file of several types", field[tenon.Upload](t, `form:"f" accept:"image/png,image/jpeg"`), `{}`},
		{"a list of files", field[[]tenon.Upload](t, `form:"f" maxItems:"2" maxBytes:"5"`), `{"type":"array","items":{"maxLength":5},"maxItems":2}`},
		{"a secret of the framework", field[tenon.Secret](t, `minLength:"8"`), `{"type":"string","format":"password","minLength":8}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text(t, tt.got); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestEveryWord fails when a word is added to the tags and not to the schema.
func TestEveryWord(t *testing.T) {
	t.Parallel()
	written := map[string]string{"MinItems": "minItems", "HasDefault": "default", "Doc": "description", "Examples": "examples", "Transform": "x-transform",
		"Accept": "contentMediaType", "MaxBytes": "maxLength"}
	all := []string{
		text(t, field[string](t, `transform:"trim" minLength:"1" maxLength:"2" pattern:"a" enum:"aa" format:"email" readOnly:"true" deprecated:"true" default:"aa" example:"aa" doc:"D"`)),
		text(t, field[float64](t, `minimum:"1" maximum:"2" exclusiveMinimum:"1" exclusiveMaximum:"2" multipleOf:"1" writeOnly:"true"`)),
		text(t, field[[]string](t, `minItems:"1" maxItems:"2" uniqueItems:"true"`)),
		text(t, field[tenon.Upload](t, `form:"f" accept:"image/png" maxBytes:"1KiB"`)),
	}
	rules := reflect.TypeFor[shape.Field]()
	tagField, _ := rules.FieldByName("Tag")
	ruleField, _ := tagField.Type.FieldByName("Rules")
	for rule := range ruleField.Type.Fields() {
		name := rule.Name
		if name == "MaxPixels" { // neither JSON Schema nor OpenAPI has a word for what a picture holds
			continue
		}
		word := written[name]
		if word == "" {
			word = strings.ToLower(name[:1]) + name[1:]
		}
		if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, `"`+word+`":`) }) {
			t.Errorf("no schema has the word %s for the rule %s", word, name)
		}
	}
}
