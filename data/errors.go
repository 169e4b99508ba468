package data

import (
	"errors"
	"slices"
	"strings"
)

// Kind is a kind of constraint.
type Kind string

// The kinds of constraints.
const (
	Unique     Kind = "unique"
	ForeignKey Kind = "foreign key"
	Check      Kind = "check"
	NotNull    Kind = "not null"
	// Value is none that is declared: the column cannot hold the value. It is too long, out of range, or text with U+0000, which only SQLite could store.
	Value Kind = "value"
)

// ConstraintError says which constraint a statement violated. It holds names, never values. As it is, it is a problem: 409 for what is taken or in
// use, else 422. Violations say it better.
type ConstraintError struct {
	// Kind is the kind of the constraint.
	Kind Kind
	// Name is the constraint's name: of a unique index, its name; of UNIQUE columns without one, table_column_key; of a
	// primary key, table_pkey; of a check, its name or its expression; of NOT NULL and of a value, table.column, or "" where that is not
	// known; of a foreign key, its name, which on SQLite is table_column_fkey after an Insert, and else "".
	Name string
	// Table is where it stands; "" if that is not known.
	Table string
	// Columns are the columns that it covers; nil if they are not known.
	Columns []string

	// InUse reports of a foreign key that the row is referred to, so that it cannot be deleted; else, what it refers to is not there.
	InUse bool

	others   []string // further unique indexes on the same columns
	argument int      // of a value: the number of the statement's argument, from 1; 0 is not known
	asked    bool     // of a value: it is that of a condition
	cause    error
}

// Error is the text for logs.
func (e *ConstraintError) Error() string {
	if e.Kind == Value {
		return strings.TrimSpace("data: a value does not fit " + e.Name)
	}
	if e.Name == "" {
		return "data: " + string(e.Kind) + " constraint violated"
	}
	return "data: " + string(e.Kind) + " constraint " + e.Name + " violated"
}

// Unwrap returns the driver's error, where there is one, and the problem.
func (e *ConstraintError) Unwrap() []error {
	p := Violation{}.problem(e)
	if e.cause == nil {
		return []error{p}
	}
	return []error{e.cause, p}
}

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
