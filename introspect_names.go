package tenon

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/shape"
)

// typeName is a Go type with the last part of its package's path.
func typeName(t *shape.Type) string {
	if t == nil {
		return ""
	}
	return shortPath(t.Go.String())
}

// shortPath leaves out the folders of package paths, as in the arguments of generic types.
func shortPath(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		end := strings.IndexAny(name, "[],*() ")
		if end < 0 {
			end = len(name)
		}
		word := name[:end]
		b.WriteString(word[strings.LastIndexByte(word, '/')+1:])
		if end < len(name) {
			b.WriteByte(name[end])
			end++
		}
		name = name[end:]
	}
	return b.String()
}

// funcName names a function as one writes it: store.users.list for a method, tenon.Tags for what Tags returns.
func funcName(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return "nil"
	}
	f := runtime.FuncForPC(v.Pointer())
	if f == nil {
		return "unknown"
	}
	name := f.Name()
	if i := strings.Index(name, "["); i >= 0 { // type arguments of a generic function
		if j := strings.LastIndex(name, "]"); j > i {
			name = name[:i] + name[j+1:]
		}
	}
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], "-fm")
	parts := strings.Split(name, ".")
	for i := len(parts) - 1; i > 1 && isGenerated(parts[i]); i-- {
		parts = parts[:i]
	}
	return strings.NewReplacer("(*", "", ")", "").Replace(strings.Join(parts, "."))
}

// isGenerated reports whether a part of a name is the compiler's: func1, gowrap2, or a number.
func isGenerated(part string) bool {
	_, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(part, "func"), "gowrap"), "deferwrap"))
	return err == nil || part == ""
}
