package reply

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
)

// pairs writes a query parameter in its style. A zero value stands for the default where there is one.
func (m *member) pairs(v reflect.Value) ([]string, error) {
	if m.field.Tag.Rules.HasDefault && v.IsZero() {
		return nil, nil
	}
	name := url.QueryEscape(m.field.Name)
	if m.deep == nil && !m.list {
		text, present, err := m.text(v)
		if !present || err != nil {
			return nil, err
		}
		return []string{name + "=" + url.QueryEscape(text)}, nil
	}
	v, present := plainValue(m.field.Type, v)
	if !present {
		return nil, nil
	}
	if m.deep != nil {
		return m.deep.pairs(name, v)
	}
	var items []string
	for i := range v.Len() {
		text, _, err := m.text(v.Index(i))
		if err != nil {
			return nil, err
		}
		items = append(items, text)
	}
	return m.listed(name, items)
}

// listed writes a list: a pair for each item, or one pair for all.
func (m *member) listed(name string, items []string) ([]string, error) {
	separator := ","
	switch m.field.Tag.Style {
	case tag.SpaceDelimited:
		separator = " "
	case tag.PipeDelimited:
		separator = "|"
	default:
		if !m.field.Tag.Joined {
			for i, item := range items {
				items[i] = name + "=" + url.QueryEscape(item)
			}
			return items, nil
		}
	}
	for i, item := range items {
		if separator != "," && strings.Contains(item, separator) {
			return nil, fmt.Errorf("the item holds %q, which separates items", separator)
		}
		items[i] = url.QueryEscape(item)
	}
	if separator != "," { // a comma of an item is escaped, so that one between items must not be
		separator = url.QueryEscape(separator)
	}
	return []string{name + "=" + strings.Join(items, separator)}, nil
}

// deepObject writes an object as name[member]=value.
type deepObject struct {
	members   []member
	key, elem textOf // of a map
}

func newDeepObject(t *shape.Type) (*deepObject, error) {
	d := &deepObject{}
	if t.Kind == shape.Map {
		var err error
		if d.key, err = inputText(t.Key); err != nil {
			return nil, err
		}
		d.elem, err = inputText(t.Elem)
		return d, err
	}
	for _, f := range t.Fields {
		m, err := newMember(f)
		if err != nil {
			return nil, err
		}
		d.members = append(d.members, m)
	}
	return d, nil
}

func (d *deepObject) pairs(name string, v reflect.Value) ([]string, error) {
	var pairs []string
	pair := func(member, text string) {
		pairs = append(pairs, name+"%5B"+url.QueryEscape(member)+"%5D="+url.QueryEscape(text))
	}
	for _, m := range d.members {
		at := v.FieldByIndex(m.field.Index)
		if m.field.Tag.Rules.HasDefault && at.IsZero() {
			continue
		}
		text, present, err := m.text(at)
		if err != nil {
			return nil, err
		}
		if present {
			pair(m.field.Name, text)
		}
	}
	if d.key == nil {
		return pairs, nil
	}
	for key, value := range v.Seq2() {
		k, _, err := d.key(addressable(key))
		if err != nil {
			return nil, err
		}
		text, _, err := d.elem(addressable(value))
		if err != nil {
			return nil, err
		}
		pair(k, text)
	}
	slices.Sort(pairs)
	return pairs, nil
}

// addressable copies what stands in a map, since methods may have pointer receivers.
func addressable(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}
