package password

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Rules are what a new password must be, after NIST SP 800-63B-4, section 3.1.1.2: long enough, and not one that is guessed first. There are no
// rules of composition. The zero value is right where a password is the only factor.
type Rules struct {
	// Min is the least number of code points, 8 or more. Default 15.
	Min int
	// Max is the most code points, 64 or more. Default 128.
	Max int
	// Words are those of the service, such as its name: a password that is little else is refused. Default none.
	Words []string
}

// Check finds what is wrong with the rules.
func (r Rules) Check() error {
	var errs []error
	if r.Min != 0 && r.Min < 8 {
		errs = append(errs, fmt.Errorf("password: Rules.Min is %d, want 8 or more", r.Min))
	}
	if r.Max != 0 && r.Max < 64 || r.Max > MaxBytes/utf8.UTFMax {
		errs = append(errs, fmt.Errorf("password: Rules.Max is %d, want 64..%d", r.Max, MaxBytes/utf8.UTFMax))
	}
	return errors.Join(errs...)
}

// The codes of the faults of Judge.
const (
	CodeShort   = "minLength"       // too few code points
	CodeLong    = "maxLength"       // too many
	CodeCommon  = "password_common" // one that is guessed first
	CodeContext = "password_words"  // little else than words of the person or the service
)

// Judge returns the fault of a new password, with the pointer "/password", or nil. words are those of the person: the e-mail address, the name. The fault
// never repeats them. Rules that are wrong themselves judge nothing: the error is then that of Check.
// It belongs into the Validate method of the input; At moves it to a member of another name.
func (r Rules) Judge(password tenon.Secret, words ...string) error {
	if err := r.Check(); err != nil {
		return err
	}
	var text string
	_ = password.Use(func(b []byte) error { text = string(b); return nil }) // it returns nil
	least, most := r.Min, r.Max
	if least == 0 {
		least = 15
	}
	if most == 0 {
		most = 128
	}
	fault := func(code, message string) error {
		return problem.Fault{Pointer: "/password", Code: code, Message: message}
	}
	n := utf8.RuneCountInString(text)
	switch {
	case n < least:
		return fault(CodeShort, fmt.Sprintf("must have at least %d characters", least))
	case n > most:
		return fault(CodeLong, fmt.Sprintf("must have at most %d characters", most))
	}
	plain := strings.ToLower(text)
	switch {
	case guessed(plain):
		return fault(CodeCommon, "is among those that are guessed first; several words that do not belong together are better")
	case littleElse(plain, slices.Concat(words, r.Words)):
		return fault(CodeContext, "is little else than words that others know of you or of this service")
	}
	return nil
}

// common are passwords of 6 characters or more that are seen most, in lower case, one a line.
//
//go:embed common.txt
var common string

func listed(plain string) bool {
	return plain != "" && !strings.Contains(plain, "\n") && strings.Contains("\n"+common, "\n"+plain+"\n")
}

// guessed reports whether a password is one of the list, by itself, repeated or between digits and signs; repeats less than eight characters; or
// runs along the alphabet or the keyboard.
func guessed(plain string) bool {
	once := period(plain)
	core := strings.TrimFunc(once, func(r rune) bool { return !unicode.IsLetter(r) })
	return utf8.RuneCountInString(once) < 8 || listed(once) || listed(core) || listed(period(core)) || runs(plain)
}

// period is the shortest text of which s is a repetition, the last time perhaps not to its end.
func period(s string) string {
	runes := []rune(s)
	for p := 1; p <= len(runes)/2; p++ {
		i := p
		for i < len(runes) && runes[i] == runes[i-p] {
			i++
		}
		if i == len(runes) {
			return string(runes[:p])
		}
	}
	return s
}

// tracks are what fingers run along.
var tracks = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "yxcvbnm", "azertyuiop",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "!@#$%^&*()_+",
}

// runs reports whether a password is nothing but runs of three characters or more along tracks, in either direction.
func runs(plain string) bool {
	for plain != "" {
		n := run(plain)
		if n < 3 {
			return false
		}
		plain = plain[n:]
	}
	return true
}

// run is how many bytes at the beginning of s run along a track.
func run(s string) int {
	best := 0
	for _, track := range tracks {
		for _, step := range []int{1, -1} {
			at := strings.IndexByte(track, s[0])
			if at < 0 {
				continue
			}
			n := 0
			for n < len(s) && at >= 0 && at < len(track) && s[n] == track[at] {
				n, at = n+1, at+step
			}
			best = max(best, n)
		}
	}
	return best
}

// littleElse reports whether fewer than eight characters are left of a password without words that others know. Words shorter than four characters stand in
// too many others to count.
func littleElse(plain string, words []string) bool {
	left := plain
	for _, word := range words {
		for _, part := range append([]string{word}, strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })...) {
			if part = strings.ToLower(part); utf8.RuneCountInString(part) >= 4 {
				left = strings.ReplaceAll(left, part, "")
			}
		}
	}
	return left != plain && utf8.RuneCountInString(left) < 8
}
