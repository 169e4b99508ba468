package tenon

import (
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
