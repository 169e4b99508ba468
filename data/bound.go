package data

import (
	"database/sql/driver"
	"fmt"
	"hash"
	"reflect"
	"time"
)

// bind adds a value of a condition to what a cursor is bound to: what the database is told, and neither how it was written nor where it lies in memory.
func bind(h hash.Hash, value any) {
	switch v := value.(type) {
	case compared:
		fmt.Fprintf(h, "%q", v.column)
		bind(h, v.value)
		return
	case array:
		bind(h, v.slice)
		return
	}
	fmt.Fprintf(h, "%T ", value)
	value = plain(value)
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice && list.Type().Elem().Kind() != reflect.Uint8 {
		fmt.Fprintf(h, "%d ", list.Len())
		for i := range list.Len() {
			bind(h, list.Index(i).Interface())
		}
		return
	}
	fmt.Fprintf(h, "%q", fmt.Sprint(value))
}

// plain is a value without pointers and methods of a driver: nil, where it is missing. A time is its instant.
func plain(value any) any {
	for {
		v := reflect.ValueOf(value)
		if v.Kind() == reflect.Pointer && v.IsNil() || value == nil {
			return nil
		}
		switch t := value.(type) {
		case time.Time:
			return t.UTC().Format(time.RFC3339Nano)
		case driver.Valuer:
			inner, err := t.Value()
			if err != nil {
				return err.Error() // no statement is run with it
			}
			if at, ok := inner.(time.Time); ok {
				return at.UTC().Format(time.RFC3339Nano)
			}
			return inner
		}
		if v.Kind() != reflect.Pointer {
			return value
		}
		value = v.Elem().Interface()
	}
}
