package openapi

import (
	"fmt"
	"strconv"
	"strings"
)

// indicators mean something in YAML at some place. The standard allows them within most plain scalars, but not every
// reader does.
const indicators = "#<>|*&!%@`\"\\[]"

// plain reports whether s may stand in YAML without quotes, as a key or as a value. It begins with a letter or one of a
// few signs, so that it is no number, date or indicator, and is none of the words that YAML 1.1 or 1.2 reads as a boolean or null.
func plain(s string) bool {
	if s == "" || !strings.ContainsRune("/_$", rune(s[0])) && !letter(s[0]) {
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	for _, r := range s {
		if !printable(r) || strings.ContainsRune(indicators, r) {
			return false
		}
	}
	return !strings.Contains(s, ": ") && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ")
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// literal reports whether s has several lines that a literal block gives back unchanged: it neither begins nor ends with
// what the block's indentation and chomping would take, and no line ends in a blank that an editor would.
func literal(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(s, "\n") || body == "" || strings.HasPrefix(s, " ") || strings.HasPrefix(s, "\n") || strings.HasSuffix(body, "\n") {
		return false
	}
	for _, r := range s {
		if r != '\n' && !printable(r) {
			return false
		}
	}
	return !strings.Contains(s, " \n") && !strings.HasSuffix(s, " ")
}

// printable reports whether r may stand as itself (YAML 1.2.2, section 5.1), line breaks, tab and byte order mark aside.
func printable(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f, r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff:
		return false
	}
	return true
}

// appendScalar writes s on one line: as it is, or in double quotes (section 5.7). An escape beyond U+FFFF is never needed.
func appendScalar(b []byte, s string) []byte {
	if plain(s) {
		return append(b, s...)
	}
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case !printable(r):
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}

// number writes a JSON number so that YAML 1.1 takes it for one too: that wants a fraction before an exponent, and the
// exponent's sign. An integer beyond 64 bits gets a fraction, because some readers take it for a string without.
func number(s string) string {
	at := strings.IndexAny(s, "eE")
	if at < 0 {
		_, err := strconv.ParseInt(s, 10, 64)
		_, errU := strconv.ParseUint(s, 10, 64)
		if err != nil && errU != nil && !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	mantissa, exponent := s[:at], s[at+1:]
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if exponent[0] != '+' && exponent[0] != '-' {
		exponent = "+" + exponent
	}
	return mantissa + "e" + exponent
}
