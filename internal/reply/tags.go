package reply

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// EntityTag is an entity tag (RFC 9110, section 8.8.3) as it stands on the wire, such as "abc" with its quotes or W/"abc"; "" is
// none, and * stands for any where a list of tags may hold it.
type EntityTag string

// AnyTag matches every state of a resource that exists.
const AnyTag EntityTag = "*"

// ParseTag reads one element of a list of entity tags.
func ParseTag(text string) (EntityTag, bool) {
	if text == string(AnyTag) {
		return AnyTag, true
	}
	tag, rest := cutTag(text)
	return tag, tag != "" && rest == ""
}

// cutTag cuts an entity tag off the front of a text; "" when none is there.
func cutTag(text string) (tag EntityTag, rest string) {
	opaque := strings.TrimPrefix(text, "W/")
	if opaque == "" || opaque[0] != '"' {
		return "", text
	}
	for i := 1; i < len(opaque); i++ {
		switch c := opaque[i]; {
		case c == '"':
			end := len(text) - len(opaque) + i + 1
			return EntityTag(text[:end]), text[end:]
		case c <= ' ' || c == 0x7f:
			return "", text
		}
	}
	return "", text
}

// MakeTag makes a strong tag that names a text. What a tag cannot hold is written as a percent sign and two digits, and so is the
// percent sign, so that two texts never have one tag.
func MakeTag(text string) EntityTag {
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, len(text)+2)
	b = append(b, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c <= ' ' || c >= 0x7f || strings.IndexByte(`"%\/`, c) >= 0: // readers of lists take a backslash for an escape; In adds a slash
			b = append(b, '%', digits[c>>4], digits[c&15])
		default:
			b = append(b, c)
		}
	}
	return EntityTag(append(b, '"'))
}

// TagOf makes a strong tag of a body: equal for equal ones, wherever they are made.
func TagOf(body []byte) EntityTag {
	sum := sha256.Sum256(body)
	return EntityTag(`"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`)
}

// Weak is the weak form of a tag.
func (t EntityTag) Weak() EntityTag {
	if t == "" || strings.HasPrefix(string(t), "W/") {
		return t
	}
	return "W/" + t
}

// In is the tag of the same state in a representation: each has a tag of its own (RFC 9110, section 8.8.3).
func (t EntityTag) In(representation string) EntityTag {
	plain, ok := strings.CutSuffix(string(t), `"`)
	if !ok {
		return t
	}
	return EntityTag(plain + suffixOf(representation))
}

// Stated are lines of entity tags as they were before In: a write names a state, in whichever representation its client has read it.
func Stated(lines []string, representation string) []string {
	stated := make([]string, len(lines))
	for i, line := range lines {
		stated[i] = strings.ReplaceAll(line, suffixOf(representation), `"`)
	}
	return stated
}

func suffixOf(representation string) string { return "--" + representation + `"` }

// MatchesStrongly compares two tags as writes need it: both are strong and equal, or one is any.
func (t EntityTag) MatchesStrongly(current EntityTag) bool {
	return t == AnyTag || t == current && t != "" && !strings.HasPrefix(string(t), "W/")
}

// MatchesWeakly compares two tags as reads need it: strength means nothing.
func (t EntityTag) MatchesWeakly(current EntityTag) bool {
	return t == AnyTag || t != "" && t.Weak() == current.Weak()
}

// anyTag reports whether one of the tags in the lines of a field matches. A list that cannot be read matches up to where it
// cannot.
func anyTag(lines []string, match func(EntityTag) bool) bool {
	for _, line := range lines {
		for line = strings.TrimLeft(line, " \t,"); line != ""; line = strings.TrimLeft(line, " \t,") {
			if rest, ok := strings.CutPrefix(line, "*"); ok {
				if match(AnyTag) {
					return true
				}
				line = rest
				continue
			}
			tag, rest := cutTag(line)
			if tag == "" {
				break
			}
			if match(tag) {
				return true
			}
			line = rest
		}
	}
	return false
}
