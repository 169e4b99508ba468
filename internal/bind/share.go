package bind

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// known is a parameter that an input has already.
type known struct {
	field *shape.Field
	input *shape.Type
	param *param
}

// find returns the parameter that a field of another input means as well; nil is none.
func find(seen []*known, f *shape.Field) *known {
	for _, k := range seen {
		if Same(k.field, f) {
			return k
		}
	}
	return nil
}

// Same reports whether two fields mean one parameter of a request.
func Same(f, g *shape.Field) bool {
	return f.Source == g.Source && (f.Name == g.Name || f.Source == tag.Header && strings.EqualFold(f.Name, g.Name))
}

// agree refuses a parameter that two inputs describe in different ways: it is read and judged once.
func (c *compiler) agree(k *known, f *shape.Field) {
	if k.field.Type.Go != f.Type.Go {
		c.fault(f, fmt.Errorf("the %s parameter %s has the type %s, and %s in field %s of %s; give both one type",
			f.Source, f.Name, f.Type.Go, k.field.Type.Go, k.field.GoName, k.input.Go))
		return
	}
	if !reflect.DeepEqual(judged(k.field.Tag), judged(f.Tag)) {
		c.fault(f, fmt.Errorf("the %s parameter %s has other rules in field %s of %s; give both the same", f.Source, f.Name, k.field.GoName, k.input.Go))
	}
}

// judged is a tag without what is only said to people.
func judged(t tag.Tag) tag.Tag {
	t.Name, t.Rules.Doc, t.Rules.Examples = "", "", nil
	return t
}
