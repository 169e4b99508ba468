package tenon

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// operationID makes a stable id of method and path: GET /api/v1/users/{id} is getApiV1UsersById.
func operationID(method, path string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(method))
	for part := range strings.SplitSeq(path, "/") {
		if inner, ok := strings.CutPrefix(part, "{"); ok {
			b.WriteString("By")
			part = strings.TrimSuffix(strings.TrimSuffix(inner, "}"), "...")
		}
		upper := true
		for _, c := range part {
			if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
				upper = true
				continue
			}
			if upper {
				c = unicode.ToUpper(c)
				upper = false
			}
			b.WriteRune(c)
		}
	}
	return b.String()
}

// operationIDs gives every operation an id and refuses one that is used twice.
func (a *App) operationIDs(plans []*plan) {
	first := map[string]*plan{}
	all := slices.Concat(plans, a.hooks)
	for _, p := range plans {
		all = append(all, p.calls...)
	}
	for _, p := range all {
		if p.op.OperationID == "" {
			p.op.OperationID = operationID(p.op.Method, p.version.without(p.op.Path))
		}
		ids := []string{p.op.OperationID}
		if p.formats != nil && p.formats.suffix {
			ids = append(ids, formatID(p.op.OperationID))
		}
		for _, id := range ids {
			if other := first[id]; other != nil {
				a.fault(p.site, fmt.Errorf("%s: operation id %q is that of %s registered at %s; set tenon.OperationID", p.name, id, other.name, other.site))
				continue
			}
			first[id] = p
		}
	}
}
