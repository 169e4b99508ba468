package encode

import (
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/internal/shape"
)

// arrays writes slices and arrays; a nil slice is [].
func arrays(item *node) appender {
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		if depth >= maxDepth {
			return b, errDepth
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = item.append(b, v.Index(i), depth+1); err != nil {
				return b, at("["+strconv.Itoa(i)+"]", err)
			}
		}
		return append(b, ']'), nil
	}
}

func pointers(elem *node) appender {
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		return elem.append(b, v.Elem(), depth)
	}
}

// wrappers writes Null and Opt. An unset Opt that is a field has been left out before.
func wrappers(t *shape.Type, elem *node) appender {
	present := "Valid"
	if t.Kind == shape.Opt {
		present = "Set"
	}
	flag, _ := t.Go.FieldByName(present)
	value, _ := t.Go.FieldByName("Value")
	f, i := flag.Index[0], value.Index[0]
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		if !v.Field(f).Bool() {
			return append(b, "null"...), nil
		}
		return elem.append(b, v.Field(i), depth)
	}
}
