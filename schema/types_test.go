package schema_test

import (
	"encoding/json/jsontext"
	"net/netip"
	"reflect"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/schema"
)

type color string

func (color) Enum() []color { return []color{"red", "green"} }

type level int

func (level) Enum() []level { return []level{1, 2, 3} }

type money struct{}

func (m *money) UnmarshalText([]byte) error  { return nil }
func (m money) MarshalText() ([]byte, error) { return nil, nil }
func (money) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"string"}, Pattern: `^[0-9]+\.[0-9]{2}$`}
}

// maybe allows null by itself.
type maybe struct{}

func (*maybe) MarshalJSON() ([]byte, error) { return nil, nil }
func (*maybe) JSONSchema() *schema.Schema   { return &schema.Schema{Types: []string{"string", "null"}} }

// silent does not say what it is.
type silent struct{}

func (silent) MarshalText() ([]byte, error) { return nil, nil }
func (silent) JSONSchema() *schema.Schema   { return nil }

type key struct{}

func (k *key) UnmarshalText([]byte) error { return nil }
func (key) NeverEncode()                  {}

func TestTypes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		typ  reflect.Type
		want string
	}{
		{"boolean", reflect.TypeFor[bool](), `{"type":"boolean"}`},
		{"int is 64 bits wide", reflect.TypeFor[int](), `{"type":"integer","format":"int64"}`},
		{"int64", reflect.TypeFor[int64](), `{"type":"integer","format":"int64"}`},
		{"int32 has bounds", reflect.TypeFor[int32](), `{"type":"integer","format":"int32","minimum":-2147483648,"maximum":2147483647}`},
		{"int8 has bounds", reflect.TypeFor[int8](), `{"type":"integer","format":"int32","minimum":-128,"maximum":127}`},
		{"uint starts at 0", reflect.TypeFor[uint](), `{"type":"integer","format":"uint64","minimum":0}`},
		{"uint32 needs int64", reflect.TypeFor[uint32](), `{"type":"integer","format":"int64","minimum":0,"maximum":4294967295}`},
		{"uint8 has bounds", reflect.TypeFor[uint8](), `{"type":"integer","format":"int32","minimum":0,"maximum":255}`},
		{"float32", reflect.TypeFor[float32](), `{"type":"number","format":"float"}`},
		{"float64", reflect.TypeFor[float64](), `{"type":"number","format":"double"}`},
		{"string", reflect.TypeFor[string](), `{"type":"string"}`},
		{"bytes", reflect.TypeFor[[]byte](), `{"type":"string","contentEncoding":"base64"}`},
		{"time", reflect.TypeFor[time.Time](), `{"type":"string","format":"date-time"}`},
		{"duration", reflect.TypeFor[time.Duration](), `{"type":"string","format":"duration"}`},
		{"uuid", reflect.TypeFor[uuid.UUID](), `{"type":"string","format":"uuid"}`},
		{"an address is of either version", reflect.TypeFor[netip.Addr](), `{"type":"string"}`},
		{"a secret text", reflect.TypeFor[key](), `{"type":"string","format":"password"}`},
		{"a type that describes itself", reflect.TypeFor[money](), `{"type":"string","pattern":"^[0-9]+\\.[0-9]{2}$"}`},
		{"a type that allows null itself", reflect.TypeFor[*maybe](), `{"type":["string","null"]}`},
		{"a type that says nothing of itself", reflect.TypeFor[silent](), `{"type":"string"}`},
		{"any JSON", reflect.TypeFor[jsontext.Value](), `{}`},
		{"enum of strings", reflect.TypeFor[color](), `{"type":"string","enum":["red","green"]}`},
		{"enum of integers", reflect.TypeFor[level](), `{"type":"integer","format":"int64","enum":[1,2,3]}`},
		{"null of a scalar", reflect.TypeFor[*string](), `{"type":["string","null"]}`},
		{"null of an enum", reflect.TypeFor[*color](), `{"type":["string","null"],"enum":["red","green",null]}`},
		{"null of any JSON", reflect.TypeFor[*jsontext.Value](), `{}`},
		{"null of a component", reflect.TypeFor[*node](), `{"anyOf":[{"$ref":"#/components/schemas/Node"},{"type":"null"}]}`},
		{"list", reflect.TypeFor[[]int16](), `{"type":"array","items":{"type":"integer","format":"int32","minimum":-32768,"maximum":32767}}`},
		{"list with nulls", reflect.TypeFor[[]*bool](), `{"type":"array","items":{"type":["boolean","null"]}}`},
		{"array of fixed length", reflect.TypeFor[[2]string](), `{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":2}`},
		{"map", reflect.TypeFor[map[string]bool](), `{"type":"object","additionalProperties":{"type":"boolean"}}`},
		{"map by integer", reflect.TypeFor[map[int]bool](), `{"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"pattern":"^(0|-?[1-9][0-9]*)$"}}`},
		{"map by natural number", reflect.TypeFor[map[uint8]bool](), `{"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"pattern":"^(0|[1-9][0-9]*)$"}}`},
		{"map by enum", reflect.TypeFor[map[color]bool](), `{"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"enum":["red","green"]}}`},
		{"map by uuid", reflect.TypeFor[map[uuid.UUID]bool](), `{"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"format":"uuid"}}`},
		{"struct without a name", reflect.TypeFor[struct {
			A int `json:"a"`
		}](), `{"type":"object","properties":{"a":{"type":"integer","format":"int64"}},"required":["a"],"additionalProperties":false}`},
		{"a channel cannot be described", reflect.TypeFor[chan int](), `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text(t, schema.NewSet(schema.Config{}).Of(tt.typ, schema.Input)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
