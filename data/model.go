package data

import (
	"reflect"
	"slices"
)

// Model is a table that can tell what its rows are made of. Every Table is one.
type Model interface {
	// Describe tells it.
	Describe() TableInfo
}

// TableInfo is what the declaration of a table says.
type TableInfo struct {
	// Name is that of the table.
	Name string
	// Key is its column that the database fills.
	Key string
	// Columns are those of its rows, in the order of the fields.
	Columns []ColumnInfo
}

// ColumnInfo is what the field of a row says of its column.
type ColumnInfo struct {
	// Name is that of the column.
	Name string
	// Type is that of the field.
	Type reflect.Type
	// Tag is that of the field.
	Tag reflect.StructTag
}

// Column is the column of a name, or nil.
func (t *TableInfo) Column(name string) *ColumnInfo {
	i := slices.IndexFunc(t.Columns, func(c ColumnInfo) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Columns[i]
}

// Describe tells what the rows of the table are made of.
func (t Table[R]) Describe() TableInfo {
	info := TableInfo{Name: t.name, Key: t.key}
	names := t.columns.Columns()
	t.columns.ForeachWrite(func(_ string, _ bool, f reflect.StructField) {
		info.Columns = append(info.Columns, ColumnInfo{Name: names[len(info.Columns)], Type: f.Type, Tag: f.Tag})
	})
	return info
}
