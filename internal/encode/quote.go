package encode

import (
	"errors"
	"reflect"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/ascii"
)

var errUTF8 = errors.New("the text is not valid UTF-8")

func appendText(b []byte, v reflect.Value, _ int) ([]byte, error) { return quote(b, v.String()) }

// quote appends s as a JSON string with the fewest escapes (RFC 8259, section 7). HTML characters stay as they are.
func quote(b []byte, s string) ([]byte, error) {
	b = append(b, '"')
	start, i := 0, 0
	for {
		i += ascii.Plain(s[i:])
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
