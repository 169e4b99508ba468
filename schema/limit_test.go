package schema_test

import (
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/schema"
)

type basket struct {
	Names  []string       `json:"names"`
	Few    []string       `json:"few" maxItems:"3"`
	Many   []string       `json:"many" maxItems:"5000"`
	Counts map[string]int `json:"counts"`
	Pair   [2]int         `json:"pair"`
	Rows   [][]int        `json:"rows"`
	Forest forest         `json:"forest"`
}

type forest []forest

func TestLimitsOfABodyAreSaid(t *testing.T) {
	t.Parallel()
	s := schema.NewSet(schema.Config{Items: 7})
	s.Of(reflect.TypeFor[basket](), schema.Input)
	golden(t, "limits", document(t, s.Components()))

	s = schema.NewSet(schema.Config{Items: 7})
	if got := text(t, s.Of(reflect.TypeFor[[]int](), schema.Output)); got != `{"type":"array","items":{"type":"integer","format":"int64"}}` {
		t.Errorf("an output is %s", got)
	}
	typ, errs := shape.NewReader().Read(reflect.TypeFor[struct {
		IDs []int `query:"id"`
	}]())
	if errs != nil {
		t.Fatal(errs)
	}
	if got := text(t, s.Field(typ.Fields[0], schema.Input)); got != `{"type":"array","items":{"type":"integer","format":"int64"}}` {
		t.Errorf("a parameter is %s", got)
	}
}
