package codec

import (
	"reflect"
	"time"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
)

// fallback makes what sets the default of an absent member. Each value is the request's own: a handler may change it
// without changing what the next request gets.
func (c *compiler) fallback(f *shape.Field, at string) func(reflect.Value) {
	def, err := validate.Default(f.Type, f.Tag.Rules, c.formats)
	switch {
	case err != nil:
		c.fault(at, err)
		return nil
	case flat(def.Type()):
		return func(v reflect.Value) { v.Set(def) }
	case def.Kind() == reflect.Slice && flat(def.Type().Elem()):
		return func(v reflect.Value) {
			v.Set(reflect.MakeSlice(def.Type(), def.Len(), def.Len()))
			reflect.Copy(v, def)
		}
	}
	return func(v reflect.Value) {
		// The same text was read without an error at start.
		if fresh, err := validate.Default(f.Type, f.Tag.Rules, c.formats); err == nil {
			v.Set(fresh)
		}
	}
}

// flat reports whether a copy of a value shares nothing with it that can be changed.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if !flat(f.Type) {
				return t == reflect.TypeFor[time.Time]()
			}
		}
	}
	return true
}
