package openapi_test

import (
	"encoding/json/jsontext"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/openapi"
)

// yamlOf writes value as the extension x-v and returns the lines of that member.
func yamlOf(t *testing.T, value any) string {
	t.Helper()
	doc := &openapi.Document{Extensions: map[string]any{"x-v": value}}
	text, err := doc.YAML()
	if err != nil {
		t.Fatal(err)
	}
	_, member, _ := strings.Cut(string(text), "x-v:")
	return strings.TrimPrefix(strings.TrimSuffix(member, "\n"), " ")
}

func TestYAMLStrings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, want string }{
		{"a word as it is", "hello", "hello"},
		{"a sentence as it is", "It's 5 o'clock, isn't it?", "It's 5 o'clock, isn't it?"},
		{"a path as it is", "/users/{id}", "/users/{id}"},
		{"letters of any script as they are", "Grüße, 世界 😀", "Grüße, 世界 😀"},
		{"nothing", "", `""`},
		{"yes of YAML 1.1", "yes", `"yes"`},
		{"no in capitals", "NO", `"NO"`},
		{"on", "On", `"On"`},
		{"y", "y", `"y"`},
		{"null", "null", `"null"`},
		{"tilde", "~", `"~"`},
		{"true", "True", `"True"`},
		{"a number", "12", `"12"`},
		{"a status code", "404", `"404"`},
		{"an octal number", "0o17", `"0o17"`},
		{"infinity", ".inf", `".inf"`},
		{"base 60", "1:30", `"1:30"`},
		{"a date", "2024-01-31", `"2024-01-31"`},
		{"a merge key", "<<", `"<<"`},
		{"an alias", "*a", `"*a"`},
		{"an anchor", "&a", `"&a"`},
		{"a tag", "!a", `"!a"`},
		{"a directive", "%a", `"%a"`},
		{"a reserved sign", "@a", `"@a"`},
		{"a sequence", "- a", `"- a"`},
		{"a flow mapping", "{a}", `"{a}"`},
		{"the end of a document", "...", `"..."`},
		{"a comment", "a #b", `"a #b"`},
		{"a mapping", "a: b", `"a: b"`},
		{"a key", "a:", `"a:"`},
		{"a blank at the end", "a ", `"a "`},
		{"a blank in front", " a", `" a"`},
		{"quotes", `"a" \`, `"\"a\" \\"`},
		{"a tab", "a\tb", `"a\tb"`},
		{"a control character", "a\x1b\x7f", `"a\u001b\u007f"`},
		{"a separator", "a\u2028\u0085\ufeff", `"a\u2028\u0085\ufeff"`},
		{"lines as a block", "a\n\n  b: #", "|-\n  a\n\n    b: #"},
		{"lines with an end as a block", "a\nb\n", "|\n  a\n  b"},
		{"lines that a block would trim", "a\n\n", `"a\n\n"`},
		{"lines that begin with a blank", " a\nb", `" a\nb"`},
		{"lines that end in a blank", "a \nb", `"a \nb"`},
		{"carriage returns", "a\r\nb", `"a\u000d\nb"`},
		{"invalid UTF-8", "a\xff", "a\ufffd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := yamlOf(t, tt.value); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestYAMLValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 1100)
	for _, tt := range []struct {
		name  string
		value any
		want  string
	}{
		{"null", nil, "null"},
		{"true", true, "true"},
		{"an integer", uint64(18446744073709551615), "18446744073709551615"},
		{"an integer beyond 64 bits", jsontext.Value("18446744073709551616"), "18446744073709551616.0"},
		{"an exponent with what YAML 1.1 wants", 1e21, "1.0e+21"},
		{"a small number", 1.5e-9, "1.5e-9"},
		{"an empty object", map[string]any{}, "{}"},
		{"an empty list", []string{}, "[]"},
		{"an object", map[string]any{"no": 1, "b": map[string]any{"c": "d"}}, "\n  b:\n    c: d\n  \"no\": 1"},
		{"a list", []any{"a", []any{1, []any{}}, map[string]any{"b": 2, "c": []any{3}}}, "\n  - a\n  - - 1\n    - []\n  - b: 2\n    c:\n      - 3"},
		{"lines in a list", []any{"a\nb", map[string]any{"k": "c\nd"}}, "\n  - |-\n    a\n    b\n  - k: |-\n      c\n      d"},
		{"a key too long for one line", []any{map[string]any{long: "v"}}, "\n  - ? " + long + "\n    : v"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := yamlOf(t, tt.value); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
