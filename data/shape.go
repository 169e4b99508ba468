package data

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/huandu/go-sqlbuilder"
)

// shapes keeps the texts of statements that differ in their values alone: to write one takes longer than to find it. A program has as many as it has ways to
// ask; no more than mostTexts are kept.
type shapes struct {
	texts sync.Map // shapeKey to *shapeText
	kept  atomic.Int64
}

// shapeKey is what a statement is like.
type shapeKey struct {
	columns *sqlbuilder.Struct // of one table
	shape   string
}

// shapeText is its text, and the columns that its values are compared with.
type shapeText struct {
	text    string
	columns []string
}

// shaped is the query that build makes. The text is that of an earlier one where the conditions are comparisons of the same columns, and kind and the order
// are the same.
func (s Selection[R]) shaped(q Querier, kind string, build func() *sqlbuilder.SelectBuilder) Query {
	key, ok := s.shape(kind)
	if !ok {
		return Query{of: s.table.name, built: build()}
	}
	db := q.asked().db
	found, ok := db.shapes.texts.Load(key)
	if !ok {
		found = db.shapes.add(key, s.text(db.engine, build()))
	}
	args := make([]any, 0, len(s.conds))
	for _, c := range s.conds {
		if c.plain != nil {
			args = append(args, c.plain.value)
		}
	}
	t := found.(*shapeText)
	return Query{raw: true, of: s.table.name, text: t.text, args: args, columns: t.columns}
}

func (s *shapes) add(key shapeKey, t *shapeText) *shapeText {
	if s.kept.Add(1) <= mostTexts {
		s.texts.Store(key, t)
	}
	return t
}

// text is that of a selection whose conditions are comparisons: their values come in their order.
func (s Selection[R]) text(e engine, b *sqlbuilder.SelectBuilder) *shapeText {
	t := &shapeText{}
	t.text, _ = b.BuildWithFlavor(e.flavor())
	for _, c := range s.conds {
		if c.plain != nil {
			t.columns = append(t.columns, c.plain.column)
		}
	}
	return t
}

// shape tells a selection from others. One that has a condition which is no comparison has none.
func (s Selection[R]) shape(kind string) (shapeKey, bool) {
	var b strings.Builder
	b.Grow(64)
	b.WriteString(kind)
	for _, c := range s.conds {
		switch {
		case c.plain != nil:
			b.WriteByte('c')
			flag(&b, c.plain.number)
			flag(&b, c.plain.whole)
			b.WriteString(c.plain.operator)
			b.WriteString(c.plain.column)
			b.WriteByte(0)
		case c.write != nil:
			return shapeKey{}, false
		}
	}
	for _, o := range s.order {
		b.WriteByte('o')
		flag(&b, o.number)
		flag(&b, o.descending)
		b.WriteString(o.column)
		b.WriteByte(0)
	}
	return shapeKey{s.table.columns, b.String()}, true
}

func flag(b *strings.Builder, set bool) {
	if set {
		b.WriteByte('+')
		return
	}
	b.WriteByte('-')
}
