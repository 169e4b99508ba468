package shape

import (
	"strings"

	"github.com/tenon-go/tenon/internal/tag"
)

// Locate shortens a JSON Pointer to what t has: to a parameter, or into the body, as far as it goes. in is the source.
func (t *Type) Locate(in, pointer string) string {
	at := t
	if t.IsInput() {
		at = nil
		for _, f := range t.Fields {
			if string(f.Source) == in && f.Source == tag.Body {
				at = f.Type
			} else if string(f.Source) == in && within(pointer, f.Name) {
				return pointer
			}
		}
	} else if in != string(tag.Body) {
		return ""
	}
	if at == nil {
		return ""
	}
	kept := 0
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if at = at.below(unescape(token)); at == nil {
			break
		}
		kept += len("/") + len(token)
	}
	return pointer[:kept]
}

// within reports whether the first token of a pointer is name.
func within(pointer, name string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return unescape(first) == name
}

func unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// below is the type of a member or item; nil is none.
func (t *Type) below(token string) *Type {
	t = t.Plain()
	switch t.Kind {
	case Slice, Array, Map:
		return t.Elem
	case Any, Custom:
		return t
	case Struct:
		for _, f := range t.Fields {
			if f.Name == token {
				return f.Type
			}
		}
	case Union:
		for _, v := range t.Variants {
			if found := v.Type.below(token); found != nil {
				return found
			}
		}
	}
	return nil
}
