package codec

import "reflect"

// pointer decodes *T: null is nil.
type pointer struct {
	elem  reflect.Type
	value node
}

func (n *pointer) decode(s *state, v reflect.Value) bool {
	if s.in.peek() == 'n' {
		return s.null()
	}
	v.Set(reflect.New(n.elem))
	return n.value.decode(s, v.Elem())
}

// null reads null for a value that stays as it is.
func (s *state) null() bool {
	return s.in.literal() || s.stop()
}

// nullable decodes Null[T]: null leaves Valid false.
type nullable struct {
	valueField, validField int
	value                  node
}

func (n *nullable) decode(s *state, v reflect.Value) bool {
	if s.in.peek() == 'n' {
		return s.null()
	}
	v.Field(n.validField).SetBool(true)
	return n.value.decode(s, v.Field(n.valueField))
}

// optional decodes Opt[T], for which presence alone is a fact: absence never comes here.
type optional struct {
	valueField, setField int
	value                node
}

func (n *optional) decode(s *state, v reflect.Value) bool {
	v.Field(n.setField).SetBool(true)
	return n.value.decode(s, v.Field(n.valueField))
}

// validated runs the Validate method of a type that is not a struct after its value was read.
type validated struct {
	value node
	check customCheck
}

func (n *validated) decode(s *state, v reflect.Value) bool {
	return n.value.decode(s, v) && s.check(n.check, v)
}

// later stands for a type that is being compiled further up: the type holds itself.
type later struct {
	value node
	ruled bool // has rules of its own
}

func (n *later) decode(s *state, v reflect.Value) bool { return n.value.decode(s, v) }
