package schema

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of its import path stands in front of the name of a type.
const (
	bare = iota
	withPackage
	withPath
)

// name finds a name for each component, none of them taken, and takes them. Where two would be alike, the types by which
// they differ, among them those within type arguments, get more of their import path; what is still alike, such as two
// types within functions of one package, is numbered.
func name(all []*component, taken map[string]bool) []string {
	levels := map[string]int{}
	spelled := make([]spelling, len(all))
	for raised := true; raised; {
		raised = false
		byName := map[string][]spelling{}
		for i, c := range all {
			spelled[i] = spell(c.key.typ.PkgPath(), c.key.typ.Name(), levels)
			spelled[i].name += camel(c.key.variant)
			byName[spelled[i].name] = append(byName[spelled[i].name], spelled[i])
		}
		more := map[string]bool{}
		for text, alike := range byName {
			apart(alike, taken[text], more)
		}
		for id := range more {
			if levels[id] < withPath {
				levels[id]++
				raised = true
			}
		}
	}
	names := make([]string, len(all))
	for i, s := range spelled {
		names[i] = s.name
		for n := 2; taken[names[i]]; n++ {
			names[i] = s.name + strconv.Itoa(n)
		}
		taken[names[i]] = true
	}
	return names
}

// apart adds to ids the types by which spellings of one name differ: those of packages that not all of them mention. Of a
// name that is taken by something else it is all types.
func apart(alike []spelling, taken bool, ids map[string]bool) {
	mentions := map[string]int{}
	for _, s := range alike {
		packages := map[string]bool{}
		for _, id := range s.types {
			path, _, _ := strings.CutLast(id, ".")
			packages[path] = true
		}
		for pkg := range packages {
			mentions[pkg]++
		}
	}
	for _, s := range alike {
		for _, id := range s.types {
			path, _, _ := strings.CutLast(id, ".")
			if taken || mentions[path] < len(alike) {
				ids[id] = true
			}
		}
	}
}

// spelling is a component name and the named types that it is made of, each once.
type spelling struct {
	name  string
	types []string
}

// tokens are the pieces of a type as reflect writes it within the brackets of a generic type.
var tokens = regexp.MustCompile(`\[\]|\*|map\[|[^\[\]*, {};"]+`)

// spell makes the name of a type from that of its package and its own, such as Of[example.com/store.User].
func spell(pkg, own string, levels map[string]int) spelling {
	base, arguments, _ := strings.Cut(own, "[")
	var out spelling
	out.add(pkg+"."+base, levels)
	for _, token := range tokens.FindAllString(arguments, -1) {
		switch token {
		case "[]":
			out.name += "List"
		case "*":
			out.name += "Nullable"
		case "map[":
			out.name += "Map"
		default:
			out.add(token, levels)
		}
	}
	return out
}

func (s *spelling) add(id string, levels map[string]int) {
	path, own, named := strings.CutLast(id, ".")
	if !named { // a type of the language, or a length
		s.name += capital(clean(id))
		return
	}
	if !slices.Contains(s.types, id) {
		s.types = append(s.types, id)
	}
	own, _, _ = strings.Cut(own, "·") // numbers a type within a function
	level := levels[id]
	if len(own) < 3 {
		level = max(level, withPackage)
	}
	switch level {
	case withPackage:
		s.name += camel(lastElement(path))
	case withPath:
		s.name += camel(path)
	}
	s.name += capital(clean(own))
}

var major = regexp.MustCompile(`/v[0-9]+$`)

// lastElement is the last element of an import path that is not a major version. Reflect escapes dots in it.
func lastElement(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	path = major.ReplaceAllString(path, "")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// camel joins the words of a path: example.com/my-store is ExampleComMyStore.
func camel(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(path, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b.WriteString(capital(clean(word)))
	}
	return b.String()
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// clean keeps the characters that OpenAPI allows in a component's name, and writes others as _ and their code point.
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "_%X", r)
	}
	return b.String()
}
