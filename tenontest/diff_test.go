package tenontest_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/tenontest"
)

func TestJSONComparesByValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want, got string
		lines           []string
	}{
		{"equal values differ nowhere", `{"a":[1,"x",true,null]}`, `{"a":[1,"x",true,null]}`, nil},
		{"the order of members means nothing", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
		{"numbers are equal by value", `[1.50,100,0,-0,1e2,0.001]`, `[15e-1,1E2,0.0,0,100.0,1e-3]`, nil},
		{"the last digit of a large number counts", `9007199254740993`, `9007199254740992`,
			[]string{"(whole body): 9007199254740992, want 9007199254740993"}},
		{"the sign counts", `-1`, `1`, []string{"(whole body): 1, want -1"}},
		{"so does the scale", `10`, `100`, []string{"(whole body): 100, want 10"}},
		{"exponents beyond any machine are compared as text", `1e99999999999999999999`, `1e99999999999999999998`,
			[]string{"(whole body): 1e99999999999999999998, want 1e99999999999999999999"}},
		{"a nested value is named by its path", `{"a":{"b":[0,{"c":"x"}]}}`, `{"a":{"b":[0,{"c":"y"}]}}`,
			[]string{`/a/b/1/c: "y", want "x"`}},
		{"names are escaped as in a JSON Pointer", `{"a/b~":1}`, `{"a/b~":2}`, []string{"/a~1b~0: 2, want 1"}},
		{"a missing member", `{"a":1,"b":{"c":2}}`, `{"a":1}`, []string{`/b: absent, want {"c":2}`}},
		{"a member too many", `{"a":1}`, `{"a":1,"b":[2]}`, []string{"/b: [2], want no such member"}},
		{"null is not absent", `{"a":null}`, `{}`, []string{"/a: absent, want null"}},
		{"a list too short", `[1,2,3]`, `[1,2]`, []string{"(whole body): 2 items, want 3", "/2: absent, want 3"}},
		{"a list too long", `{"l":[1]}`, `{"l":[1,2]}`, []string{"/l: 2 items, want 1", "/l/1: 2, want no such item"}},
		{"a list in another order", `[1,2]`, `[2,1]`, []string{"/0: 2, want 1", "/1: 1, want 2"}},
		{"another kind", `{"a":"1"}`, `{"a":1}`, []string{`/a: 1, want "1"`}},
		{"false is not true", `true`, `false`, []string{"(whole body): false, want true"}},
		{"several differences come together", `{"a":1,"b":2}`, `{"a":2,"c":3}`,
			[]string{"/a: 2, want 1", "/b: absent, want 2", "/c: 3, want no such member"}},
		{"a body that is not JSON", `{}`, `{"a":1,"a":2}`, []string{"the body is not JSON: "}},
		{"a body with more after it", `1`, `1 2`, []string{"there is more after the JSON value, at byte"}},
		{"an expectation that is not JSON", `{`, `{}`, []string{"what the test wants is not JSON"}},
		{"a placeholder that does not exist", `"<<uid>>"`, `"x"`, []string{"<<uid>> is not a placeholder, want one of any, string, int"}},
		{"a long diff is cut", `[]`, "[0" + strings.Repeat(",0", 99) + "]", []string{"/18: 0, want no such item", "and 81 more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, with(func(s *tenontest.Server) { s.Post("/echo", tt.got).Status(200).JSON(tt.want) }), tt.lines...)
		})
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	const id = `"0198c0de-0000-7000-8000-000000000001"`
	for _, tt := range []struct {
		want, got string
		matches   bool
	}{
		{"<<any>>", `null`, true},
		{"<<any>>", `{"a":1}`, true},
		{"<<string>>", `""`, true},
		{"<<string>>", `1`, false},
		{"<<int>>", `-7`, true},
		{"<<int>>", `7.5`, false},
		{"<<int>>", `"7"`, false},
		{"<<number>>", `7.5`, true},
		{"<<number>>", `null`, false},
		{"<<bool>>", `false`, true},
		{"<<bool>>", `0`, false},
		{"<<time>>", `"2026-11-26T10:00:00.123Z"`, true},
		{"<<time>>", `"2026-11-26"`, false},
		{"<<time>>", `1764151200`, false},
		{"<<date>>", `"2026-11-26"`, true},
		{"<<date>>", `"2026-02-30"`, false},
		{"<<uuid>>", id, true},
		{"<<uuid>>", `"0198c0de"`, false},
		{"<<uuid>>", `"{0198c0de-0000-7000-8000-000000000001}"`, false},
	} {
		t.Run(tt.want+" and "+tt.got, func(t *testing.T) {
			t.Parallel()
			var lines []string
			if !tt.matches {
				lines = []string{"/x: " + tt.got + ", want " + tt.want}
			}
			expect(t, with(func(s *tenontest.Server) {
				s.Post("/echo", `{"x":`+tt.got+`}`).JSON(`{"x":"` + tt.want + `"}`)
			}), lines...)
		})
	}
}
