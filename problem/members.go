package problem

import (
	"encoding/json/v2"
	"errors"
)

// Kind is what an operation may declare with tenon.Fails: an *Error, or a *Typed.
type Kind interface {
	// Problem is the declaration.
	Problem() *Error
}

// Problem returns e, which makes it a Kind.
func (e *Error) Problem() *Error { return e }

// Typed is a kind of problem whose occurrences carry members of a struct beside those of every problem (extension members of RFC 9457,
// section 3.2). The document describes them, and tenontest holds answers to the description. It is no error itself: With makes one.
type Typed[T any] struct{ declared *Error }

// Members makes a kind of problem with the members of T, a struct as the body of an answer may be:
//
//	type Stock struct {
//		Available int `json:"available"`
//	}
//
//	var ErrOutOfStock = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough of it.").Members[Stock]()
//
//	return nil, ErrOutOfStock.With(Stock{Available: 3})
//
// A member that is secret, or has the name of a member of every problem, is a fault of Compile.
func (e *Error) Members[T any]() *Typed[T] {
	c := *e
	c.extension, c.extended = *new(T), false
	return &Typed[T]{&c}
}

// With makes an occurrence. The members are the caller's to leave alone afterwards.
func (k *Typed[T]) With(members T) *Error {
	c := *k.declared
	c.extension, c.extended = members, true
	return &c
}

// Of returns the members of the problem in err, when it is of this kind.
func (k *Typed[T]) Of(err error) (members T, ok bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.Is(k.declared) || !e.extended {
		return members, false
	}
	members, ok = e.extension.(T)
	return members, ok
}

// Problem is the declaration, which has no members to send.
func (k *Typed[T]) Problem() *Error {
	if k == nil {
		return nil
	}
	return k.declared
}

// Extension is the struct of the members that a kind of problem has beside those of every problem, or nil. occurred reports whether it
// holds those of an occurrence; that of a declaration is the zero value of the type.
func (e *Error) Extension() (members any, occurred bool) { return e.extension, e.extended }

// appendMembers appends members given as a JSON object, without its braces.
func appendMembers(b []byte, e *Error, object []byte) []byte {
	if object == nil && e.extended {
		encoded, err := json.Marshal(e.extension)
		if err != nil {
			return b
		}
		object = encoded
	}
	if len(object) < len(`{"":0}`) {
		return b
	}
	b = append(b, ',')
	return append(b, object[1:len(object)-1]...)
}
