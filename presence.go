package tenon

// Opt is an input that may be absent, or an output member that may be left out. The zero value is absent. It means the
// same in query, header, cookie, form and body; a path parameter is always present. In a PATCH body, absent means untouched.
// Null is refused; use Opt[Null[T]] where a member may be absent, null or a value.
type Opt[T any] struct {
	// Value is what was supplied; the zero value of T when Set is false.
	Value T
	// Set reports whether the value was supplied.
	Set bool
}

// Some is a supplied value.
func Some[T any](value T) Opt[T] { return Opt[T]{Value: value, Set: true} }

// Or returns the value, or fallback when it is absent.
func (o Opt[T]) Or(fallback T) T {
	if o.Set {
		return o.Value
	}
	return fallback
}

// Null is a value that must be present and may be null. The zero value is null.
type Null[T any] struct {
	// Value is what was supplied; the zero value of T when Valid is false.
	Value T
	// Valid reports whether the value is something other than null.
	Valid bool
}

// NotNull is a value other than null.
func NotNull[T any](value T) Null[T] { return Null[T]{Value: value, Valid: true} }

// Or returns the value, or fallback when it is null.
func (n Null[T]) Or(fallback T) T {
	if n.Valid {
		return n.Value
	}
	return fallback
}
