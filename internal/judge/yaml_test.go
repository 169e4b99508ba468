package judge_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"os"
	"testing"

	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/internal/judge"
	"github.com/tenon-go/tenon/openapi"
)

func TestYAMLSaysWhatJSONSays(t *testing.T) {
	t.Parallel()
	document, err := store.OpenAPI("")
	if err != nil {
		t.Fatal(err)
	}
	storeYAML, err := document.YAML()
	if err != nil {
		t.Fatal(err)
	}
	shopYAML, err := os.ReadFile("../../openapi/testdata/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, texts := range map[string][2][]byte{"the shop": {shop(t), shopYAML}, "the store": {storeDocument(t), storeYAML}} {
		if err := judge.SameYAML(texts[0], texts[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestYAMLReadersSeeDifferences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ json, yaml string }{
		{`{"a": "no"}`, "a: no"}, {`{"a": "1"}`, "a: 1"}, {`{"on": 1}`, "on: 1"}, {`{"a": "2024-01-31"}`, "a: 2024-01-31"}, {`{"a": 1}`, "a: 2"},
	} {
		if judge.SameYAML([]byte(tt.json), []byte(tt.yaml)) == nil {
			t.Errorf("%s passes for %s", tt.yaml, tt.json)
		}
	}
}

// written writes v as an extension of a document, in both forms.
func written(t *testing.T, v any) (jsonText, yamlText []byte) {
	t.Helper()
	doc := &openapi.Document{Extensions: map[string]any{"x-v": v}}
	jsonText, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if yamlText, err = doc.YAML(); err != nil {
		t.Fatal(err)
	}
	return jsonText, yamlText
}

func FuzzYAMLOfStrings(f *testing.F) {
	for _, s := range []string{
		"", "hello", "yes", "No", "on", "y", "null", "~", "true", "12", "0x1f", "0o17", "1_000", "1:30", "1e5", ".5", ".inf", ".NaN", "2024-01-31",
		"2024-01-31T10:00:00Z", "<<", "=", "*a", "&a", "!a", "!!str a", "%a", "@a", "`a`", "- a", "-", "? a", ": a", "a: b", "a:", "a:b", "a #b", "#a", "a ",
		" a", "\ta", "a\t", "{a}", "[a]", "a,b", "'a'", "\"a\"", "\\", "|", ">", "...", "---", "--- a", "a\nb", "a\n\nb\n", "\na", "a\n\n", "a\n  b", " a\nb",
		"a \nb", "a\r\nb", "a\n\tb", "a\n#b", "a\n---\nb", "\x00\x1b\x7f", "\u0085\u00a0\u2028\u2029\ufeff\ufffe\uffff", "😀", "é", "$ref", "/a/{b}", "_",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		jsonText, yamlText := written(t, map[string]any{"key": s, "keys": map[string]any{s: s}, "list": []any{s, []any{s}, map[string]any{s: []any{s}}}})
		if err := judge.SameYAML(jsonText, yamlText); err != nil {
			t.Errorf("%v in\n%s", err, yamlText)
		}
	})
}

func FuzzYAMLOfValues(f *testing.F) {
	for _, s := range []string{
		`null`, `true`, `0`, `-0`, `-1.5e-9`, `1E5`, `1e+2`, `0.1`, `18446744073709551615`, `123456789012345678901234567890`, `{}`, `[]`, `[[],{}]`,
		`{"a":{"b":[1,{"c":[{"d":null}]}]}}`, `[[[1],2],3]`, `{"":{"":""}}`, `[{"a":"b\nc"},"d\ne\n"]`, `{"200":1,"no":2}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		if json.Unmarshal(text, &v) != nil {
			return // not JSON, or a number that no float64 holds
		}
		jsonText, yamlText := written(t, jsontext.Value(text))
		if err := judge.SameYAML(jsonText, yamlText); err != nil {
			t.Errorf("%v in\n%s", err, yamlText)
		}
	})
}
