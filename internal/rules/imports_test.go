package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestFloors(t *testing.T) {
	t.Parallel()
	none(t, rules.Floors(repository(t), rules.Floor()))
}

func TestFloorsFinds(t *testing.T) {
	t.Parallel()
	floors := map[string]int{"low": 0, "internal/low": 0, ".": 4}
	top := "package m\nimport (\n\"example.com/m/low\"\n\"example.com/m/internal/low\"\n)\n"
	lows := map[string]string{"m.go": top, "low/low.go": "package low\n", "internal/low/low.go": "package low\n"}
	with := func(name, text string) map[string]string {
		files := map[string]string{name: text}
		for k, v := range lows {
			if k != name {
				files[k] = v
			}
		}
		return files
	}
	check(t, func(tree *rules.Tree) []string { return rules.Floors(tree, floors) }, []broken{
		{"nothing in imports that point downward", lows, nil},
		{
			"an import that points upward", with("low/low.go", "package low\n\nimport _ \"example.com/m\"\n"),
			[]string{"low/low.go:3: low (floor 0) imports . (floor 4)"},
		},
		{
			"an import of the same floor", with("low/low.go", "package low\nimport _ \"example.com/m/internal/low\"\n"),
			[]string{"low/low.go:2: low (floor 0) imports internal/low (floor 0)"},
		},
		{
			"an upward import of a test inside its package", with("low/a_test.go", "package low\nimport _ \"example.com/m\"\n"),
			[]string{"low/a_test.go:2: low (floor 0) imports . (floor 4)"},
		},
		{"nothing in an upward import of a test outside its package", with("low/a_test.go", "package low_test\nimport _ \"example.com/m\"\n"), nil},
		{"a package without a floor", with("new/new.go", "package new\n"), []string{"new: the package has no floor"}},
		{"a floor without a package", map[string]string{"m.go": top, "low/low.go": "package low\n"}, []string{"internal/low: the floor has no package"}},
		{
			"an internal import of another module", with("data/d.go", "package data\nimport _ \"example.com/m/internal/low\"\n"),
			[]string{"data/d.go:2: module data imports internal/low"},
		},
	})
}

func TestCoreIsStdlibOnly(t *testing.T) {
	t.Parallel()
	none(t, rules.CoreIsStdlibOnly(repository(t), rules.Floor(), rules.Kept()))
}

func TestCoreIsStdlibOnlyFinds(t *testing.T) {
	t.Parallel()
	floors, kept := map[string]int{".": 4, "cli": 6}, map[string][]string{"cli": {"example.org/kept"}}
	const requires = "module example.com/m\n\n"
	check(t, func(tree *rules.Tree) []string { return rules.CoreIsStdlibOnly(tree, floors, kept) }, []broken{
		{"a requirement", map[string]string{"go.mod": requires + "require example.com/x v1.0.0\n"}, []string{"go.mod: the root module requires example.com/x, which no folder may import"}},
		{
			"a requirement of a block", map[string]string{"go.mod": requires + "require (\n\texample.org/kept v1.0.0\n\texample.com/x v1.0.0\n)\n"},
			[]string{"go.mod: the root module requires example.com/x, which no folder may import"},
		},
		{"a replacement", map[string]string{"go.mod": requires + "replace example.org/kept => ../kept\n"}, []string{"go.mod: the root module has a replace directive"}},
		{
			"nothing in requirements of kept libraries, and in those of theirs",
			map[string]string{"go.mod": requires + "require example.org/kept v1.0.0\n\nrequire (\n\texample.com/x v1.0.0 // indirect\n)\n"}, nil,
		},
		{"nothing in the import of a kept library", map[string]string{"cli/a.go": "package cli\nimport (\n_ \"example.org/kept\"\n_ \"example.org/kept/sub\"\n)\n"}, nil},
		{"a kept library elsewhere", map[string]string{"a.go": "package m\nimport _ \"example.org/kept\"\n"}, []string{"a.go:2: example.org/kept is not of the standard library"}},
		{"a foreign import of a test", map[string]string{"a_test.go": "package m\nimport _ \"example.org/x\"\n"}, []string{"a_test.go:2: example.org/x is not of the standard library"}},
		{"an import of a module above", map[string]string{"a.go": "package m\nimport _ \"example.com/m/data\"\n"}, []string{"a.go:2: example.com/m/data is not of the standard library"}},
		{"nothing in another module", map[string]string{"data/a.go": "package data\nimport (\n_ \"example.org/x\"\n_ \"example.com/m\"\n)\n"}, nil},
		{"nothing in the standard library and itself", map[string]string{"a.go": "package m\nimport (\n_ \"net/http\"\n_ \"example.com/m/low\"\n)\n"}, nil},
	})
}

func TestCoreIsStdlibOnlyFindsLibrariesBelow(t *testing.T) {
	t.Parallel()
	check(t, func(tree *rules.Tree) []string {
		return rules.CoreIsStdlibOnly(tree, map[string]int{".": 4, "low": 4}, map[string][]string{"low": nil, "none": nil})
	}, []broken{{"folders with libraries that the root package may import", map[string]string{}, []string{
		"low: the folder has libraries, but no floor above the root package", "none: the folder has libraries, but no floor above the root package",
	}}})
}

func TestNoUnsafe(t *testing.T) {
	t.Parallel()
	none(t, rules.NoUnsafe(repository(t)))
}

func TestNoUnsafeFinds(t *testing.T) {
	t.Parallel()
	check(t, rules.NoUnsafe, []broken{
		{"unsafe, in tests and other modules too", map[string]string{"data/a_test.go": "package data\nimport _ \"unsafe\"\n"}, []string{"data/a_test.go:2: imports unsafe"}},
		{"cgo", map[string]string{"a.go": "package m\nimport \"C\"\n"}, []string{"a.go:2: imports C"}},
		{"a link to a private name", map[string]string{"a.go": "package m\n\n//go:linkname now time.now\nfunc now()\n"}, []string{"a.go:3: links to a private name"}},
	})
}

func TestReflectIsConfined(t *testing.T) {
	t.Parallel()
	none(t, rules.ReflectIsConfined(repository(t), rules.Reflecting()))
}

func TestReflectIsConfinedFinds(t *testing.T) {
	t.Parallel()
	const src = "package m\nimport _ \"reflect\"\n"
	check(t, func(tree *rules.Tree) []string {
		return rules.ReflectIsConfined(tree, []string{"schema/", "compile.go"})
	}, []broken{
		{"nothing in the allowed places and in tests", map[string]string{"schema/a.go": src, "compile.go": src, "a_test.go": src, "data/a.go": src}, nil},
		{"reflection elsewhere", map[string]string{"serve.go": src, "schema/deep/a.go": src}, []string{"schema/deep/a.go:2: imports reflect", "serve.go:2: imports reflect"}},
	})
}
