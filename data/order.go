package data

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// Order is one term of the order of rows.
type Order struct {
	column     string
	number     bool // as that of the Column
	descending bool
	decode     func(jsontext.Value) (any, error) // a value of the column, as a cursor holds it
}

// Asc orders from small to large.
func (c Column[V]) Asc() Order { return Order{column: c.name, number: c.number, decode: decode[V]} }

// Desc orders from large to small.
func (c Column[V]) Desc() Order {
	return Order{column: c.name, number: c.number, descending: true, decode: decode[V]}
}

func decode[V any](text jsontext.Value) (any, error) {
	var v V
	err := json.Unmarshal(text, &v)
	return v, err
}

// turned is the opposite order.
func (o Order) turned() Order {
	o.descending = !o.descending
	return o
}

// in is how a statement says the column.
func (o Order) in(e engine) string { return operand(e, o.column, o.number) }

func (o Order) direction() string {
	if o.descending {
		return " DESC"
	}
	return " ASC"
}

// Sortable is a Column: something that rows can be ordered by. Its values are never missing (NOT NULL): where they are, the kinds of database
// disagree.
type Sortable interface {
	// Asc orders from small to large.
	Asc() Order
	// Desc orders from large to small.
	Desc() Order
}

// Keys are the columns that a list can be ordered by, under the names that a request says.
type Keys map[string]Sortable

// Keyed is a type that names Keys, always the same.
type Keyed interface {
	// Keys are the columns by name.
	Keys() Keys
}

// By is one term of an order in a request: a name among the Keys of K, with - before it for the descending order. What is not among them is a
// fault of the request, and the document lists them. Ordering has some of them.
type By[K Keyed] string

// Enum lists what can be said.
func (By[K]) Enum() []By[K] {
	var none K
	var names []By[K]
	for _, name := range slices.Sorted(maps.Keys(none.Keys())) {
		names = append(names, By[K](name), By[K]("-"+name))
	}
	return names
}

// Ordering is what a request says about the order of a list: embed it in an input.
type Ordering[K Keyed] struct {
	// Order holds the terms, the first of them the most important.
	Order tenon.Opt[[]By[K]] `query:"order" explode:"false" uniqueItems:"true" doc:"Names with commas between them, - before one for descending."`
}

// Terms are those that the request says, for Selection.OrderBy.
func (o Ordering[K]) Terms() []Order { return Orders(o.Order.Value) }

// Orders are the terms that by says. A term that its Enum lacks, which a request cannot have, panics.
func Orders[K Keyed](by []By[K]) []Order {
	var none K
	orders := make([]Order, len(by))
	for i, term := range by {
		name, descending := strings.CutPrefix(string(term), "-")
		key := none.Keys()[name]
		switch {
		case key == nil:
			panic(fmt.Sprintf("data: %T has no key %q", none, name))
		case descending:
			orders[i] = key.Desc()
		default:
			orders[i] = key.Asc()
		}
	}
	return orders
}
