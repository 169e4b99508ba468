package judge

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
)

// Generator makes values that a schema of an OpenAPI document allows, and near misses of them. The same seed makes the same values.
type Generator struct {
	rand *rand.Rand
	doc  any
}

// NewGenerator makes values for the schemas of doc, which is a document as it was read from JSON.
func NewGenerator(doc any, seed uint64) *Generator {
	return &Generator{rand: rand.New(rand.NewPCG(seed, 0)), doc: doc} //nolint:gosec // a test that fails must fail again
}

// deepest is where optional members and items are left out.
const deepest = 4

// Value is a value that the schema allows. Numbers are of type json.Number, so that none is rounded.
func (g *Generator) Value(schema map[string]any) any { return g.value(schema, 0) }

func (g *Generator) value(schema map[string]any, depth int) any {
	schema = g.Resolve(schema)
	if list, ok := schema["enum"].([]any); ok {
		return list[g.rand.IntN(len(list))]
	}
	if v, ok := schema["const"]; ok {
		return v
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		if list, ok := schema[word].([]any); ok {
			i := g.rand.IntN(len(list))
			if depth >= deepest {
				i = len(list) - 1 // null, where it may be
			}
			return g.value(list[i].(map[string]any), depth)
		}
	}
	kinds, ok := schema["type"].([]any)
	if !ok {
		kinds = []any{schema["type"]}
	}
	switch kinds[g.rand.IntN(len(kinds))] {
	case "null":
		return nil
	case "boolean":
		return g.rand.IntN(2) == 0
	case "string":
		return g.text(schema)
	case "integer":
		return g.number(schema, "1")
	case "number":
		return g.number(schema, "0.25")
	case "array":
		return g.array(schema, depth)
	case "object":
		return g.object(schema, depth)
	}
	return []any{nil, true, "any", json.Number("1.5"), []any{"x"}, map[string]any{"x": nil}}[g.rand.IntN(6)] // any JSON
}

// Resolve follows the reference of a schema within the document.
func (g *Generator) Resolve(schema map[string]any) map[string]any {
	ref, ok := schema["$ref"].(string)
	if !ok {
		return schema
	}
	v := g.doc
	for token := range pointer(strings.TrimPrefix(ref, "#")).Tokens() {
		v = v.(map[string]any)[token]
	}
	return g.Resolve(v.(map[string]any))
}

// forms are values of the formats.
var forms = map[string][]string{
	"uuid": {"0198c0de-0000-7000-8000-000000000001"}, "date": {"2026-11-26", "2024-02-29"},
	"date-time": {"2026-11-26T10:00:00Z", "2026-11-26T10:00:00.5+07:00"},
	"time":      {"10:00:00Z"}, "duration": {"PT1H30M", "P1D"}, "uri": {"https://example.com/a"}, "uri-reference": {"/a"}, "hostname": {"example.com"},
	"ipv4": {"192.0.2.1"}, "ipv6": {"2001:db8::1"}, "json-pointer": {"/a"}, "regex": {"^a$"}, "http-date": {"Mon, 02 Jan 2006 15:04:05 GMT"},
	"sku": {"TN-0042", "TN-9999"}, // of the page about validation
}

func (g *Generator) text(schema map[string]any) string {
	format, _ := schema["format"].(string)
	if list := forms[format]; list != nil {
		return list[g.rand.IntN(len(list))]
	}
	if format == "email" {
		return g.letters(8) + "@example.com"
	}
	if schema["contentEncoding"] == "base64" {
		return []string{"", "YQ==", "YWJj"}[g.rand.IntN(3)]
	}
	least, most := g.between(schema, "minLength", "maxLength")
	if pattern, ok := schema["pattern"].(string); ok {
		parsed, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			panic(err)
		}
		for range 1000 {
			s := g.match(parsed.Simplify())
			if n := len([]rune(s)); n >= least && n <= whole(schema["maxLength"], n) {
				return s
			}
		}
	}
	return g.letters(least + g.rand.IntN(most-least+1))
}

func (g *Generator) letters(n int) string {
	letters := []rune("abcxyzABC09é\u65e5😀")
	if g.rand.IntN(2) == 0 {
		letters = letters[:6]
	}
	text := make([]rune, n)
	for i := range text {
		text[i] = letters[g.rand.IntN(len(letters))]
	}
	if n == 8 {
		return strings.Map(func(r rune) rune { return 'a' + r%26 }, string(text)) // of an address
	}
	return string(text)
}

// match makes a text that an expression matches from its beginning to its end.
func (g *Generator) match(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		i := g.rand.IntN(len(re.Rune)/2) * 2
		for c := 'a'; c <= 'z'; c++ {
			for at := 0; at < len(re.Rune); at += 2 {
				if re.Rune[at] <= c && c <= re.Rune[at+1] {
					return string(c + rune(g.rand.IntN(int(min(re.Rune[at+1], 'z')-c)+1)))
				}
			}
		}
		return string(re.Rune[i] + rune(g.rand.IntN(int(re.Rune[i+1]-re.Rune[i])+1)))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest:
		n := g.rand.IntN(2)
		if re.Op != syntax.OpQuest {
			n += g.rand.IntN(3)
		}
		if re.Op == syntax.OpPlus {
			n++
		}
		return g.repeat(re.Sub[0], n)
	case syntax.OpAlternate:
		return g.match(re.Sub[g.rand.IntN(len(re.Sub))])
	case syntax.OpConcat, syntax.OpCapture:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(g.match(sub))
		}
		return b.String()
	}
	return "" // a place, not a text
}

func (g *Generator) repeat(re *syntax.Regexp, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(g.match(re))
	}
	return b.String()
}

// between is the least and the most that two words say, close to each other.
func (g *Generator) between(schema map[string]any, least, most string) (low, high int) {
	low = whole(schema[least], 0)
	return low, min(whole(schema[most], low+5), low+5)
}

func whole(v any, otherwise int) int {
	n, ok := v.(json.Number)
	if !ok {
		return otherwise
	}
	i, err := n.Int64()
	if err != nil {
		panic(err)
	}
	return int(i)
}

// number is a multiple of the step, which the schema may say, within its bounds.
func (g *Generator) number(schema map[string]any, step string) json.Number {
	by := rat(json.Number(step))
	if s, ok := schema["multipleOf"].(json.Number); ok {
		by = rat(s)
	}
	low, high := bound(schema, "minimum", by, 1), bound(schema, "maximum", by, -1)
	switch {
	case low == nil && high == nil:
		low, high = big.NewInt(-20), big.NewInt(20)
	case low == nil:
		low = new(big.Int).Sub(high, big.NewInt(50))
	case high == nil:
		high = new(big.Int).Add(low, big.NewInt(50))
	}
	n := new(big.Int).Add(new(big.Int).Sub(high, low), big.NewInt(1))
	pick := big.NewInt(g.rand.Int64N(n.Int64()))
	value := new(big.Rat).Mul(by, new(big.Rat).SetInt(pick.Add(pick, low)))
	if value.IsInt() {
		return json.Number(value.Num().String())
	}
	return json.Number(strings.TrimRight(value.FloatString(12), "0"))
}

// bound is the first multiple of by that a bound allows, counted in by; nil when there is no bound. inward is 1 for the least.
func bound(schema map[string]any, word string, by *big.Rat, inward int64) *big.Int {
	exclusive := "exclusive" + strings.ToUpper(word[:1]) + word[1:]
	v, ok := schema[word].(json.Number)
	open, isOpen := schema[exclusive].(json.Number)
	if isOpen {
		v, ok = open, true
	}
	if !ok {
		return nil
	}
	q := new(big.Rat).Quo(rat(v), by)
	n := new(big.Int).Div(q.Num(), q.Denom()) // the floor
	switch {
	case q.IsInt() && isOpen:
		n.Add(n, big.NewInt(inward))
	case !q.IsInt() && inward > 0:
		n.Add(n, big.NewInt(1))
	}
	return n
}

func rat(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		panic("judge: " + n.String() + " is not a number")
	}
	return r
}

func (g *Generator) array(schema map[string]any, depth int) []any {
	least, most := g.between(schema, "minItems", "maxItems")
	if depth >= deepest {
		most = least
	}
	items, _ := schema["items"].(map[string]any)
	list := []any{}
	seen := map[string]bool{}
	for tries := least + g.rand.IntN(most-least+1); len(list) < tries; {
		item := g.value(items, depth+1)
		text := fmt.Sprint(item)
		if schema["uniqueItems"] == true && seen[text] {
			tries = max(least, tries-1)
			continue
		}
		seen[text] = true
		list = append(list, item)
	}
	return list
}

func (g *Generator) object(schema map[string]any, depth int) map[string]any {
	object := map[string]any{}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || depth < deepest && g.rand.IntN(2) == 0 {
			object[name] = g.value(properties[name].(map[string]any), depth+1)
		}
	}
	if others, ok := schema["additionalProperties"].(map[string]any); ok {
		least, most := g.between(schema, "minProperties", "maxProperties")
		for range least + g.rand.IntN(most-least+1) {
			object["k"+g.letters(3)] = g.value(others, depth+1)
		}
	}
	return object
}
