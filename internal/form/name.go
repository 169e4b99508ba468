package form

import (
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/media"
)

// MaxFileName is the most bytes of a file name.
const MaxFileName = 255

// FileName makes a name that is no path of what a client sent: what stands after the last slash or backslash, without dots and
// spaces at its end; "" when nothing is left. ok is false for a name that is too long, or has characters that media.InName
// refuses.
func FileName(sent string) (name string, ok bool) {
	name = sent[strings.LastIndexAny(sent, `/\`)+1:]
	name = strings.TrimLeft(strings.TrimRight(name, " ."), " ")
	if len(name) > MaxFileName || !utf8.ValidString(sent) {
		return "", false
	}
	for _, c := range sent {
		if !media.InName(c) {
			return "", false
		}
	}
	return name, true
}
