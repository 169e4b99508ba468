// Package ascii tells the bytes of protocols apart: tokens, hexadecimal digits, and what stands in JSON as it is.
package ascii

import (
	"math/bits"
	"strings"
)

// IsToken reports whether s is a token (RFC 9110, section 5.6.2), such as the name of a header field or half of a media type.
func IsToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	return IsDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || (c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0)
}

// IsFieldValue reports whether s can be the value of a header field as it stands (RFC 9110, section 5.5): it has no control character but
// the tab.
func IsFieldValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// IsDigit reports whether c is a decimal digit.
func IsDigit(c byte) bool { return '0' <= c && c <= '9' }

// IsHex reports whether c is a hexadecimal digit, in either case.
func IsHex(c byte) bool { return IsDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// Hex is the value of a hexadecimal digit.
func Hex(c byte) byte {
	if IsDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// Plain counts the bytes at the start of s that stand for themselves in a JSON string (RFC 8259, section 7) and are ASCII: printable,
// and neither " nor \. It looks at eight bytes at a time: for a byte x of the word, (x-n)&^x has its high bit set when x < n, and
// no byte below the first such one is touched by a borrow.
func Plain[T string | []byte](s T) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	i := 0
	for i < len(s) && len(s) >= 8 {
		i = min(i, len(s)-8) // the last eight may overlap those before them
		p := s[i : i+8]
		w := uint64(p[0]) | uint64(p[1])<<8 | uint64(p[2])<<16 | uint64(p[3])<<24 |
			uint64(p[4])<<32 | uint64(p[5])<<40 | uint64(p[6])<<48 | uint64(p[7])<<56
		quotes, slashes := w^ones*'"', w^ones*'\\'
		found := (w | (w-ones*' ')&^w | (quotes-ones)&^quotes | (slashes-ones)&^slashes) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
		i += 8
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
			break
		}
	}
	return i
}
