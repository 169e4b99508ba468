package data

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Violations say what a client is told of a violated constraint, by the constraint's name, or by table.column for foreign keys, NOT NULL and values. InUse
// is for rows that cannot be deleted, whichever constraint holds them.
//
//	var userViolations = data.Violations{
//		"users_email_key": {Problem: ErrEmailTaken, Pointer: "/email"},
//		"users_age_check": {Pointer: "/age", Message: "must be positive"},
//	}
//
//	app.Post("/users", s.create, data.Fails(userViolations))
type Violations map[string]Violation

// InUse stands in Violations for a row that others refer to.
const InUse = "in use"

// Violation is what a client is told.
type Violation struct {
	// Problem is what is answered. Default: the problem conflict (409) where something is taken or in use, validation-failed (422) else.
	Problem *problem.Error
	// In is where the member is. Default "body"; for the value of a condition, "path" where the path has a parameter of that name, else "query".
	In string
	// Pointer is the member, as a JSON Pointer. Default: that of the name of the column, where there is one; "" else.
	Pointer string
	// Message says what is wrong with it. Default: a sentence for the kind of constraint.
	Message string
}

// What is said of a member, by kind.
var (
	textUnique    = problem.DefineText("unique", "is taken")
	textInUse     = problem.DefineText("in-use", "is in use")
	textReference = problem.DefineText("reference", "refers to what is not there")
	textCheck     = problem.DefineText("check", "is not allowed")
	textNotNull   = problem.DefineText("required", "must be there")
	textValue     = problem.DefineText("value", "does not fit: it is too long, out of range, not of the form or has a character that cannot be stored")
)

// Fails makes problems of the constraints that an operation violates, and declares them: those of violations, and the problem conflict (409). It answers
// what violations do not name as well. As an option of a group or app it holds for all of its operations.
func Fails(violations ...Violations) tenon.Option {
	all := Violations{}
	for _, v := range violations {
		maps.Copy(all, v)
	}
	return func(o *tenon.Operation) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			v := all[name]
			if v.Pointer != "" && v.Pointer[0] != '/' {
				o.Fault(fmt.Errorf("data.Fails: %s: the pointer %q does not begin with /", name, v.Pointer))
			}
			if v.Problem != nil {
				tenon.Fails(v.Problem)(o)
			}
		}
		tenon.Fails(problem.New(problem.CodeConflict, ""))(o)
		tenon.MapErrors(func(err error) *problem.Error { return all.problem(err, o.Path) })(o)
	}
}

// problem is what an operation at a path says of a violated constraint.
func (v Violations) problem(err error, path string) *problem.Error {
	e, ok := errors.AsType[*ConstraintError](err)
	if !ok {
		return nil
	}
	said := v.of(e)
	if e.asked && said.In == "" && strings.Contains(path, "{"+e.Columns[0]+"}") {
		said.In = "path"
	}
	return said.problem(e)
}

// of finds what is said of a constraint; the zero value is nothing.
func (v Violations) of(e *ConstraintError) Violation {
	names := append([]string{e.Name}, e.others...)
	if e.InUse {
		names = append(names, InUse)
	} else if len(e.Columns) == 1 {
		names = append(names, e.Table+"."+e.Columns[0])
	}
	for _, name := range names {
		if said, ok := v[name]; ok {
			return said
		}
	}
	return Violation{}
}

// problem is what is answered.
func (v Violation) problem(e *ConstraintError) *problem.Error {
	f := e.text().With()
	f.In, f.Pointer = "body", v.Pointer
	if e.asked {
		f.In = "query"
	}
	if v.In != "" {
		f.In = v.In
	}
	if f.Pointer == "" && len(e.Columns) == 1 && !e.InUse {
		f.Pointer = "/" + problem.EscapeToken(e.Columns[0])
	}
	if v.Message != "" {
		f.Message = v.Message
	}
	switch {
	case v.Problem != nil && v.Problem.Status() != http.StatusUnprocessableEntity && v.Pointer == "":
		return v.Problem
	case v.Problem != nil:
		return v.Problem.WithFaults(f)
	case e.Kind == Unique || e.InUse:
		return problem.New(problem.CodeConflict, "").WithFaults(f)
	}
	return problem.Invalid(f)
}

func (e *ConstraintError) text() *problem.Text {
	switch {
	case e.InUse:
		return textInUse
	case e.Kind == Unique:
		return textUnique
	case e.Kind == ForeignKey:
		return textReference
	case e.Kind == NotNull:
		return textNotNull
	case e.Kind == Value:
		return textValue
	}
	return textCheck
}

// deletes reports whether a statement takes rows away.
func deletes(text string) bool {
	verb, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.EqualFold(verb, "DELETE")
}
