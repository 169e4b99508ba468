package encode

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// piece is one written member of a map: ,"name":value at from..to in the buffer.
type piece struct {
	name     string
	from, to int
}

var errTwice = errors.New("two keys of the map are written alike")

// mapping compiles a map. Members are written in the order of iteration, into two values that are used again for each,
// and then put in the order of their names.
func (c *compiler) mapping(t *shape.Type, path string) appender {
	name := c.key(t.Key, path)
	elem := c.compile(t.Elem, path+"[]")
	return func(b []byte, v reflect.Value, depth int) ([]byte, error) {
		if depth >= maxDepth {
			return b, errDepth
		}
		if v.Len() == 0 {
			return append(b, "{}"...), nil
		}
		start := len(b)
		pieces := make([]piece, 0, v.Len())
		k, e := reflect.New(t.Key.Go).Elem(), reflect.New(t.Elem.Go).Elem()
		for iter := v.MapRange(); iter.Next(); {
			k.SetIterKey(iter)
			e.SetIterValue(iter)
			p := piece{from: len(b)}
			var err error
			if p.name, err = name(k); err != nil {
				return b, at("[key]", err)
			}
			if b, err = quote(append(b, ','), p.name); err != nil {
				return b, at("[key]", err)
			}
			if b, err = elem.append(append(b, ':'), e, depth+1); err != nil {
				return b, at("[value]", err)
			}
			p.to = len(b)
			pieces = append(pieces, p)
		}
		if err := arrange(b, start, pieces); err != nil {
			return b, err
		}
		b[start] = '{'
		return append(b, '}'), nil
	}
}

// arrange sorts the pieces, which fill b from start on, by name.
func arrange(b []byte, start int, pieces []piece) error {
	byName := func(x, y piece) int { return strings.Compare(x.name, y.name) }
	if !slices.IsSortedFunc(pieces, byName) {
		slices.SortFunc(pieces, byName)
		written := slices.Clone(b[start:])
		to := start
		for _, p := range pieces {
			to += copy(b[to:], written[p.from-start:p.to-start])
		}
	}
	for i := 1; i < len(pieces); i++ {
		if pieces[i-1].name == pieces[i].name {
			return errTwice
		}
	}
	return nil
}

// key returns what makes the member name of a key.
func (c *compiler) key(t *shape.Type, path string) func(reflect.Value) (string, error) {
	path += "[key]"
	before := len(c.faults)
	if c.compile(t, path); len(c.faults) > before {
		return nil
	}
	switch t.Kind {
	case shape.Int:
		return func(v reflect.Value) (string, error) { return strconv.FormatInt(v.Int(), 10), nil }
	case shape.Uint:
		return func(v reflect.Value) (string, error) { return strconv.FormatUint(v.Uint(), 10), nil }
	case shape.Text:
		text := c.textMethod(t, path)
		return func(v reflect.Value) (string, error) {
			b, err := text(nil, v)
			return string(b), err
		}
	}
	return func(v reflect.Value) (string, error) { return v.String(), nil }
}
