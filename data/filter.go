package data

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Exact is what a list can be asked for by a column whose values are equal or not: an id, a kind, a flag. It is the field of an input, tagged
// query:"role" style:"deepObject", and reads role[eq]=admin, role[ne]=guest, role[in]=admin,editor and role[isnull]=true. What it does not name is a
// fault of the request. Conditions that come together hold together.
type Exact[T any] struct {
	Eq     tenon.Opt[T]         `json:"eq" doc:"Equal to."`
	Ne     tenon.Opt[T]         `json:"ne" doc:"Not equal to; a missing value is not."`
	In     tenon.Opt[Values[T]] `json:"in" doc:"Equal to one of several values, with commas between them."`
	IsNull tenon.Opt[bool]      `json:"isnull" doc:"true: has no value; false: has one."`
}

// On is the condition on a column. Without any it is always true.
func (f Exact[T]) On(c Column[T]) Cond {
	return allOf(when(f.Eq, c.Is), when(f.Ne, c.IsNot), in(f.In, c), null(f.IsNull, c))
}

// Ordered is what a list can be asked for by a column whose values have an order, besides what Exact has: age[lt]=65, age[lte]=64, age[gt]=17,
// age[gte]=18 and age[range]=18,64, which includes both.
type Ordered[T any] struct {
	Eq     tenon.Opt[T]         `json:"eq" doc:"Equal to."`
	Ne     tenon.Opt[T]         `json:"ne" doc:"Not equal to; a missing value is not."`
	Lt     tenon.Opt[T]         `json:"lt" doc:"Less than."`
	Lte    tenon.Opt[T]         `json:"lte" doc:"Less than or equal to."`
	Gt     tenon.Opt[T]         `json:"gt" doc:"Greater than."`
	Gte    tenon.Opt[T]         `json:"gte" doc:"Greater than or equal to."`
	In     tenon.Opt[Values[T]] `json:"in" doc:"Equal to one of several values, with commas between them."`
	Range  tenon.Opt[Values[T]] `json:"range" doc:"Two values with a comma between them: at least the first and at most the second."`
	IsNull tenon.Opt[bool]      `json:"isnull" doc:"true: has no value; false: has one."`
}

// Validate refuses a range that is not two values.
func (f Ordered[T]) Validate(context.Context) error {
	if f.Range.Set && len(f.Range.Value) != 2 {
		return problem.Fault{Pointer: "/range", Code: "range", Message: "must be two values with a comma between them"}
	}
	return nil
}

// On is the condition on a column. Without any it is always true.
func (f Ordered[T]) On(c Column[T]) Cond {
	between := Cond{}
	if f.Range.Set && len(f.Range.Value) == 2 {
		between = allOf(c.AtLeast(f.Range.Value[0]), c.AtMost(f.Range.Value[1]))
	}
	return allOf(when(f.Eq, c.Is), when(f.Ne, c.IsNot), when(f.Lt, c.Less), when(f.Lte, c.AtMost), when(f.Gt, c.Greater), when(f.Gte, c.AtLeast),
		in(f.In, c), between, null(f.IsNull, c))
}

// Text is what a list can be asked for by a column of text: name[eq]=Ada, name[ne]=Bob, name[in]=Ada,Bob, name[contains]=da, name[startswith]=A and
// name[isnull]=true. contains and startswith do as Contains and HasPrefix.
type Text struct {
	Eq         tenon.Opt[string]         `json:"eq" maxLength:"200" doc:"Equal to."`
	Ne         tenon.Opt[string]         `json:"ne" maxLength:"200" doc:"Not equal to; a missing value is not."`
	In         tenon.Opt[Values[string]] `json:"in" doc:"Equal to one of several values, with commas between them."`
	Contains   tenon.Opt[string]         `json:"contains" minLength:"1" maxLength:"200" doc:"Contains, whatever the case of its letters."`
	StartsWith tenon.Opt[string]         `json:"startswith" minLength:"1" maxLength:"200" doc:"Begins with, whatever the case of its letters."`
	IsNull     tenon.Opt[bool]           `json:"isnull" doc:"true: has no value; false: has one."`
}

// On is the condition on a column. Without any it is always true.
func (f Text) On(c Column[string]) Cond {
	return allOf(when(f.Eq, c.Is), when(f.Ne, c.IsNot), in(f.In, c), when(f.Contains, c.Contains), when(f.StartsWith, c.HasPrefix), null(f.IsNull, c))
}

// Search holds when one of the columns contains text, as Contains does; without text it is always true.
func Search(text tenon.Opt[string], columns ...Column[string]) Cond {
	if !text.Set || text.Value == "" {
		return Cond{}
	}
	conds := make([]Cond, len(columns))
	for i, c := range columns {
		conds[i] = c.Contains(text.Value)
	}
	return Or(conds...)
}

func when[T any](v tenon.Opt[T], cond func(T) Cond) Cond {
	if !v.Set {
		return Cond{}
	}
	return cond(v.Value)
}

func in[T any](v tenon.Opt[Values[T]], c Column[T]) Cond {
	if !v.Set {
		return Cond{}
	}
	return c.In(v.Value...)
}

func null[T any](v tenon.Opt[bool], c Column[T]) Cond {
	switch {
	case !v.Set:
		return Cond{}
	case v.Value:
		return c.IsNull()
	}
	return c.IsNotNull()
}
