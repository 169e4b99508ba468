package tenon

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/openapi"
)

// Completer is a part of an operation that has something to do once all options have been applied: to put their middleware together, or to
// refuse what they say together.
type Completer interface {
	// Complete may change the operation, and find faults in it.
	Complete(o *Operation)
}

// Planner is a part that wants to know what the types of an operation came to.
type Planner interface {
	// Plan is called after Complete, when the input and the output are known. What it returns are faults of the operation.
	Plan(of *Planned) []error
}

// Describer is a part that adds to what the document says of the operation, such as header fields that its middleware sets.
type Describer interface {
	// Describe is called when the operation is described, but for examples and what its version says of itself. Responses that are a Ref are
	// shared with others.
	Describe(o *openapi.Operation)
}

// Planned is what the types of an operation came to.
type Planned struct{ plan *plan }

// Parameters are those that are bound, of providers too.
func (p *Planned) Parameters() []ParameterInfo { return p.plan.parameterInfos() }

// Version is that of the API which the operation is part of; "" is none.
func (p *Planned) Version() string {
	if p.plan.version == nil {
		return ""
	}
	return p.plan.version.Name
}

// Sends reports whether the body of an answer may be sent piece by piece: a stream, or a file.
func (p *Planned) Sends() bool {
	events, lines := p.plan.out.Streams()
	return events || lines || p.plan.out.Sends()
}

// Cookies reports whether the output, or an Answerer that the operation is provided with, can set cookies.
func (p *Planned) Cookies() bool {
	return p.plan.needs != nil && p.plan.needs.adds || p.plan.out.Cookies() ||
		slices.ContainsFunc(p.plan.out.Outcomes, func(o reply.Outcome) bool { return o.Plan.Cookies() })
}

// Conditional reports whether the operation evaluates the conditions of a GET by itself, as its answers have validators.
func (p *Planned) Conditional() bool { return p.plan.conditional }

// Form is the media type that a request would be answered in, in the place of what the output is by itself; "" is none. It is false where the
// request will be refused for it.
func (p *Planned) Form(r *http.Request) (media string, ok bool) {
	if p.plan.formats == nil && anything(r.Header["Accept"]) {
		return "", true
	}
	ex := exchanges.Get().(*exchange)
	defer ex.release()
	if p.plan.formats != nil {
		ex.picked = p.plan.formats.named(r.PathValue(formatSuffix))
	}
	if p.plan.acceptable(r, ex) != nil {
		return "", false
	}
	if ex.form == nil {
		return "", true
	}
	return ex.form.media, true
}

// Part is what the options of a battery share of one operation: a value of a type that is theirs alone, made when it is first asked for. When
// all options have been applied, those parts that are a Completer are completed, each once.
func (o *Operation) Part[T any]() *T {
	if known, ok := partOf[T](o); ok {
		return known
	}
	made := new(T)
	o.parts = append(o.parts, made)
	return made
}

// planned tells the parts what the operation came to.
func (p *plan) planned() []error {
	var faults []error
	for _, part := range p.op.parts {
		if planner, ok := part.(Planner); ok {
			faults = append(faults, planner.Plan(&Planned{p})...)
		}
	}
	for i, err := range faults {
		faults[i] = fmt.Errorf("%s: %w", p.name, err)
	}
	return faults
}

func partOf[T any](o *Operation) (*T, bool) {
	for _, p := range o.parts {
		if known, ok := p.(*T); ok {
			return known, true
		}
	}
	return nil, false
}

// Part is that of the operation which its options have made; false is none.
func (i *OperationInfo) Part[T any]() (*T, bool) {
	if i.op == nil {
		return nil, false
	}
	return partOf[T](i.op)
}

// Own reports whether the option that is being applied stands at the operation itself, not at its groups, the app or a provider.
func (o *Operation) Own() bool { return o.own }

// Supplied reports whether the option that is being applied is one of a provider; see App.Provide.
func (o *Operation) Supplied() bool { return o.supplied }

// Only reports whether options have said nothing but what Part[T] holds, so that nothing is lost where the part alone is used. Method and path are
// no options, and what Provides offers does nothing by itself.
func (o *Operation) Only[T any]() bool {
	for _, p := range o.parts {
		if _, ok := p.(*T); !ok {
			return false
		}
	}
	rest := *o
	rest.Method, rest.Path, rest.offers, rest.parts, rest.own, rest.supplied = "", "", nil, nil, false, false
	rest.common, rest.template = nil, ""
	return reflect.ValueOf(rest).IsZero()
}

func (o *Operation) applyOwn(opts []Option) {
	o.own = true
	o.apply(opts)
	o.own = false
}

// complete ends the application of options.
func (o *Operation) complete() {
	for _, p := range o.parts {
		if c, ok := p.(Completer); ok {
			c.Complete(o)
		}
	}
}

// offers are providers that options bring along, by the type that they make.
type offers map[reflect.Type]offer

type offer struct {
	provider *provider
	nilable  bool
}

// Provides gives operations a provider of *O that is used where neither their groups nor the app have one. It is for options that know
// something of the request, such as who calls, and has the form of a provider: see App.Provide.
func Provides[I, O any](h Handler[I, O], opts ...Option) Option {
	p := newProvider(h, opts, caller())
	return func(o *Operation) { o.offer(p.out, offer{provider: p}) }
}

// Perhaps says that the provider of *T which Provides gave may return nil for the operation. Fields of that type must then be tagged
// dep:"optional"; others are refused at start.
func (o *Operation) Perhaps[T any]() {
	known := o.offers[reflect.TypeFor[T]()]
	if known.provider == nil {
		o.Fault(errors.New("Perhaps: no option provides " + depName(reflect.TypeFor[T]())))
		return
	}
	known.nilable = true
	o.offer(reflect.TypeFor[T](), known)
}

// offer leaves the map of another copy of the operation alone.
func (o *Operation) offer(t reflect.Type, of offer) {
	next := offers{t: of}
	for other, known := range o.offers {
		if other != t {
			next[other] = known
		}
	}
	o.offers = next
}

// perhaps reports whether what is offered may be nil.
func (o offers) perhaps(t reflect.Type) bool { return o[t].nilable }

// provider finds what provides a type: the nearest group, or an option.
func (r *resolver) provider(t reflect.Type) *provider {
	if p := r.app.provider(r.group, t); p != nil {
		return p
	}
	return r.offers[t].provider
}

// absent tells of a field whose value may not be there.
func (r *resolver) absent(t reflect.Type, in *shape.Type, f *shape.Field) {
	where := "type " + in.Go.String() + ": field " + f.GoName + ": "
	if len(r.path) > 0 {
		where = r.chain() + ": " + where
	}
	r.faults = append(r.faults, errors.New(where+depName(t)+` may be absent here; tag it dep:"optional"`))
}
