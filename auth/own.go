package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Objects says whose the things of one kind are, such as rows of a table.
type Objects[T any] struct {
	// Name is what one is called, such as "post". Required.
	Name string
	// Owner is the Subject of who owns one. Required: what is loaded is held against it.
	Owner func(*T) string
	// All is the rule for those who may reach every one, such as Role("editor"). Default nil: nobody.
	All tenon.Option
	// Missing is the problem of one that is not there, or is somebody else's: the two cannot be told apart. Default: problem.NotFound.
	Missing *problem.Error
}

// Owned is a thing that the caller may reach. Only the option that Objects.Load makes hands one out, so that a handler with such a field cannot
// reach another's.
type Owned[T any] struct {
	row   *T
	whose Whose
}

// Row is the thing; nil of the zero value.
func (o Owned[T]) Row() *T { return o.row }

// Whose says whose things the caller may reach, for the statement that changes this one: it asks for the owner again, as the row may have changed
// hands.
func (o Owned[T]) Whose() Whose { return o.whose }

// InsecureOwned hands out a thing without asking anybody: for the tests of handlers.
func InsecureOwned[T any](row *T, whose Whose) Owned[T] { return Owned[T]{row, whose} }

// Whose says whose things a caller may reach. The zero value is nobody's.
type Whose struct {
	subject string
	all     bool
}

// Only is the subject whose things alone the caller may reach; it belongs into the WHERE clause of the statement. restricted is false for those
// who may reach all of them.
func (w Whose) Only() (subject string, restricted bool) { return w.subject, !w.all }

// WhoseOf is Whose for a list of such things: a handler that lists them has it in a field tagged dep:"", and filters by it in its statement.
type WhoseOf[T any] struct{ Whose }

// Load makes the option that provides *Owned[T], or Owned[T], to the operations of the app or a group, and WhoseOf[T] as Lists does. load finds one
// thing by parameters of the request and what else it needs, like a provider; it must find only what whose says, by the same statement:
//
//	posts.Load(func(ctx context.Context, in *struct{ ID int64 `path:"id"` }, whose auth.Whose) (*Post, error) {
//		… WHERE id = ? AND (author_id = ? OR ?)
//	})
//
// It returns nil where there is none. An operation that is provided so gets the rule, and Missing as a problem.
func (x Objects[T]) Load[I any](load func(ctx context.Context, in *I, whose Whose) (*T, error)) tenon.Option {
	all, err := x.rule()
	if load == nil {
		err = errors.Join(err, errors.New("auth: Objects.Load has no function"))
	}
	if err != nil {
		return wrong(err)
	}
	missing := x.missing()
	handler := func(ctx context.Context, in *I) (*Owned[T], error) {
		whose, err := whoseOf(ctx, all)
		if err != nil {
			return nil, err
		}
		row, err := load(ctx, in, whose)
		if err != nil {
			return nil, err
		}
		if row == nil {
			return nil, missing
		}
		if owner := x.Owner(row); !whose.all && (owner == "" || owner != whose.subject) {
			tenon.Report(ctx, "auth-owner", "loading a "+x.Name+" finds one of somebody else: the statement must ask for the owner")
			return nil, missing
		}
		return &Owned[T]{row, whose}, nil
	}
	provides, lists := tenon.Provides(handler, tenon.Fails(missing), about(object{name: x.Name, all: all})), x.Lists()
	return func(o *tenon.Operation) {
		lists(o)
		provides(o)
	}
}

// Lists makes the option that provides WhoseOf[T] to the operations of the app or a group, so that lists are filtered by the rule of what they list.
func (x Objects[T]) Lists() tenon.Option {
	all, err := x.rule()
	if err != nil {
		return wrong(err)
	}
	return tenon.Provides(func(ctx context.Context, _ *struct{}) (*WhoseOf[T], error) {
		whose, err := whoseOf(ctx, all)
		return &WhoseOf[T]{whose}, err
	}, about(object{name: x.Name, all: all, list: true}))
}

func about(thing object) tenon.Option {
	return func(o *tenon.Operation) {
		a := o.Part[access]()
		a.objects = append(a.objects, thing)
		o.PerCaller = true
	}
}

func (x Objects[T]) rule() (rule, error) { //nolint:ireturn // Rules are known by what they do.
	var errs []error
	if x.Name == "" {
		errs = append(errs, fmt.Errorf("auth: Objects[%T] has no Name", *new(T)))
	}
	if x.Owner == nil {
		errs = append(errs, fmt.Errorf("auth: Objects %q has no Owner", x.Name))
	}
	if err := errors.Join(errs...); err != nil || x.All == nil {
		return nil, err
	}
	all, err := rulesOf("auth: Objects "+x.Name, []tenon.Option{x.All})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (x Objects[T]) missing() *problem.Error {
	if x.Missing != nil {
		return x.Missing
	}
	return problem.NotFound("")
}

// whoseOf asks who calls. Nobody reaches nothing; and everything only who was judged by a guard, which knows the roles.
func whoseOf(ctx context.Context, all rule) (Whose, error) {
	p := From(ctx)
	if p == nil {
		return Whose{}, problem.New(problem.CodeUnauthorized, "")
	}
	c := claimant{of: p.of, by: p.by}
	return Whose{p.Subject(), all != nil && p.by != nil && all.allows(&c)}, nil
}
