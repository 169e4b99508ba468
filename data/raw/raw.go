// Package raw makes queries of SQL text that is known only at run time, such as that of a report that an administrator writes. Package data takes no such
// text; whoever reviews a program looks for imports of this one. What a client sent must never become part of the text: values are parameters.
package raw

import "github.com/tenon-go/tenon/data"

// SQL makes a query of text. Each ? in it stands for one of args, as for data.SQL.
func SQL(text string, args ...any) data.Query { return call(data.SQL, text, args) }

// call names the type of the text, which has no name outside its package.
func call[T ~string](sql func(T, ...any) data.Query, text string, args []any) data.Query {
	return sql(T(text), args...)
}
