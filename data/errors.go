package data

import (
	"errors"
	"slices"
)

// Kind is a kind of constraint.
type Kind string

// The kinds of constraints.
const (
	Unique     Kind = "unique"
	ForeignKey Kind = "foreign key"
	Check      Kind = "check"
	NotNull    Kind = "not null"
)

// ConstraintError says which constraint a statement violated. It holds names, never values.
type ConstraintError struct {
	// Kind is the kind of the constraint.
	Kind Kind
	// Name is the constraint's name: of a unique index, its name; of UNIQUE columns without one, table_column_key; of a
	// primary key, table_pkey; of a check, its name or its expression; of NOT NULL, table.column; of a foreign key, ""
	// (SQLite does not say).
	Name string
	// Table is where it stands; "" if that is not known.
	Table string
	// Columns are the columns that it covers; nil if they are not known.
	Columns []string

	others []string // further unique indexes on the same columns
	cause  error
}

// Error is the text for logs.
func (e *ConstraintError) Error() string {
	if e.Name == "" {
		return "data: " + string(e.Kind) + " constraint violated"
	}
	return "data: " + string(e.Kind) + " constraint " + e.Name + " violated"
}

// Unwrap returns the driver's error.
func (e *ConstraintError) Unwrap() error { return e.cause }

// IsUnique reports whether err says that the unique constraint or index of that name was violated.
func IsUnique(err error, name string) bool { return is(err, Unique, name) }

// IsCheck reports whether err says that the check constraint of that name was violated.
func IsCheck(err error, name string) bool { return is(err, Check, name) }

// IsForeignKey reports whether err says that a foreign key was violated: the row referred to is missing, or the row to be
// deleted is referred to.
func IsForeignKey(err error) bool {
	v, ok := errors.AsType[*ConstraintError](err)
	return ok && v.Kind == ForeignKey
}

func is(err error, kind Kind, name string) bool {
	v, ok := errors.AsType[*ConstraintError](err)
	return ok && v.Kind == kind && (v.Name == name || slices.Contains(v.others, name))
}
