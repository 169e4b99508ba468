package codec

import (
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
)

// decimal hands the text of a number to a type that keeps all of its digits.
type decimal struct{ setter validate.Setter }

func (n *decimal) decode(s *state, v reflect.Value) bool {
	if !s.in.atNumber() {
		return s.wrong(message.Number)
	}
	text, ok := s.in.number()
	if !ok {
		return s.stop()
	}
	n.setter(v, string(text), s.f)
	return true
}

func (c *compiler) decimal(t *shape.Type, r tag.Rules, at string) node {
	setter, err := validate.Scalar(t, c.checks(t, r, at))
	if err != nil {
		c.fault(at, err)
	}
	return &decimal{setter: setter}
}
