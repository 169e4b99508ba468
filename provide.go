package tenon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenon-go/tenon/internal/last"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// Finisher is a provided value that has an end, such as a transaction. It is known from the type that a provider returns; of an
// interface, from what stands in it.
//
// Finish is called once for each value, in the reverse of the order in which they were provided, when the handler has returned and
// before the first byte of the answer is sent; of an answer that is sent piece by piece, after its last byte. err is nil when all
// went well until then, else the error of the handler, of a provider, of the stream or of an earlier Finish, a panic among them. An
// error of Finish becomes the answer when there was none before; otherwise it is logged. A session of package session is finished after all others, so
// that it is not changed when a commit fails.
//
// ctx has the values of the request's. It does not end with the request, but after 5 seconds.
type Finisher interface {
	// Finish ends the value; err says how the request went.
	Finish(ctx context.Context, err error) error
}

// Answerer is a provided value that adds to the header of the answer, such as a session that sets its cookie. It is known as a Finisher is.
//
// AnswerHeader is called when the handler has returned a value, before what is provided is finished, in the order in which values were provided. It
// may set and add fields; what the output sets takes their place, and cookies of both are sent. A problem has none of it.
type Answerer interface {
	// AnswerHeader adds to the header of an answer.
	AnswerHeader(header http.Header)
}

// provider is a registered provider without its types.
type provider struct {
	in, out reflect.Type
	fn      any // the function, for its name
	newIn   func() any
	call    func(ctx context.Context, in any) (any, error)
	opts    []Option
	site    string
	single  bool // it lives as long as the app
}

func newProvider[I, O any](h Handler[I, O], opts []Option, site string) *provider {
	p := &provider{in: reflect.TypeFor[I](), out: reflect.TypeFor[O](), fn: h, newIn: func() any { return new(I) }, opts: opts, site: site}
	if h != nil {
		p.call = untyped(h)
	}
	return p
}

// providers are those of one group, by the type that they make.
type providers map[reflect.Type]*provider

// name is what a provider returns, as messages call it: *User, or Clock for an interface.
func (p *provider) name() string { return depName(p.out) }

func depName(t reflect.Type) string {
	if t.Kind() == reflect.Interface {
		return t.String()
	}
	return "*" + t.String()
}

// depKey is the type that a provider must have for a field: T for fields *T and T.
func depKey(field reflect.Type) reflect.Type {
	if field.Kind() == reflect.Pointer {
		return field.Elem()
	}
	return field
}

// Provide registers what makes the values of the fields of type *T, or T, that are tagged dep:"": h has the form of a handler and
// returns a *T. It runs at most once for each request that needs it, after everything the request holds was checked and before the
// handler.
//
// Its input has fields from path, query, header and cookie, and dep fields; they are read, checked and documented with those of the
// operation. The options apply to every operation that needs the provider. The order of registration makes no difference. In a group,
// the provider of the innermost group wins, and that of the app comes last.
func (a *App) Provide[I, O any](h Handler[I, O], opts ...Option) {
	a.root.provide(newProvider(h, opts, caller()))
}

// Provide registers a provider for the operations of the group and of those inside it; see App.Provide.
func (g *Group) Provide[I, O any](h Handler[I, O], opts ...Option) {
	g.provide(newProvider(h, opts, caller()))
}

func (g *Group) provide(p *provider) {
	g.app.open(p.site)
	if other := g.provided[p.out]; other != nil {
		g.app.fault(p.site, fmt.Errorf("%s has a provider already, registered at %s", p.name(), other.site))
		return
	}
	if g.provided == nil {
		g.provided = providers{}
	}
	g.provided[p.out] = p
	g.app.providers = append(g.app.providers, p)
}

// provider finds the nearest provider of a type; nil is none.
func (a *App) provider(g *Group, t reflect.Type) *provider {
	p := a.root.provided[t]
	for ; g != nil && g.outer != nil; g = g.outer {
		if own := g.provided[t]; own != nil {
			p = own
			break
		}
	}
	if other := a.replaced[p]; other != nil {
		return other
	}
	return p
}

// Needs makes operations depend on a value that no field of theirs takes, such as one that counts, or lets only some callers pass.
// T is *User or User where the provider returns a *User. Such values are provided before those that fields take.
func Needs[T any]() Option {
	return func(o *Operation) { o.needs = append(o.needs, reflect.TypeFor[T]()) }
}

// made is a provider whose types are read.
type made struct {
	in       *shape.Type
	broken   bool // what it cannot be was told
	finishes bool
	last     bool // it is finished after all others
	answers  bool
	adds     bool // it certainly adds to the header of an answer
}

var finisher, finishesLast, answering = reflect.TypeFor[Finisher](), reflect.TypeFor[last.Finisher](), reflect.TypeFor[Answerer]()

// readProviders reads the types of all providers, and tells what is wrong with them whoever needs them.
func (a *App) readProviders() {
	a.made = map[*provider]*made{}
	for _, p := range a.providers {
		a.typed(p)
	}
}

// typed reads the types of one provider, once.
func (a *App) typed(p *provider) *made {
	if m := a.made[p]; m != nil {
		return m
	}
	perhaps := func(method reflect.Type) bool {
		return p.out.Kind() == reflect.Interface || reflect.PointerTo(p.out).Implements(method)
	}
	m := &made{finishes: perhaps(finisher), answers: perhaps(answering), adds: reflect.PointerTo(p.out).Implements(answering)}
	m.last = reflect.PointerTo(p.out).Implements(finishesLast)
	a.made[p] = m
	for _, err := range a.readProvider(p, m) {
		m.broken = true
		a.fault(p.site, fmt.Errorf("provider of %s: %w", p.name(), err))
	}
	return m
}

func (a *App) readProvider(p *provider, m *made) []error {
	if p.call == nil {
		return []error{errors.New("the function is nil")}
	}
	if p.out.Kind() == reflect.Pointer {
		return []error{fmt.Errorf("it returns %s; return one pointer", reflect.PointerTo(p.out))}
	}
	in, faults := a.shapes.Read(p.in)
	m.in = in
	if in.Kind != shape.Struct || len(in.Fields) > 0 && !in.IsInput() {
		return append(faults, fmt.Errorf("type %s: the input of a provider is a struct with fields from path, query, header, cookie or dep", p.in))
	}
	var names []string
	for _, f := range in.Fields {
		switch f.Source {
		case tag.Path:
			names = append(names, f.Name)
		case tag.Query, tag.Header, tag.Cookie:
		case tag.Dep:
			faults = append(faults, checkDep(in, f)...)
			continue
		default:
			faults = append(faults, fmt.Errorf("type %s: field %s: a provider has no %s", in.Go, f.GoName, f.Source))
			continue
		}
		if p.single {
			faults = append(faults, fmt.Errorf("type %s: field %s: what lives as long as the app is made without a request, so it has no %s parameter",
				in.Go, f.GoName, f.Source))
		}
	}
	if len(faults) == 0 {
		_, faults = a.bindings(in, names)
	}
	return faults
}

// checkDep refuses a dep field that could not say that nothing was provided.
func checkDep(in *shape.Type, f *shape.Field) []error {
	kind := f.Type.Go.Kind()
	if f.Tag.Optional && kind != reflect.Pointer && kind != reflect.Interface {
		return []error{fmt.Errorf(`type %s: field %s: dep:"optional" is for what can be nil, a pointer or an interface, not for %s`,
			in.Go, f.GoName, f.Type.Go)}
	}
	return nil
}
