package tenon

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/problem"
)

// layer is a set of options that were given together.
type layer struct {
	name, site string
	opts       []Option
}

// layers are the options that reach an operation, the farthest first: of the app, of the groups, of the providers that it needs, and
// its own.
func (p *plan) layers() []layer {
	layers := []layer{{"operation", p.site, p.entry.opts}}
	if p.needs != nil {
		for _, s := range slices.Backward(p.needs.steps) {
			layers = append(layers, layer{"provider of " + s.p.name(), s.p.site, s.p.opts})
		}
	}
	if v := p.version; v != nil {
		layers = append(layers, layer{"version " + v.Name, v.of.site, v.Options})
	}
	for g := p.entry.group; g != nil; g = g.outer {
		name := "group " + g.prefix
		if g.outer == nil {
			name = "app"
		}
		layers = append(layers, layer{name, g.site, g.own})
	}
	slices.Reverse(layers)
	return layers
}

// slotFields are the fields of an Operation that hold middleware, in the order in which it runs.
var slotFields = [...]string{"BeforeAuth", "Auth", "AfterAuth"}

// origin says where what an operation has came from.
type origin struct {
	options []OptionInfo
	slots   [len(slotFields)][]MiddlewareInfo
}

// origins applies the options of an operation one by one and sees what each changes.
func origins(p *plan) origin {
	var o origin
	op := &Operation{Method: p.op.Method, Path: p.op.Path, common: p.op.common, template: p.op.template}
	setters := map[string]int{} // what holds one value, or one for each key: the option that set it last
	var sets []map[string]bool  // by option: what it set that holds
	layers := p.layers()
	if len(p.op.parts) > 0 {
		layers = append(layers, layer{"all options", p.site, []Option{(*Operation).complete}})
	}
	for _, l := range layers {
		op.own = l.name == "operation"
		for _, opt := range l.opts {
			before := snapshot(op)
			opt(op)
			info := OptionInfo{Name: funcName(opt), Layer: l.name, Site: l.site}
			held := map[string]bool{}
			for _, c := range changes(before, reflect.ValueOf(op).Elem()) {
				info.Sets = append(info.Sets, c.text)
				if i, ok := setters[c.key]; ok && c.replaces {
					delete(sets[i], c.key)
				}
				setters[c.key], held[c.key] = len(o.options), true
				if slot := slices.Index(slotFields[:], c.field); slot >= 0 {
					o.slots[slot] = append(o.slots[slot], c.middleware(l.name, info.Name)...)
				}
			}
			o.options, sets = append(o.options, info), append(sets, held)
		}
	}
	for i := range o.options {
		o.options[i].Overridden = len(o.options[i].Sets) > 0 && len(sets[i]) == 0
	}
	return o
}

// snapshot is a copy of an operation that its options do not reach.
func snapshot(op *Operation) reflect.Value {
	v := reflect.New(reflect.TypeFor[Operation]()).Elem()
	v.Set(reflect.ValueOf(op).Elem())
	for _, f := range v.Fields() {
		if f.Kind() != reflect.Map || f.IsNil() || !f.CanSet() {
			continue
		}
		c := reflect.MakeMap(f.Type())
		for k, x := range f.Seq2() {
			c.SetMapIndex(k, x)
		}
		f.Set(c)
	}
	return v
}

// change is what an option did to a field of an operation.
type change struct {
	field    string
	key      string // of what it replaces, if it replaces
	replaces bool
	text     string
	added    []reflect.Value // to a list
}

func changes(before, after reflect.Value) []change {
	var found []change
	for i := range after.NumField() {
		name := after.Type().Field(i).Name
		if !after.Type().Field(i).IsExported() {
			continue
		}
		old, now := before.Field(i), after.Field(i)
		switch now.Kind() {
		case reflect.Slice:
			if c, ok := appended(name, old, now); ok {
				found = append(found, c)
			}
		case reflect.Map:
			found = append(found, entries(name, old, now)...)
		default:
			if !reflect.DeepEqual(old.Interface(), now.Interface()) {
				found = append(found, change{field: name, key: name, replaces: true, text: name + "=" + told(now)})
			}
		}
	}
	return found
}

// appended is what a list has more, or all of a list that was replaced.
func appended(name string, old, now reflect.Value) (change, bool) {
	c := change{field: name, key: name}
	from := old.Len()
	if now.Len() <= from {
		if now.Len() == from && (from == 0 || now.Pointer() == old.Pointer()) {
			return c, false
		}
		c.replaces, from = true, 0
	}
	var texts []string
	for i := from; i < now.Len(); i++ {
		c.added = append(c.added, now.Index(i))
		texts = append(texts, told(now.Index(i)))
	}
	c.text = name + "=" + strings.Join(texts, ", ")
	return c, true
}

// entries are the keys of a map that are new or have another value.
func entries(name string, old, now reflect.Value) []change {
	found := map[string]change{}
	for k, v := range now.Seq2() {
		was := reflect.Value{}
		if old.Len() > 0 {
			was = old.MapIndex(k)
		}
		if !was.IsValid() || !reflect.DeepEqual(was.Interface(), v.Interface()) {
			key := fmt.Sprintf("%s[%v]", name, k)
			found[key] = change{field: name, key: key, replaces: true, text: key + "=" + told(v)}
		}
	}
	var sorted []change
	for _, key := range slices.Sorted(maps.Keys(found)) {
		sorted = append(sorted, found[key])
	}
	return sorted
}

// middleware names what was added to a slot: by its own name, or where it is a closure of another package's by that of the option.
func (c change) middleware(layer, option string) []MiddlewareInfo {
	var infos []MiddlewareInfo
	for _, v := range c.added {
		name := funcName(v.Interface())
		if strings.HasPrefix(name, "tenon.") {
			name = option
		}
		infos = append(infos, MiddlewareInfo{Name: name, Layer: layer})
	}
	return infos
}

// told is a value as one line.
func told(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case *problem.Error:
		if x == nil {
			return "nil"
		}
		return x.Code()
	case Middleware:
		return funcName(x)
	case BodyExample:
		return x.Name
	case string:
		if i := strings.IndexByte(x, '\n'); i >= 0 {
			x = x[:i] + "…"
		}
		if r := []rune(x); len(r) > 80 {
			x = string(r[:79]) + "…"
		}
		return x
	}
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		return told(v.Elem())
	}
	return fmt.Sprintf("%+v", v.Interface())
}
