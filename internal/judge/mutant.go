package judge

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Mutant is a copy of a value with one thing changed, which may be at any depth. A schema may allow it all the same.
func (g *Generator) Mutant(v any) any {
	if g.rand.IntN(3) > 0 {
		switch v := v.(type) {
		case []any:
			if len(v) > 0 {
				out := slices.Clone(v)
				i := g.rand.IntN(len(v))
				out[i] = g.Mutant(v[i])
				return out
			}
		case map[string]any:
			if names := slices.Sorted(maps.Keys(v)); len(names) > 0 {
				out := maps.Clone(v)
				name := names[g.rand.IntN(len(names))]
				out[name] = g.Mutant(v[name])
				return out
			}
		}
	}
	return g.changed(v)
}

func (g *Generator) changed(v any) any {
	near := g.rand.IntN(2) == 0
	switch v := v.(type) {
	case string:
		if near {
			return []string{v + v, v + strings.Repeat("x", 300), "", v[:len(v)/2], strings.ToUpper(v)}[g.rand.IntN(5)]
		}
	case json.Number:
		if near {
			r := rat(v)
			r.Add(r, rat([]json.Number{"1", "-1", "0.001", "100", "-1000", "1e10", "-1e19", "1e20"}[g.rand.IntN(8)]))
			return json.Number(strings.TrimSuffix(strings.TrimRight(r.FloatString(6), "0"), "."))
		}
	case []any:
		if near && len(v) > 0 {
			return [][]any{slices.Concat(v, v), v[1:], append(slices.Clone(v), v[0]), append(slices.Clone(v), nil)}[g.rand.IntN(4)]
		}
	case map[string]any:
		out := maps.Clone(v)
		if names := slices.Sorted(maps.Keys(v)); near && len(names) > 0 {
			delete(out, names[g.rand.IntN(len(names))])
			return out
		}
		out["another"+g.letters(2)] = true
		return out
	}
	return []any{nil, true, "x", json.Number("7"), json.Number("-1.5"), []any{}, map[string]any{}, []any{"x"}}[g.rand.IntN(8)]
}
