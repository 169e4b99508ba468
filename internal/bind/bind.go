// Package bind fills the fields of an input from the path, the query, the header and the cookies of a request, by a plan that
// is made at start. Parameters are found by their index in the plan; a request makes no map.
package bind

import (
	"net/http"
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/validate"
)

// Limits bound what a request may hold. They are checked while it is read.
type Limits struct {
	QueryPairs int // name=value pairs in a query; default 100
	Cookies    int // cookies in a request; default 50
}

// Plan fills the parameters of one input type. It is read-only, but for the field, and safe for concurrent use.
type Plan struct {
	// AllowUnknownQuery lets query parameters pass that no field names. Set it before the first request; default false, each is
	// a fault "unknown".
	AllowUnknownQuery bool
	// Elsewhere are query parameters that the caller reads by itself, as with Find: here they are known, and each is given once. Set it
	// before the first request; default none.
	Elsewhere []string

	limits Limits
	path   []*param // in the order of the wildcards
	query  table
	header []*param
	cookie table
	none   bool // there are no parameters
	shares []share
}

// share is a field that takes over the value of a parameter that another input has as well.
type share struct {
	from  *param
	input int
	index []int
}

// None reports whether there are no parameters. Then an empty query needs no Bind.
func (p *Plan) None() bool { return p.none }

// Bind fills dst, an addressable value of the plan's input type. path holds the decoded values of the wildcards in their order.
// Faults go to f, at In "path", "query", "header" or "cookie" with the pointer "/name".
//
// A query string or cookie header that cannot be read whole, or that has too many pairs, is a *problem.Error bad-request with one
// located fault. An error of a Validate method of a parameter's type is returned as it is.
//
// more are values of the further input types of the plan, in their order. A parameter that several inputs have is read once; they
// share its value.
func (p *Plan) Bind(r *http.Request, path []string, dst reflect.Value, more []reflect.Value, f *validate.Faults) error {
	if p.none && r.URL.RawQuery == "" {
		return nil
	}
	b := binding{r: r, dst: dst, more: more, f: f}
	if err := p.bind(&b, path); err != nil {
		return err
	}
	for _, s := range p.shares {
		fieldAt(more[s.input-1], s.index).Set(b.field(s.from))
	}
	return nil
}

func (p *Plan) bind(b *binding, path []string) error {
	r, f := b.r, b.f
	if len(p.path) > 0 {
		f.In = "path"
	}
	for i, q := range p.path {
		if err := b.one(q, path[i]); err != nil {
			return err
		}
	}
	if r.URL.RawQuery != "" || len(p.query.params) > 0 {
		f.In = "query"
		if err := p.bindQuery(b, r.URL.RawQuery); err != nil {
			return err
		}
	}
	if len(p.header) > 0 {
		f.In = "header"
	}
	for _, q := range p.header {
		if err := b.headerField(q); err != nil {
			return err
		}
	}
	if len(p.cookie.params) == 0 {
		return nil
	}
	f.In = "cookie"
	return p.bindCookies(b, r.Header["Cookie"])
}

// binding is the filling of one input.
type binding struct {
	r    *http.Request
	dst  reflect.Value
	more []reflect.Value // the further inputs
	f    *validate.Faults

	members [][]uint8 // by index of a query parameter: how often each member of an object came
}

// one sets a scalar parameter and runs the checks of its type.
func (b *binding) one(q *param, text string) error {
	v := b.field(q)
	b.f.Push(q.name)
	q.set(v, text, b.f)
	var err error
	if q.custom != nil {
		err = q.custom(b.r.Context(), v, b.f)
	}
	b.f.Pop()
	return err
}

// item appends one item to a list parameter. v is the slice below the wrappers.
func (b *binding) item(q *param, v reflect.Value, text string) error {
	item := extend(v)
	b.f.Push(q.name)
	b.f.PushIndex(v.Len() - 1)
	q.set(item, text, b.f)
	var err error
	if q.custom != nil {
		err = q.custom(b.r.Context(), item, b.f)
	}
	b.f.Pop()
	b.f.Pop()
	return err
}

// close judges a list after its last item.
func (b *binding) close(q *param) error {
	v := q.list.target(b.field(q))
	b.f.Push(q.name)
	q.list.checks.Items(v.Len(), b.f)
	q.list.checks.Unique(v, b.f)
	var err error
	if q.list.custom != nil {
		err = q.list.custom(b.r.Context(), v, b.f)
	}
	b.f.Pop()
	return err
}

// absent sets the default of a parameter that was not sent, or notes that it is required.
func (b *binding) absent(q *param) {
	switch {
	case q.fallback != nil:
		q.fallback(b.field(q))
	case q.required:
		b.f.AddAt(q.name, message.Required.With())
	}
}

func (b *binding) duplicate(q *param) {
	b.f.AddAt(q.name, message.Duplicate.With())
}
