package codec_test

import (
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

type (
	inner struct {
		Name string   `json:"name" minLength:"2"`
		Kids []*inner `json:"kids"`
	}
	holder struct {
		One  inner   `json:"one"`
		More []inner `json:"more" maxItems:"1"`
	}
	broken struct {
		Name string `json:"name" format:"nonsense"`
	}
	holdsBroken struct {
		Part broken `json:"part"`
	}
	noDefault struct {
		List []broken `json:"list" default:""`
	}
)

// TestACompilerSharesStructs compiles bodies that hold one another, with rules that belong to the field and not to the struct.
func TestACompilerSharesStructs(t *testing.T) {
	t.Parallel()
	r, c := shape.NewReader(), codec.NewCompiler(validate.Builtin(), codec.Limits{})
	compile := func(typ reflect.Type) (*codec.Plan, []error) {
		shaped, errs := r.Read(typ)
		if errs != nil {
			t.Fatal(errs)
		}
		return c.Compile(shaped, tag.Rules{})
	}
	outer, errs := compile(reflect.TypeFor[holder]())
	if errs != nil {
		t.Fatal(errs)
	}
	alone, errs := compile(reflect.TypeFor[inner]())
	if errs != nil {
		t.Fatal(errs)
	}
	if _, faults := decode[inner](t, alone, `{"name":"x","kids":[{"name":"ab","kids":[]},{"kids":[]}]}`); faults != "/name minLength, /kids/1/name required" {
		t.Errorf("alone: %q", faults)
	}
	if _, faults := decode[holder](t, outer, `{"one":{"name":"ab","kids":[]},"more":[{"name":"a","kids":[]},{}]}`); faults != "/more/0/name minLength, /more maxItems" {
		t.Errorf("held: %q", faults)
	}
	if _, errs := compile(reflect.TypeFor[broken]()); len(errs) != 1 {
		t.Errorf("a broken struct has the faults %v, want one", errs)
	}
	if _, errs := compile(reflect.TypeFor[holdsBroken]()); len(errs) != 0 {
		t.Errorf("the faults %v of a struct are told again", errs)
	}
	if _, errs := compile(reflect.TypeFor[noDefault]()); len(errs) != 1 {
		t.Errorf("a default that cannot be is told as %v, want one fault", errs)
	}
}
