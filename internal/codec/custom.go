package codec

import (
	"bytes"
	"encoding/json"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"reflect"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/problem"
)

// custom hands a value to the type's own method. The method sees a copy of that value and nothing else, so it can neither
// keep what is ours nor disturb the pass.
type custom struct {
	read func(v reflect.Value, raw []byte) error
}

func (n *custom) decode(s *state, v reflect.Value) bool {
	kind := s.in.kind()
	if kind == 0 || kind == 'n' {
		return s.wrong(message.Form)
	}
	raw, ok := s.in.raw()
	if !ok {
		return s.stop()
	}
	if (kind == '{' || kind == '[') && !jsontext.Value(raw).IsValid() {
		return s.add(message.DuplicateMember.With())
	}
	if err := n.read(v, bytes.Clone(raw)); err != nil {
		return s.add(formFault(err))
	}
	return true
}

// formFault takes the words of a problem.Fault. The text of any other error may hold the value, so it is not used.
func formFault(err error) problem.Fault {
	fault, _ := errors.AsType[problem.Fault](err)
	return message.Or(fault, message.Form)
}

func (c *compiler) custom(t *shape.Type, at string) node {
	p := reflect.PointerTo(t.Go)
	switch {
	case p.Implements(reflect.TypeFor[jsonv2.UnmarshalerFrom]()):
		return &custom{read: readFrom}
	case p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return &custom{read: readRaw}
	}
	c.fault(at, fmt.Errorf("type %s writes its own JSON but does not read it: give it UnmarshalJSON or UnmarshalJSONFrom", t.Go))
	return nil
}

func readRaw(v reflect.Value, raw []byte) error {
	return v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw)
}

var errNotOneValue = errors.New("the method did not read exactly one value")

// readFrom gives the method a decoder of its own that holds the one value, which makes it easy to see that it was read.
func readFrom(v reflect.Value, raw []byte) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw))
	if err := v.Addr().Interface().(jsonv2.UnmarshalerFrom).UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	if dec.StackDepth() != 0 || dec.InputOffset() != int64(len(raw)) {
		return errNotOneValue
	}
	return nil
}
