package bind

import (
	"reflect"
	"strings"
)

// pair takes the pair at which q stands, in the style of its parameter. It reports false for a name that none has.
func (t *table) pair(b *binding, seen []uint8, q *query) (bool, error) {
	i := t.find(q.name)
	if i < 0 {
		return t.member(b, seen, q)
	}
	switch p := t.params[i]; {
	case p.deep != nil:
		seen[i] = misread
		once(b.f, p.name, p.deep.form)
		return true, nil
	case p.split != 0:
		return true, t.joined(b, seen, i, q)
	}
	return true, t.take(b, seen, i, q.value)
}

// joined reads a list that is one value. No value is no item. A comma that is escaped belongs to an item (RFC 6570, section
// 3.2.8); the space and the bar have no form that does not separate.
func (t *table) joined(b *binding, seen []uint8, i int, q *query) error {
	p := t.params[i]
	if seen[i] = min(seen[i]+1, 3); seen[i] > 1 {
		if seen[i] == 2 {
			b.duplicate(p)
		}
		return nil
	}
	v := p.list.target(b.field(p))
	rest, more := q.value, q.value != ""
	if p.split == ',' {
		rest = q.asSent
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, min(p.most, 1+strings.Count(rest, string(p.split)))))
	for n := 0; more && !b.f.Full(); n++ {
		if n == p.most {
			if p.over.Code != "" {
				b.f.AddAt(p.name, p.over)
			}
			return nil
		}
		var item string
		item, rest, more = strings.Cut(rest, string(p.split))
		if p.split == ',' {
			item = unescape(item)
		}
		if err := b.item(p, v, item); err != nil {
			return err
		}
	}
	return nil
}
