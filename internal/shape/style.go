package shape

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tenon-go/tenon/internal/tag"
)

// checkStyle says what is wrong with the words style and explode of a field.
func checkStyle(f *Field) error {
	style := f.Tag.Style
	if style == "" && !f.Tag.Joined {
		return nil // before the type is looked at: it may not be read whole
	}
	plain := f.Type.Plain()
	switch {
	case f.Source != tag.Query:
		return errors.New("style and explode are for query parameters")
	case style == tag.DeepObject && plain.Kind != Struct && plain.Kind != Map:
		return fmt.Errorf("style deepObject is for structs and maps, not for %s", plain.Go)
	case style == tag.DeepObject && f.Tag.Joined:
		return errors.New("explode is for lists, not for the style deepObject")
	case style != tag.DeepObject && plain.Kind != Slice:
		return fmt.Errorf("a list that is one value is a slice, not %s", plain.Go)
	}
	return nil
}

// checkHidden refuses to hide what a client must know.
func checkHidden(f *Field) error {
	switch {
	case !f.Tag.Hidden:
		return nil
	case f.Source != tag.Query && f.Source != tag.Header && f.Source != tag.Cookie:
		return errors.New("hidden is for query, header and cookie parameters")
	case f.Required:
		return errors.New("a hidden parameter is one that clients can do without: use Opt, a pointer or a default")
	}
	return nil
}

// isNothing reports whether the value of a field may be written as nothing: it is never missing then.
func isNothing(f *Field) bool { return (f.Type.Kind == Map || f.Type.Kind == Struct) && f.MayBeEmpty() }

// MayBeEmpty reports whether the value of a field is an object in the style deepObject that may have no members: it is no pair of a query then.
func (f *Field) MayBeEmpty() bool {
	if f.Tag.Style != tag.DeepObject {
		return false
	}
	switch plain := f.Type.Plain(); plain.Kind {
	case Map:
		return f.Tag.Rules.MinItems == nil || *f.Tag.Rules.MinItems == 0
	case Struct:
		return !slices.ContainsFunc(plain.Fields, func(m *Field) bool { return m.Required })
	}
	return false
}

// httpDates is t with HTTP dates for its times.
func httpDates(t *Type) *Type {
	switch t.Kind {
	case Time:
		return &Type{Go: t.Go, Kind: HTTPDate}
	case Opt, Null, Pointer, Slice:
		if elem := httpDates(t.Elem); elem != t.Elem {
			dated := *t
			dated.Elem = elem
			return &dated
		}
	}
	return t
}
