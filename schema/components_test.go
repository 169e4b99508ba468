package schema_test

import (
	"net/mail"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/schema"
)

type node struct {
	Name     string `json:"name"`
	Children []node `json:"children"`
	Parent   *node  `json:"parent,omitzero"`
	Links    links  `json:"links"`
}

// links holds itself without a struct that has a name.
type links map[string][]links

type address struct {
	Street string `json:"street" minLength:"1"`
	City   string `json:"city" doc:"Where it lies."`
}

// Address has the same name, but for its case, as address and mail.Address.
type Address struct {
	Zip string `json:"zip"`
}

type account struct {
	ID       int64     `json:"id" readOnly:"true"`
	Email    string    `json:"email" format:"email" doc:"Where mails go."`
	Password string    `json:"password" writeOnly:"true" minLength:"12"`
	Role     string    `json:"role" enum:"user,admin" default:"user"`
	Nick     *string   `json:"nick" maxLength:"20"`
	Home     address   `json:"home"`
	Work     *address  `json:"work" doc:"The office."`
	Seen     time.Time `json:"seen,omitzero" readOnly:"true"`
	Old      bool      `json:"old" deprecated:"true"`
}

type invoice struct {
	Payer account `json:"payer"`
}

type open struct {
	_ struct{} `additionalProperties:"true"`
	A int      `json:"a"`
}

type pair[A, B any] struct {
	First  A `json:"first"`
	Second B `json:"second"`
}

func TestComponents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string // of the golden file
		ask  func(*schema.Set)
	}{
		{"recursion", func(s *schema.Set) { s.Of(reflect.TypeFor[node](), schema.Output) }},
		{"input", func(s *schema.Set) { s.Of(reflect.TypeFor[account](), schema.Input) }},
		{"output", func(s *schema.Set) { s.Of(reflect.TypeFor[account](), schema.Output) }},
		{"both", func(s *schema.Set) {
			s.Of(reflect.TypeFor[invoice](), schema.Input)
			s.Of(reflect.TypeFor[invoice](), schema.Output)
		}},
		{"open", func(s *schema.Set) { s.Of(reflect.TypeFor[open](), schema.Input) }},
		{"generic", func(s *schema.Set) { s.Of(reflect.TypeFor[page.Of[address]](), schema.Output) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := schema.NewSet(schema.Config{})
			tt.ask(s)
			golden(t, tt.name, document(t, s.Components()))
		})
	}
}

func TestComponentNames(t *testing.T) {
	t.Parallel()
	type local struct{ A int }
	one := reflect.TypeFor[local]()
	for _, tt := range []struct {
		name  string
		types []reflect.Type
		want  []string
	}{
		{"the name of the type", types[Address](), []string{"Address"}},
		{"a type argument follows", types[pair[string, Address]](), []string{"Address", "PairStringAddress"}},
		{"lists, maps and nulls are told apart", slices.Concat(types[pair[[]int, *int]](), types[pair[int, map[string]int]]()), []string{"PairIntMapStringInt", "PairListIntNullableInt"}},
		{"a short name has its package in front", types[page.Of[Address]](), []string{"Address", "PageOfAddress"}},
		{"generics in generics", types[page.Of[pair[int, Address]]](), []string{"Address", "PageOfPairIntAddress", "PairIntAddress"}},
		{"a clash is settled by packages", slices.Concat(types[Address](), types[mail.Address]()), []string{"MailAddress", "SchemaTestAddress"}},
		{"also within type arguments", slices.Concat(types[page.Of[Address]](), types[page.Of[mail.Address]]()), []string{"MailAddress", "PageOfMailAddress", "PageOfSchemaTestAddress", "SchemaTestAddress"}},
		{"a clash within one package is numbered", slices.Concat(types[Address](), types[address]()), []string{"Address", "Address2"}},
		{"types within functions are numbered", []reflect.Type{one, elsewhere()}, []string{"Local", "Local2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			forward := ask(tt.types)
			slices.Reverse(tt.types)
			backward := ask(tt.types)
			names := make([]string, len(forward))
			for i, c := range forward {
				names[i] = c.Name
			}
			if !slices.Equal(names, tt.want) {
				t.Errorf("names %q, want %q", names, tt.want)
			}
			if a, b := document(t, forward), document(t, backward); string(a) != string(b) {
				t.Errorf("the order of questions matters:\n%s\n%s", a, b)
			}
		})
	}
}

func types[T any]() []reflect.Type { return []reflect.Type{reflect.TypeFor[T]()} }

func elsewhere() reflect.Type {
	type local struct{ B int }
	return reflect.TypeFor[local]()
}

func ask(list []reflect.Type) []schema.Named {
	s := schema.NewSet(schema.Config{})
	for _, typ := range list {
		s.Of(typ, schema.Output)
	}
	return s.Components()
}

func TestDefine(t *testing.T) {
	t.Parallel()
	s := schema.NewSet(schema.Config{})
	ref := s.Of(reflect.TypeFor[Address](), schema.Output)
	defined := s.Define("Address", &schema.Schema{Description: "Kept."})
	if got := text(t, defined); got != `{"$ref":"#/components/schemas/Address"}` {
		t.Errorf("the defined component is %s", got)
	}
	if got := text(t, ref); got != `{"$ref":"#/components/schemas/SchemaTestAddress"}` {
		t.Errorf("the type is %s", got)
	}
}

func TestInputVariantTakesAFreeName(t *testing.T) {
	t.Parallel()
	s := schema.NewSet(schema.Config{})
	s.Of(reflect.TypeFor[invoice](), schema.Output)
	s.Define("InvoiceInput", &schema.Schema{})
	ref := s.Of(reflect.TypeFor[invoice](), schema.Input)
	if got := text(t, ref); got != `{"$ref":"#/components/schemas/Invoice.Input"}` {
		t.Errorf("the input is %s", got)
	}
}
