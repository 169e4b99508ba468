// Package media reads Content-Type and Accept.
package media

import (
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// Essence splits a Content-Type (RFC 9110, section 8.3) into its lower-case type and its charset parameter, "" if there is
// none. ok is false when the field cannot be read.
func Essence(contentType string) (essence, charset string, ok bool) {
	essence, rest, _ := strings.Cut(contentType, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	kind, sub, found := strings.Cut(essence, "/")
	if !found || !ascii.IsToken(kind) || !ascii.IsToken(sub) {
		return "", "", false
	}
	for rest != "" {
		var parameter string
		parameter, rest, _ = strings.Cut(rest, ";")
		name, value, found := strings.Cut(strings.TrimSpace(parameter), "=")
		if name == "" && !found {
			continue
		}
		value = strings.Trim(value, "\"")
		if !found || !ascii.IsToken(name) || value == "" {
			return "", "", false
		}
		if strings.EqualFold(name, "charset") {
			charset = strings.ToLower(value)
		}
	}
	return essence, charset, true
}

// Parameter returns the value of a parameter of a Content-Type that Essence could read; "" is none, or more than one.
func Parameter(contentType, name string) string {
	_, rest, _ := strings.Cut(contentType, ";")
	found := ""
	for parameter := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if !strings.EqualFold(key, name) {
			continue
		}
		if found != "" {
			return ""
		}
		if unquoted, ok := strings.CutPrefix(value, `"`); ok {
			if value, ok = strings.CutSuffix(unquoted, `"`); !ok {
				return ""
			}
		}
		found = value
	}
	return found
}

// IsRange reports whether a lower-case essence stands for several types, such as image/*.
func IsRange(essence string) bool { return strings.Contains(essence, "*") }

// Matches reports whether a media type or range, such as image/png, image/* or */*, covers a type, both in lower case.
func Matches(pattern, essence string) bool {
	if pattern == essence || pattern == "*/*" {
		return true
	}
	kind, whole := strings.CutSuffix(pattern, "/*")
	return whole && strings.HasPrefix(essence, kind+"/")
}

// Best is the offer, a media type with or without parameters, that the lines of an Accept field prefer (RFC 9110, section
// 12.5.1): the first of those with the highest weight; "" when none is acceptable. No field allows everything; for each offer
// the most specific range that matches decides, and q=0 refuses.
func Best(lines, offers []string) string {
	if len(lines) == 1 && len(offers) > 0 && (lines[0] == "*/*" || lines[0] == offers[0]) {
		return offers[0] // what most clients send
	}
	best, most := "", 0.0
	for _, offer := range offers {
		if q := weight(lines, offer); q > most {
			best, most = offer, q
		}
	}
	return best
}

// Accepts reports whether the lines of an Accept field allow a media type.
func Accepts(lines []string, offer string) bool { return weight(lines, offer) > 0 }

// weight is what an Accept field says of one offer, 0 to 1. Parameters of a range other than q mean nothing.
func weight(lines []string, offer string) float64 {
	essence, _, _ := strings.Cut(offer, ";")
	essence = strings.TrimSpace(essence)
	if essence == "*/*" {
		return 1 // nobody knows before it is there
	}
	kind, _, _ := strings.Cut(essence, "/")
	best, q, some := -1, 0.0, false
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			some = true
			name, parameters, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			rank := -1
			switch {
			case strings.EqualFold(name, essence):
				rank = 2
			case strings.EqualFold(name, kind+"/*"):
				rank = 1
			case name == "*/*":
				rank = 0
			}
			if rank > best {
				best, q = rank, quality(parameters)
			}
		}
	}
	if !some {
		return 1
	}
	return q
}

func quality(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return q
	}
	return 1
}
