package reply

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// Outcome is one of several answers: a field that is a pointer to an output of its own, tagged with its status.
type Outcome struct {
	// Plan has one status.
	Plan *Plan

	name  string
	index []int
}

// addOutcome compiles a field tagged with a status.
func (c *compiler) addOutcome(p *Plan, f *shape.Field) []error {
	if f.Type.Kind != shape.Pointer {
		return []error{fmt.Errorf("an outcome is a pointer, nil unless it is the one: use *%s", f.Type.Go)}
	}
	for _, other := range p.Outcomes {
		if other.Plan.Statuses[0] == f.Tag.Code {
			return []error{fmt.Errorf("outcome %s has status %d too", other.name, f.Tag.Code)}
		}
	}
	elem := f.Type.Elem
	plan, faults := c.compile(elem, f.Tag.Code)
	switch {
	case len(faults) > 0:
		return faults
	case plan.Outcomes != nil:
		return []error{errors.New("an outcome has no outcomes of its own")}
	case plan.statusAt != nil:
		return []error{errors.New("an outcome says its status in its tag")}
	}
	for _, h := range plan.Headers {
		for _, own := range p.Headers {
			if own.Name == h.Name {
				return []error{fmt.Errorf("header %s is set by the outcome and beside it", h.Name)}
			}
		}
	}
	p.Outcomes = append(p.Outcomes, Outcome{Plan: plan, name: f.GoName, index: f.Index})
	return nil
}

// outcome answers with the one that is set.
func (p *Plan) outcome(b []byte, fields []field, r *Request, v reflect.Value) (Answer, []field, error) {
	var chosen *Outcome
	var set []string
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if !v.FieldByIndex(o.index).IsNil() {
			chosen, set = o, append(set, o.name)
		}
	}
	if len(set) != 1 {
		return Answer{Body: b}, nil, fmt.Errorf("of the outcomes exactly one is set, not %d (%s)", len(set), strings.Join(set, ", "))
	}
	at := v.FieldByIndex(chosen.index)
	return chosen.Plan.answer(b, fields, r, at.Elem(), at.Interface())
}
