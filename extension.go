package tenon

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/tenon-go/tenon/internal/encode"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/problem"
)

// extensions hold how the members of typed problems are written, by the type of the struct. What operations declare is compiled at
// start, what they do not declare when it is met.
type extensions struct {
	plans sync.Map
	names func(field string) string // Config.Names
}

// extensionPlan writes the members of one type, or says why it cannot.
type extensionPlan struct {
	encode encode.Append
	err    error
}

// reserved are the members of every problem.
var reserved = []string{"type", "title", "status", "detail", "instance", "code", "params", "errors"}

func (x *extensions) of(members any) *extensionPlan {
	t := reflect.TypeOf(members)
	if p, ok := x.plans.Load(t); ok {
		return p.(*extensionPlan)
	}
	p, _ := x.plans.LoadOrStore(t, compileExtension(t, x.names))
	return p.(*extensionPlan)
}

func compileExtension(t reflect.Type, names func(string) string) *extensionPlan {
	reader := shape.NewReader()
	reader.Names = names
	typ, faults := reader.Read(t)
	if len(faults) > 0 {
		return &extensionPlan{err: errors.Join(faults...)}
	}
	if typ.Kind != shape.Struct || typ.IsInput() {
		return &extensionPlan{err: fmt.Errorf("%s is not a struct of members (json tags)", t)}
	}
	var errs []error
	for _, f := range typ.Fields {
		if f.Source == tag.Member && slices.Contains(reserved, f.Name) {
			errs = append(errs, fmt.Errorf("%s.%s: every problem has a member %s", t, f.GoName, f.Name))
		}
	}
	p := &extensionPlan{}
	p.encode, faults = encode.Compile(typ)
	p.err = errors.Join(append(errs, faults...)...)
	return p
}

// members are the extension members of a problem as a JSON object; nil are none.
func (x *extensions) members(e *problem.Error) ([]byte, error) {
	members, occurred := e.Extension()
	if !occurred {
		return nil, nil
	}
	p := x.of(members)
	if p.err != nil {
		return nil, p.err
	}
	v := reflect.New(reflect.TypeOf(members)).Elem() // addressable, as the methods of its types may need
	v.Set(reflect.ValueOf(members))
	return p.encode(nil, v)
}

// check says what is wrong with the members that a problem declares.
func (x *extensions) check(e *problem.Error) error {
	members, _ := e.Extension()
	if members == nil {
		return nil
	}
	if err := x.of(members).err; err != nil {
		return fmt.Errorf("problem %q: members: %w", e.Code(), err)
	}
	return nil
}

// checkExtensions looks at the members of what an operation declares.
func (a *App) checkExtensions(op *Operation) []error {
	var faults []error
	for _, e := range op.Fails {
		if e == nil {
			continue // which is a fault already
		}
		if err := a.extensions.check(e); err != nil {
			faults = append(faults, sharedError{err})
		}
	}
	return faults
}
