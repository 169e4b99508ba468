package data

import (
	"context"
	"slices"
)

// ToMany relates each row of type P to any number of rows of type C: the posts of a user, the tags of a post. It is declared once, by NewMany or
// NewThrough, and loaded where it is wanted, for many rows at once:
//
//	var userPosts = data.NewMany(users, posts, postUserID)
//
//	posts, err := userPosts.OrderBy(postID.Desc()).Limit(3).Load(ctx, v, list)
//	for _, u := range list {
//		for _, p := range posts.Of(u) { … }
//	}
//
// It is a value: its methods return changed copies. K is the type of the column that joins the two.
type ToMany[P, C any, K comparable] struct {
	join join[P, K]
	rows Selection[C]
	most int // 0 is no limit
}

// NewMany relates a row of the first table to the rows of the second whose column by holds its key. The two may be the same table. A
// declaration that does not fit the types of the rows panics.
func NewMany[P, C any, K comparable](of Table[P], rows Table[C], by Column[K]) ToMany[P, C, K] {
	j := newJoin[P, K](of, of.key)
	j.column = by.name
	return ToMany[P, C, K]{join: j, rows: rows.Where()}
}

// NewThrough relates a row of the first table to rows of the second by a table of pairs: its column by holds the key of the first, its column to
// that of the second. A pair that stands there twice counts once.
func NewThrough[P, C any, K, L comparable](of Table[P], rows Table[C], pairs literal, by Column[K], to Column[L]) ToMany[P, C, K] {
	j := newJoin[P, K](of, of.key)
	j.column, j.pairs, j.to = by.name, string(pairs), to.name
	return ToMany[P, C, K]{join: j, rows: rows.Where()}
}

// Where leaves the rows for which all conditions hold, too.
func (r ToMany[P, C, K]) Where(conds ...Cond) ToMany[P, C, K] {
	r.rows.conds = append(slices.Clip(r.rows.conds), conds...)
	return r
}

// OrderBy sets the order of rows that belong to the same one. The key of their table always comes last.
func (r ToMany[P, C, K]) OrderBy(terms ...Order) ToMany[P, C, K] {
	r.rows.order = terms
	return r
}

// Limit is how many rows are read for each row of P: the first ones of the order. Default 0: all of them, however many.
func (r ToMany[P, C, K]) Limit(most int) ToMany[P, C, K] {
	r.most = most
	return r
}

// Load reads what belongs to some rows: one statement for up to 1,024 of them, and so on; none where there are none.
func (r ToMany[P, C, K]) Load(ctx context.Context, q Querier, of []P) (LoadedMany[P, C, K], error) {
	rows, spans, err := load(ctx, q, r.join, of, r.rows, r.most)
	return LoadedMany[P, C, K]{r.join.key, rows, spans}, err
}

// Has holds for a row of P to which a row belongs that fulfils the conditions, besides those of the relation; its order and limit have no meaning
// here. It is a condition for Where: the users that have a post with a word in it.
func (r ToMany[P, C, K]) Has(conds ...Cond) Cond { return has(r.join, r.rows, conds) }

// LoadedMany is what a ToMany loaded. The zero value has nothing.
type LoadedMany[P, C any, K comparable] struct {
	key   func(*P) (K, bool)
	rows  []C
	spans map[K]span
}

// Of returns the rows that belong to p, in their order. It is nil only where nothing was loaded.
func (l LoadedMany[P, C, K]) Of(p P) []C {
	if l.key == nil {
		return nil
	}
	s := spanOf(l.key, l.spans, &p)
	return l.rows[s.from:s.to:s.to]
}

// All returns the rows of all, to load what belongs to them in turn. A row that belongs to several is there for each of them.
func (l LoadedMany[P, C, K]) All() []C { return l.rows }

// ToOne relates each row of type P to one row of type C, or to none: the profile of a user, the author of a post. It is declared by NewOne
// or NewRef, and loaded as a ToMany is.
type ToOne[P, C any, K comparable] struct {
	join join[P, K]
	rows Selection[C]
}

// NewOne relates a row of the first table to the row of the second whose column by holds its key. Where there are several, because
// the column is not unique, it is the one with the least key. A declaration that does not fit the types of the rows panics.
func NewOne[P, C any, K comparable](of Table[P], rows Table[C], by Column[K]) ToOne[P, C, K] {
	j := newJoin[P, K](of, of.key)
	j.column = by.name
	return ToOne[P, C, K]{join: j, rows: rows.Where()}
}

// NewRef relates a row of the first table to the row of the second whose key its column by holds. The two may be the same table. A declaration
// that does not fit the types of the rows panics.
func NewRef[P, C any, K comparable](of Table[P], by Column[K], rows Table[C]) ToOne[P, C, K] {
	j := newJoin[P, K](of, by.name)
	j.column = rows.key
	return ToOne[P, C, K]{join: j, rows: rows.Where()}
}

// Where leaves the rows for which all conditions hold, too.
func (r ToOne[P, C, K]) Where(conds ...Cond) ToOne[P, C, K] {
	r.rows.conds = append(slices.Clip(r.rows.conds), conds...)
	return r
}

// Load reads what belongs to some rows: one statement for up to 1,024 of them, and so on; none where there are none.
func (r ToOne[P, C, K]) Load(ctx context.Context, q Querier, of []P) (LoadedOne[P, C, K], error) {
	rows, spans, err := load(ctx, q, r.join, of, r.rows, 0)
	return LoadedOne[P, C, K]{r.join.key, rows, spans}, err
}

// Has holds for a row of P to which a row belongs that fulfils the conditions, besides those of the relation.
func (r ToOne[P, C, K]) Has(conds ...Cond) Cond { return has(r.join, r.rows, conds) }

// LoadedOne is what a ToOne loaded. The zero value has nothing.
type LoadedOne[P, C any, K comparable] struct {
	key   func(*P) (K, bool)
	rows  []C
	spans map[K]span
}

// Of returns the row that belongs to p, and whether there is one.
func (l LoadedOne[P, C, K]) Of(p P) (row C, ok bool) {
	if l.key == nil {
		return row, false
	}
	s := spanOf(l.key, l.spans, &p)
	if s.from == s.to {
		return row, false
	}
	return l.rows[s.from], true
}

// All returns the rows of all, to load what belongs to them in turn.
func (l LoadedOne[P, C, K]) All() []C { return l.rows }
