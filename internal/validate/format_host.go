package validate

import (
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// The longest local part and address of RFC 5321, section 4.5.3.1 (the path of 256 bytes holds two brackets).
const (
	maxLocal   = 64
	maxAddress = 254
)

// isEmail wants an address as people have it: local@domain, with a local part of atoms and dots (RFC 5322, section 3.2.3), so no
// quoted part, display name or comment, and a domain name of two labels or more, so no IP literal. It is ASCII: a domain with
// other letters is written in its xn-- form, and a local part with other letters (RFC 6531) is refused, for most mail servers
// still do not carry it.
func isEmail(s string) bool {
	i := strings.IndexByte(s, '@')
	if i < 1 || i > maxLocal || len(s) > maxAddress {
		return false
	}
	local, domain := s[:i], s[i+1:]
	if !dotted(local, isDotAtom) {
		return false
	}
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && isHostname(domain) && !all(domain[dot+1:], ascii.IsDigit)
}

// isHostname wants labels of letters, digits and inner hyphens, of 63 bytes at most each and 253 in all (RFC 1123, section
// 2.1). Two hyphens at the third place are for xn-- alone (RFC 5891, section 4.2.3.1).
func isHostname(s string) bool {
	if len(s) > 253 {
		return false
	}
	return dotted(s, isLabel)
}

// dotted reports whether every part between dots is right.
func dotted(s string, is func(string) bool) bool {
	for {
		dot := strings.IndexByte(s, '.')
		if dot < 0 {
			return is(s)
		}
		if !is(s[:dot]) {
			return false
		}
		s = s[dot+1:]
	}
}

func isDotAtom(s string) bool { return s != "" && all(s, isAtom) }

func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' || !all(s, isLabelByte) {
		return false
	}
	return len(s) < 4 || s[2:4] != "--" || strings.EqualFold(s[:2], "xn")
}

func all(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool    { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isLabelByte(c byte) bool { return ascii.IsDigit(c) || isLetter(c) || c == '-' }
func isAtom(c byte) bool {
	return ascii.IsDigit(c) || isLetter(c) || (c != 0 && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0)
}
