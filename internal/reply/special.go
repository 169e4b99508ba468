package reply

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Special is a type of output that the root package answers by itself, such as tenon.NoContent.
type Special struct {
	// Type is the type; outputs and outcomes are pointers to it.
	Type reflect.Type
	// Statuses are those that it can have; the first is the default.
	Statuses []int
	// Media are the media types of its body when its tag does not say them; nil is no body.
	Media []string
	// Ranges reports that a GET may ask for a part, and may be conditional.
	Ranges bool
	// Open makes what sends a value, a pointer to Type. types are those of a tag. After an error the sender, if any, is closed.
	// Nil sends the status alone.
	Open func(out any, types []string) (Sender, error)
}

// specialContent is a body that such a type sends by itself.
type specialContent struct {
	special *Special
	types   []string
}

func (c specialContent) write(b []byte, v reflect.Value) ([]byte, Sender, error) {
	sender, err := c.special.Open(v.Interface(), c.types)
	return b, sender, err
}

func (c *compiler) special(t reflect.Type) *Special {
	for i := range c.specials {
		if c.specials[i].Type == t {
			return &c.specials[i]
		}
	}
	return nil
}

// compile makes the plan of an output that is such a type.
func (s *Special) compile(status int) (*Plan, []error) {
	if status == 0 {
		status = s.Statuses[0]
	}
	if !slices.Contains(s.Statuses, status) {
		var words []string
		for _, code := range s.Statuses {
			words = append(words, strconv.Itoa(code))
		}
		return nil, []error{fmt.Errorf("%s goes with status %s, not %d (%s)", s.Type.Name(), strings.Join(words, " or "), status, http.StatusText(status))}
	}
	p := &Plan{Statuses: []int{status}, special: s}
	if s.Media != nil {
		p.Body = &Body{Media: s.Media}
	}
	return p, nil
}
