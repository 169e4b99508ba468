package encode

import (
	"errors"
	"math/bits"
	"reflect"
	"unicode/utf8"
)

var errUTF8 = errors.New("the text is not valid UTF-8")

func appendText(b []byte, v reflect.Value, _ int) ([]byte, error) { return quote(b, v.String()) }

// quote appends s as a JSON string with the fewest escapes (RFC 8259, section 7). HTML characters stay as they are.
func quote(b []byte, s string) ([]byte, error) {
	b = append(b, '"')
	start, i := 0, 0
	for {
		i += plain(s[i:])
		if i == len(s) {
			break
		}
		if s[i] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return b, errUTF8
			}
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = escape(b, s[i])
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"'), nil
}

// plain counts the bytes at the start of s that are ASCII and need no escape. It looks at eight bytes at a time: for a
// byte x of the word, (x-n)&^x has its high bit set when x < n, and no byte below the first such one is touched by a
// borrow.
func plain[T string | []byte](s T) int {
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
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

func escape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
