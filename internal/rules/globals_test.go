package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestNoGlobals(t *testing.T) {
	t.Parallel()
	none(t, rules.NoGlobals(repository(t)))
}

func TestNoGlobalsFinds(t *testing.T) {
	t.Parallel()
	one := func(src string) map[string]string { return map[string]string{"a.go": "package m\n\n" + src} }
	check(t, rules.NoGlobals, []broken{
		{"func init", one("func init() {}"), []string{"a.go:3: func init"}},
		{"a variable that starts empty", one("var mu sync.Mutex"), []string{"a.go:3: variable mu starts empty, so it must change"}},
		{"a map that is written to", one("var m = map[string]int{}\nfunc f() { m[\"a\"] = 1 }"), []string{"a.go:3: variable m is changed at a.go:4"}},
		{"a slice that is written to in another file", map[string]string{"a.go": "package m\nvar s = []int{1}", "b.go": "package m\nfunc f() { s[0]++ }"}, []string{"a.go:2: variable s is changed at b.go:2"}},
		{"an address that is taken", one("var n = 1\nfunc f() *int { return &n }"), []string{"a.go:3: variable n is changed at a.go:4"}},
		{"a map that is deleted from", one("var m = map[int]int{}\nfunc f() { delete(m, 1) }"), []string{"a.go:3: variable m is changed at a.go:4"}},
		{"an exported table", one("var Table = []int{1}"), []string{"a.go:3: variable Table is exported, so a program can change it"}},
		{"a pointer", one("var client = &http.Client{}"), []string{"a.go:3: variable client is a pointer, so anyone who has it can change it"}},
		{"what an unknown call makes", one("var cache = newCache()"), []string{"a.go:3: variable cache is made by newCache, which is not known to make constants"}},
		{"a lock as a literal", one("var mu = sync.Mutex{}"), []string{"a.go:3: variable mu is state"}},
		{"what is in another module", map[string]string{"data/a.go": "package d\nvar x int"}, []string{"data/a.go:2: variable x starts empty, so it must change"}},
		{"nothing in constants", one("var (\nErrA = errors.New(\"a\")\nErrB = sql.ErrNoRows\nre = regexp.MustCompile(`a`)\ntyp = reflect.TypeFor[int]()\n_ I = x\nnull = []byte(\"null\")\ntable = map[string]int{\"a\": 1}\npool = sync.Pool{New: nil}\n)\n//go:embed a\nvar files embed.FS"), nil},
		{"nothing in tests", map[string]string{"a_test.go": "package m\nvar update = flag.Bool(\"update\", false, \"\")"}, nil},
	})
}
