package tenon

import (
	"slices"

	"github.com/tenon-go/tenon/internal/shape"
)

// Fields is what a request says about the members that it wants of each T: embed it in an input, and answer what Pick makes.
//
//	type listUsers struct {
//		page.Query
//		tenon.Fields[UserView]
//	}
//
// The parameter is fields=id,name; the document lists the names, and another one is a fault of the request. Members that are an Opt are not
// among them: a request asks for those by Include.
type Fields[T any] struct {
	// Only are the members that are wanted. Default all.
	Only Opt[[]FieldOf[T]] `query:"fields" explode:"false" minItems:"1" uniqueItems:"true" doc:"Members of each item, with commas between them. Default all."`
}

// Pick is a value of which the members that the request wants are sent.
func (f Fields[T]) Pick(value T) Sparse[T] { return Sparse[T]{Value: value, only: f.Only.Value} }

// Sparse is a T of which some members are left out. The zero value of a Sparse sends all. It is an item of an output, or an output, and
// never an input; in the document it is an object with the members of T, none of which is required.
type Sparse[T any] struct {
	// Value is the whole.
	Value T

	only []FieldOf[T]
}

// FieldOf is the name of a member of T that is always sent, unless Fields leaves it out.
type FieldOf[T any] string

// Enum lists the names.
func (FieldOf[T]) Enum() []FieldOf[T] {
	always, _ := shape.MembersOf[T]()
	return named[FieldOf[T]](always)
}

// Include is what a request wants besides: members of T that are an Opt, as they cost more to find. Embed it in an input.
//
//	type UserView struct {
//		ID    int64                     `json:"id"`
//		Posts tenon.Opt[[]PostView] `json:"posts"`
//	}
//
// The parameter is include=posts. What Wants says is for the handler to find.
type Include[T any] struct {
	// Also are the members that are wanted. Default none.
	Also Opt[[]IncludeOf[T]] `query:"include" explode:"false" uniqueItems:"true" doc:"What to send besides, with commas between the names."`
}

// Wants reports whether the request wants a member.
func (i Include[T]) Wants(member IncludeOf[T]) bool {
	return slices.Contains(i.Also.Value, member)
}

// IncludeOf is the name of a member of T that is an Opt.
type IncludeOf[T any] string

// Enum lists the names.
func (IncludeOf[T]) Enum() []IncludeOf[T] {
	_, optional := shape.MembersOf[T]()
	return named[IncludeOf[T]](optional)
}

func named[N ~string](names []string) []N {
	list := make([]N, len(names))
	for i, name := range names {
		list[i] = N(name)
	}
	return list
}
