package shape

import (
	"fmt"
	"reflect"
	"slices"
)

// told returns the faults of t and of all that it holds, in the order of the fields.
func (r *Reader) told(t *Type) []error {
	if len(r.faults) == 0 {
		return nil
	}
	w := walk{r: r, seen: map[*Type]bool{}}
	w.from(t)
	return w.told
}

// walk goes from a type to all that it holds.
type walk struct {
	r    *Reader
	seen map[*Type]bool // structs and unions with a name, which speak for themselves
	told []error
}

// from walks through a type that messages begin with.
func (w *walk) from(owner *Type) {
	if !w.seen[owner] {
		w.seen[owner] = true
		w.enter(owner, owner, "", nil)
	}
}

// enter tells the faults of t, which owner holds at path; within are the types on the way.
func (w *walk) enter(owner, t *Type, path string, within []*Type) {
	if t == nil || slices.Contains(within, t) {
		return
	}
	if path != "" && (t == owner || (t.Kind == Struct || t.Kind == Union) && t.Go.Name() != "") {
		w.from(t)
		return
	}
	if w.r.types[t.Go] == t { // else it is never read as JSON, as what a provider makes
		for _, err := range w.r.faults[t.Go] {
			w.told = append(w.told, fmt.Errorf("type %s: %s%w", owner.Go, place(path), err))
		}
	}
	within = append(slices.Clip(within), t)
	switch t.Kind {
	case Pointer, Null, Opt:
		w.enter(owner, t.Elem, path, within)
	default:
		w.enter(owner, t.Elem, path+"[]", within)
	}
	w.enter(owner, t.Key, path+"[key]", within)
	for _, f := range t.Fields {
		w.enter(owner, f.Type, step(path, f.GoName), within)
	}
	for _, v := range t.Variants {
		w.enter(owner, v.Type, step(path, v.GoName), within)
	}
	for _, e := range t.Embedded {
		w.from(e.Type)
	}
}

func step(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

func place(path string) string {
	switch {
	case path == "":
		return ""
	case path[0] == '[':
		return "at " + path + ": "
	}
	return "field " + path + ": "
}

// misleading says what to use in the place of a type of the standard library whose JSON form is an accident of how it is made; "" is
// any other type.
func misleading(t reflect.Type) string {
	if t.PkgPath() == "" {
		return ""
	}
	return map[string]string{
		"net/url.URL":          `a URL is a string with format:"uri"`,
		"net.HardwareAddr":     "use a type of its own with UnmarshalText and MarshalText",
		"net.IPMask":           "use netip.Prefix",
		"net.IPNet":            "use netip.Prefix",
		"encoding/json.Number": "a number whose digits are kept is a decimal.Decimal, and any JSON is a jsontext.Value",
	}[t.PkgPath()+"."+t.Name()]
}

// hides reports whether a struct has fields that are not exported, so that what it holds cannot be seen.
func hides(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.Name != "_" && !f.IsExported() && (!f.Anonymous || f.Type.Kind() != reflect.Struct || hides(f.Type)) {
			return true
		}
	}
	return false
}

// instead says what to use in the place of a type without a JSON form.
func instead(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Interface:
		return "use a union of structs, or any, or jsontext.Value for any JSON"
	case reflect.Complex64, reflect.Complex128:
		return "use a struct of two numbers"
	case reflect.Uintptr:
		return "use uint64"
	}
	return `leave the field out with the tag json:"-"`
}
