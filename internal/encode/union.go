package encode

import (
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/shape"
)

// union writes the variant that is set: the discriminator, then the members. None or several are an error.
func (c *compiler) union(t *shape.Type, path string) appender {
	type form struct {
		field  int
		append appender
	}
	forms := make([]form, 0, len(t.Variants))
	for _, v := range t.Variants {
		where := path + "." + v.GoName
		if path == "" {
			where = v.GoName
		}
		if v.Type.Secret {
			c.faultf(where, "is a secret and would be sent (type %s has the method NeverEncode)", v.Type.Go)
			continue
		}
		first, err := quote([]byte{','}, t.Discriminator)
		if err == nil {
			first, err = quote(append(first, ':'), v.Name)
		}
		if err != nil {
			c.faultf(where, "has a discriminator that is not valid UTF-8")
		}
		forms = append(forms, form{v.Index, objects(string(first), c.members(v.Type, where), nil)})
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		var set *form
		count := 0
		for i := range forms {
			if !v.Field(forms[i].field).IsNil() {
				set = &forms[i]
				count++
			}
		}
		if count != 1 {
			return b, fmt.Errorf("%d variants of %s are set, want 1", count, t.Go)
		}
		return set.append(b, v.Field(set.field).Elem(), depth)
	}
}
