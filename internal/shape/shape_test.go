package shape_test

import (
	"context"
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

type (
	name  string
	color string
	level uint8
	raw   []byte
	token struct{}
	tree  struct {
		Kids []tree         `json:"kids"`
		Up   *tree          `json:"up"`
		By   map[name]*tree `json:"by"`
	}
	anyJSON struct{}
	oldJSON struct{}
)

func (color) Enum() []color                                { return []color{"red", "green"} }
func (color) String() string                               { return "a color" }
func (*level) Enum() []level                               { return []level{1, 2} }
func (*token) UnmarshalText([]byte) error                  { return nil }
func (token) NeverEncode()                                 {}
func (*anyJSON) UnmarshalJSONFrom(*jsontext.Decoder) error { return nil }
func (oldJSON) MarshalJSON() ([]byte, error)               { return nil, nil }

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typ  reflect.Type
		kind shape.Kind
		bits int
	}{
		{reflect.TypeFor[bool](), shape.Bool, 0},
		{reflect.TypeFor[int](), shape.Int, 64},
		{reflect.TypeFor[int8](), shape.Int, 8},
		{reflect.TypeFor[uint16](), shape.Uint, 16},
		{reflect.TypeFor[float32](), shape.Float, 32},
		{reflect.TypeFor[string](), shape.String, 0},
		{reflect.TypeFor[name](), shape.String, 0},
		{reflect.TypeFor[[]byte](), shape.Bytes, 0},
		{reflect.TypeFor[raw](), shape.Bytes, 0},
		{reflect.TypeFor[[]level](), shape.Slice, 0},
		{reflect.TypeFor[[4]byte](), shape.Array, 0},
		{reflect.TypeFor[map[uuid.UUID]int](), shape.Map, 0},
		{reflect.TypeFor[time.Time](), shape.Time, 0},
		{reflect.TypeFor[time.Duration](), shape.Duration, 0},
		{reflect.TypeFor[uuid.UUID](), shape.Text, 0},
		{reflect.TypeFor[netip.Addr](), shape.Text, 0},
		{reflect.TypeFor[token](), shape.Text, 0},
		{reflect.TypeFor[anyJSON](), shape.Custom, 0},
		{reflect.TypeFor[oldJSON](), shape.Custom, 0},
		{reflect.TypeFor[struct{ A int }](), shape.Struct, 0},
		{reflect.TypeFor[*int](), shape.Pointer, 0},
		{reflect.TypeFor[tenon.Opt[int]](), shape.Opt, 0},
		{reflect.TypeFor[tenon.Null[int]](), shape.Null, 0},
		{reflect.TypeFor[tenon.Opt[tenon.Null[int]]](), shape.Opt, 0},
	} {
		got, errs := shape.NewReader().Read(tt.typ)
		if errs != nil || got.Kind != tt.kind || got.Bits != tt.bits {
			t.Errorf("%s: kind %d, %d bits, %v, want %d, %d", tt.typ, got.Kind, got.Bits, errs, tt.kind, tt.bits)
		}
	}
}

func TestPlainIsBelowTheWrappers(t *testing.T) {
	t.Parallel()
	if got := readType[tenon.Opt[tenon.Null[int]]](t).Plain(); got.Go != reflect.TypeFor[int]() {
		t.Errorf("Plain is %s", got.Go)
	}
}

func TestMethodsOfATypeAreRead(t *testing.T) {
	t.Parallel()
	if got := readType[color](t).Enum; !slices.Equal(got, []string{"red", "green"}) {
		t.Errorf("an enum of strings is %q", got)
	}
	if got := readType[level](t).Enum; !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("an enum of integers on a pointer is %q", got)
	}
	if !readType[token](t).Secret || readType[name](t).Secret {
		t.Error("NeverEncode is what makes a secret")
	}
	if got := readType[checked](t); !got.Validates || !slices.Equal(got.Needs, []string{"a"}) {
		t.Errorf("Validates is %v, Needs are %q", got.Validates, got.Needs)
	}
}

type checked struct {
	A int `json:"a"`
}

func (*checked) Validate(context.Context) error { return nil }
func (checked) ValidateNeeds() []string         { return []string{"a"} }

func TestRecursionEnds(t *testing.T) {
	t.Parallel()
	got := readType[tree](t)
	for i, elem := range []*shape.Type{got.Fields[0].Type.Elem, got.Fields[1].Type.Elem, got.Fields[2].Type.Elem.Elem} {
		if elem != got {
			t.Errorf("field %d leads to another reading of the type", i)
		}
	}
}

// friend holds itself by what may be absent, through another type.
type (
	friend struct {
		Gifts tenon.Opt[[]gift] `json:"gifts"`
	}
	gift struct {
		From tenon.Opt[friend]             `json:"from"`
		To   tenon.Opt[tenon.Null[friend]] `json:"to"`
	}
)

func TestRecursionThroughOptEnds(t *testing.T) {
	t.Parallel()
	got := readType[friend](t)
	from, to := got.Fields[0].Type.Elem.Elem.Fields[0], got.Fields[0].Type.Elem.Elem.Fields[1]
	if from.Type.Elem != got || to.Type.Elem.Elem != got {
		t.Error("a field leads to another reading of the type")
	}
	if from.Nullable || !to.Nullable || from.Required || to.Required {
		t.Errorf("%+v, %+v", from, to)
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	typ := readType[struct {
		A int                         `json:"a"`
		B *int                        `json:"b"`
		C tenon.Opt[int]              `json:"c"`
		D tenon.Null[int]             `json:"d"`
		E tenon.Opt[tenon.Null[int]]  `json:"e"`
		F int                         `json:"f" default:"1"`
		G tenon.Null[int]             `json:"g" default:"1"`
		I []int                       `json:"i"`
		J tenon.Opt[map[string]*bool] `json:"j"`
	}](t)
	want := map[string][2]bool{ // required, nullable
		"a": {true, false}, "b": {false, true}, "c": {false, false}, "d": {true, true}, "e": {false, true},
		"f": {false, false}, "g": {false, true}, "i": {true, false}, "j": {false, false},
	}
	for _, f := range typ.Fields {
		if got := [2]bool{f.Required, f.Nullable}; got != want[f.Name] {
			t.Errorf("%s: required and nullable are %v, want %v", f.Name, got, want[f.Name])
		}
	}
}

func TestEmbeddedStructsGiveTheirFields(t *testing.T) {
	t.Parallel()
	type outer struct {
		A int
		Part
		_   struct{} `additionalProperties:"true"`
		Off int      `json:"-"`
		own int
	}
	typ := readType[outer](t)
	got := make([]string, 0, len(typ.Fields))
	for _, f := range typ.Fields {
		got = append(got, f.Name+" "+f.GoName+" "+string(f.Source))
	}
	if want := []string{"A A json", "b Part.B json", "c Part.Deep.C json"}; !slices.Equal(got, want) {
		t.Errorf("fields are %q, want %q", got, want)
	}
	if !typ.AdditionalProperties || typ.IsInput() {
		t.Errorf("additional properties %v, input %v", typ.AdditionalProperties, typ.IsInput())
	}
	if len(typ.Embedded) != 1 || typ.Embedded[0].Type.Go != reflect.TypeFor[Part]() {
		t.Errorf("embedded structs that validate: %v, want Part alone", typ.Embedded)
	}
	_ = outer{}.own
}

// Part is embedded and checks itself.
type (
	Part struct {
		B int `json:"b"`
		Deep
	}
	Deep struct {
		C int `json:"c"`
	}
)

func (Part) Validate(context.Context) error { return nil }

func TestInputs(t *testing.T) {
	t.Parallel()
	typ := readType[struct {
		ID   int               `path:"id"`
		Page int               `query:"page" default:"1"`
		Key  string            `header:"X-Key"`
		Sess tenon.Opt[string] `cookie:"s"`
		Body Part              `body:""`
		Conn func()            `dep:""`
	}](t)
	want := []tag.Source{tag.Path, tag.Query, tag.Header, tag.Cookie, tag.Body, tag.Dep}
	for i, f := range typ.Fields {
		if f.Source != want[i] {
			t.Errorf("%s comes from %s, want %s", f.GoName, f.Source, want[i])
		}
	}
	if !typ.IsInput() {
		t.Error("it is no input")
	}
}

type (
	badEnum  string
	noEnum   string
	boolEnum bool
	needy    struct{ A int }
	lax      struct{ A int }
)

func (badEnum) Enum() []string               { return nil }
func (noEnum) Enum() []noEnum                { return nil }
func (boolEnum) Enum() []boolEnum            { return []boolEnum{true} }
func (needy) Validate(context.Context) error { return nil }
func (lax) Validate() error                  { return nil }
func (needy) ValidateNeeds() []string        { return []string{"b"} }

// Needy is embedded where its needs are not met.
type Needy struct{ X int }

func (Needy) Validate(context.Context) error { return nil }
func (Needy) ValidateNeeds() []string        { return []string{"Y"} }

func TestFaults(t *testing.T) {
	t.Parallel()
	type hidden struct {
		a int `query:"a"`
	}
	_ = hidden{}.a
	for _, tt := range []struct {
		name string
		typ  reflect.Type
		want string
	}{
		{"a kind without a JSON form", reflect.TypeFor[struct{ F func() }](), "func() has no JSON form"},
		{"an interface with methods", reflect.TypeFor[struct{ A interface{ M() } }](), "interface { M() } has no JSON form"},
		{"a URL", reflect.TypeFor[struct{ A *url.URL }](), `field A: url.URL has no JSON form that says what it is; a URL is a string with format:"uri"`},
		{"a hardware address", reflect.TypeFor[[]net.HardwareAddr](), "net.HardwareAddr has no JSON form that says what it is; use a type of its own"},
		{"a network", reflect.TypeFor[map[string]net.IPNet](), "net.IPNet has no JSON form that says what it is; use netip.Prefix"},
		{"a number of encoding/json", reflect.TypeFor[json.Number](), "json.Number has no JSON form that says what it is; a number whose digits are kept is a decimal.Decimal"},
		{"a struct that shows nothing", reflect.TypeFor[struct{ A *time.Location }](), "time.Location has no exported field, so nothing of it is ever read or sent"},
		{"a key of a map that is no text", reflect.TypeFor[map[bool]int](), "map keys are strings, integers or text types, not bool"},
		{"Opt within a pointer", reflect.TypeFor[*tenon.Opt[int]](), "Opt must be the outermost"},
		{"Opt as an item", reflect.TypeFor[[]tenon.Opt[int]](), "items of []tenon.Opt[int] cannot be absent"},
		{"two pointers", reflect.TypeFor[**int](), "two layers of presence"},
		{"a Null of a pointer", reflect.TypeFor[tenon.Null[*int]](), "two layers of presence"},
		{"an Opt of a pointer", reflect.TypeFor[tenon.Opt[*int]](), "two layers of presence"},
		{"a default on an Opt", reflect.TypeFor[struct {
			A tenon.Opt[int] `default:"1"`
		}](), "use the plain type"},
		{"a default on a pointer", reflect.TypeFor[struct {
			A *int `default:"1"`
		}](), "use the plain type"},
		{"read-only and write-only", reflect.TypeFor[struct {
			A int `readOnly:"true" writeOnly:"true"`
		}](), "exclude each other"},
		{"two parameters of one name", reflect.TypeFor[struct {
			A int `query:"a"`
			B int `query:"a"`
		}](), "fields A and B are both query a"},
		{"a member that an embedded struct has", reflect.TypeFor[struct {
			B int `json:"b"`
			Part
		}](), "fields B and Part.B are both"},
		{"headers of one name", reflect.TypeFor[struct {
			A int `header:"x-a"`
			B int `header:"X-A"`
		}](), "fields A and B are both header X-A"},
		{"a field without a source", reflect.TypeFor[struct {
			A int `query:"a"`
			B int
		}](), "field B has no source"},
		{"a member beside a parameter", reflect.TypeFor[struct {
			A int `query:"a"`
			B int `json:"b"`
		}](), "field B is a JSON member beside"},
		{"a source on a hidden field", reflect.TypeFor[hidden](), "field a has a source but is not exported"},
		{"an embedded pointer", reflect.TypeFor[struct{ *Part }](), "embed the struct itself"},
		{"rules on an embedded struct", reflect.TypeFor[struct {
			Part `doc:"x"`
		}](), "rules on an embedded struct have no effect"},
		{"additionalProperties on a field", reflect.TypeFor[struct {
			A int `additionalProperties:"true"`
		}](), "belongs on a blank field"},
		{"a fault of a tag", reflect.TypeFor[struct {
			A int `minimun:"1"`
		}](), "field A: tag minimun is not known, did you mean minimum?"},
		{"a fault deep down", reflect.TypeFor[map[string][]*struct {
			A struct{ F func() }
		}](), "func() has no JSON form"},
		{"an enum of another type", reflect.TypeFor[badEnum](), "want func() []badEnum"},
		{"an enum without values", reflect.TypeFor[noEnum](), "the method Enum of shape_test.noEnum returns no values"},
		{"an enum of bools", reflect.TypeFor[boolEnum](), "the method Enum of shape_test.boolEnum is not for strings or integers"},
		{"a Validate that nobody would call", reflect.TypeFor[lax](), "want Validate(context.Context) error"},
		{"a need that is no member", reflect.TypeFor[needy](), `ValidateNeeds names "b"`},
		{"a need of an embedded struct that is no member", reflect.TypeFor[struct{ Needy }](), `ValidateNeeds names "Y"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, errs := shape.NewReader().Read(tt.typ)
			if err := errors.Join(errs...); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Read = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSplitRules(t *testing.T) {
	t.Parallel()
	parsed, errs := tag.Parse(`minItems:"1" minLength:"2" enum:"aa,bb" default:"aa" doc:"x"`)
	if errs != nil {
		t.Fatal(errs)
	}
	all := parsed.Rules
	own, item := shape.SplitRules(readType[tenon.Opt[[]string]](t), all)
	if want := (tag.Rules{MinItems: all.MinItems, HasDefault: true, Default: "aa", Doc: "x"}); !reflect.DeepEqual(own, want) {
		t.Errorf("the list keeps %+v, want %+v", own, want)
	}
	if want := (tag.Rules{MinLength: all.MinLength, Enum: all.Enum}); !reflect.DeepEqual(item, want) {
		t.Errorf("the items get %+v, want %+v", item, want)
	}
	if own, item = shape.SplitRules(readType[string](t), all); !reflect.DeepEqual(own, all) || !reflect.DeepEqual(item, tag.Rules{}) {
		t.Errorf("a scalar keeps %+v and gives away %+v", own, item)
	}
}

func readType[T any](t *testing.T) *shape.Type {
	t.Helper()
	typ, errs := shape.NewReader().Read(reflect.TypeFor[T]())
	if errs != nil {
		t.Fatal(errs)
	}
	return typ
}
