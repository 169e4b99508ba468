// Package media reads Content-Type and Accept.
package media

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// Essence splits a Content-Type (RFC 9110, section 8.3) into its lower-case type and its lower-case charset parameter, "" if
// there is none. ok is false when the field cannot be read, or says a parameter twice.
func Essence(contentType string) (essence, charset string, ok bool) {
	essence, charset, ok = read(contentType, "charset")
	return essence, strings.ToLower(charset), ok
}

// Parameter returns the value of a parameter of a Content-Type; "" is none, also when the field cannot be read.
func Parameter(contentType, name string) string {
	_, value, _ := read(contentType, name)
	return value
}

// Parameters returns the different values that the media types of an Accept field have for a parameter.
func Parameters(lines []string, name string) []string {
	var values []string
	for _, line := range lines {
		for part := range strings.SplitSeq(line, ",") {
			if value := Parameter(part, name); value != "" && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	return values
}

// maxParameters is the most parameters of a Content-Type.
const maxParameters = 16

// read is the one parser of a Content-Type: its lower-case type, and the value of one of its parameters.
func read(contentType, wanted string) (essence, value string, ok bool) {
	essence, rest, _ := strings.Cut(contentType, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	kind, sub, found := strings.Cut(essence, "/")
	if !found || !ascii.IsToken(kind) || !ascii.IsToken(sub) {
		return "", "", false
	}
	var seen [maxParameters]string
	n := 0
	for {
		if rest = strings.TrimLeft(rest, " \t;"); rest == "" {
			return essence, value, true
		}
		var name, text string
		name, rest, _ = strings.Cut(rest, "=")
		if text, rest, ok = parameterValue(rest); !ok || !ascii.IsToken(name) || n == len(seen) {
			return "", "", false
		}
		for _, other := range seen[:n] {
			if strings.EqualFold(name, other) {
				return "", "", false
			}
		}
		seen[n] = name
		n++
		if strings.EqualFold(name, wanted) {
			value = text
		}
	}
}

// parameterValue reads a token or quoted string up to the end or the next semicolon.
func parameterValue(text string) (value, rest string, ok bool) {
	if unquoted, quoted := strings.CutPrefix(text, `"`); quoted {
		value, rest, ok = quotedString(unquoted)
	} else {
		end := strings.IndexAny(text, "; \t")
		if end < 0 {
			end = len(text)
		}
		value, rest = text[:end], text[end:]
		ok = ascii.IsToken(value)
	}
	rest = strings.TrimLeft(rest, " \t")
	return value, rest, ok && value != "" && ascii.IsFieldValue(value) && (rest == "" || rest[0] == ';')
}

// quotedString reads what comes after the first quote of a quoted string (RFC 9110, section 5.6.4).
func quotedString(text string) (value, rest string, ok bool) {
	end := strings.IndexAny(text, `"\\`)
	if end >= 0 && text[end] == '"' {
		return text[:end], text[end+1:], true
	}
	var b []byte
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return string(b), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		b = append(b, text[i])
	}
	return "", "", false
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
