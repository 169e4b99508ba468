package media

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileName is the most bytes of a file name that is sent.
const maxFileName = 200

// Disposition writes a Content-Disposition (RFC 6266). Kind is attachment or inline. Of a name that is a path only the last part
// stays, and no characters that steer a terminal or turn the direction of text; a name of which nothing is left is left out.
// What is not plain ASCII stands in filename* as UTF-8 (RFC 8187), with a likeness in filename for old readers.
func Disposition(kind, name string) string {
	name = fileName(name)
	if name == "" {
		return kind
	}
	plain := make([]byte, 0, len(name))
	for _, c := range name {
		if c < ' ' || c >= 0x7f || strings.ContainsRune("\"\\%", c) { // a percent sign, because some readers decode here too
			c = '_'
		}
		plain = append(plain, byte(c))
	}
	value := kind + `; filename="` + string(plain) + `"`
	if string(plain) != name {
		value += "; filename*=UTF-8''" + extended(name)
	}
	return value
}

// InName reports whether a character may stand in the name of a file: none that steers a terminal, breaks the line, cannot be seen or turns
// the direction of text, but those that join letters and emoji (U+200C and U+200D).
func InName(c rune) bool {
	return c == '\u200c' || c == '\u200d' || !unicode.IsControl(c) && !unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp)
}

func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(c rune) rune {
		if c == utf8.RuneError || !InName(c) {
			return -1
		}
		return c
	}, name)
	for len(name) > maxFileName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	name = strings.TrimSpace(name)
	if strings.Trim(name, ".") == "" {
		return ""
	}
	return name
}

// extended writes a text as an ext-value without its prefix (RFC 8187, section 3.2.1).
func extended(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', digits[c>>4], digits[c&15]})
	}
	return b.String()
}
