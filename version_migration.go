package tenon

import (
	"context"
	"fmt"
	"reflect"
)

// Migration makes a value of one type out of another. Make one with Upgrade or Downgrade.
type Migration struct {
	from, to reflect.Type
	up       bool // of requests
	apply    func(ctx context.Context, from any) (to any, err error)
	site     string
}

// Upgrade carries requests of the version before a change over to it: what operations take as an Older they take as a Newer. That is
// a whole input, or the body of one. What migrate makes has to satisfy the rules of Newer; if it does not, the request is refused
// with 422, as one that breaks them itself. An error of migrate is treated as one of Validate: a problem.Fault is a fault of the request.
func Upgrade[Older, Newer any](migrate Handler[Older, Newer]) Migration {
	m := Migration{from: reflect.TypeFor[Older](), to: reflect.TypeFor[Newer](), up: true, site: caller()}
	if migrate != nil {
		m.apply = untyped(migrate)
	}
	return m
}

// Downgrade carries answers back to the version before a change: what operations answer as a Newer they answer as an Older. That is
// a whole output, or the body of one. An error of migrate is treated as one of the handler.
func Downgrade[Newer, Older any](migrate Handler[Newer, Older]) Migration {
	m := Migration{from: reflect.TypeFor[Newer](), to: reflect.TypeFor[Older](), site: caller()}
	if migrate != nil {
		m.apply = untyped(migrate)
	}
	return m
}

// newer and older are the types on the two sides of the change.
func (m *Migration) newer() reflect.Type {
	if m.up {
		return m.to
	}
	return m.from
}

func (m *Migration) older() reflect.Type {
	if m.up {
		return m.from
	}
	return m.to
}

// words say what is migrated.
func (m *Migration) words() string {
	if m.up {
		return fmt.Sprintf("the upgrade of %s to %s", m.from, m.to)
	}
	return fmt.Sprintf("the downgrade of %s to %s", m.from, m.to)
}

// migrator applies one migration to a value, or to the body in it.
type migrator func(ctx context.Context, from any) (any, error)

func (m *Migration) migrator() migrator {
	return func(ctx context.Context, from any) (any, error) {
		to, err := m.apply(ctx, from)
		if err == nil && to == nil {
			err = fmt.Errorf("%s gives neither a value nor an error", m.words())
		}
		return to, err
	}
}

// bodyMigrator applies a migration to the body of a value, and copies the other fields. from and to are how the two structs are laid out;
// field i of one is field i of the other.
func (m *Migration) bodyMigrator(from, to layout) migrator {
	migrate := m.migrator()
	return func(ctx context.Context, value any) (any, error) {
		source := reflect.ValueOf(value).Elem()
		made := reflect.New(to.typ)
		for i, index := range from.index {
			part, target := source.FieldByIndex(index), made.Elem().FieldByIndex(to.index[i])
			if i != from.body {
				target.Set(part)
				continue
			}
			if part.Kind() != reflect.Pointer {
				part = part.Addr()
			} else if part.IsNil() {
				continue
			}
			body, err := migrate(ctx, part.Interface())
			if err != nil {
				return nil, err
			}
			v := reflect.ValueOf(body)
			if target.Kind() != reflect.Pointer {
				v = v.Elem()
			}
			target.Set(v)
		}
		return made.Interface(), nil
	}
}

// layout is a struct with a body: its fields, those of embedded structs among them, and which of them is the body.
type layout struct {
	typ   reflect.Type
	index [][]int
	body  int
}

// older makes of a layout that of the version before: the body has another type.
func (l layout) older(body reflect.Type) layout {
	made := layout{body: l.body}
	fields := make([]reflect.StructField, len(l.index))
	seen := map[string]bool{}
	for i, index := range l.index {
		f := l.typ.FieldByIndex(index)
		name := f.Name
		for n := 2; seen[name]; n++ {
			name = fmt.Sprintf("%s%d", f.Name, n)
		}
		seen[name] = true
		typ := f.Type
		if i == l.body {
			typ = body
			if f.Type.Kind() == reflect.Pointer {
				typ = reflect.PointerTo(body)
			}
		}
		fields[i] = reflect.StructField{Name: name, Type: typ, Tag: f.Tag}
		made.index = append(made.index, []int{i})
	}
	made.typ = reflect.StructOf(fields)
	return made
}
