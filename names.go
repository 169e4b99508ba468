package tenon

import (
	"strings"
	"unicode"
)

// CamelCase is the name of a Go field in camel case: UserID is userId, HTTPServer is httpServer. See Config.Names.
func CamelCase(field string) string {
	words := wordsOf(field)
	for i, word := range words {
		if i > 0 {
			first := []rune(word)
			first[0] = unicode.ToUpper(first[0])
			words[i] = string(first)
		}
	}
	return strings.Join(words, "")
}

// SnakeCase is the name of a Go field in snake case: UserID is user_id, HTTPServer is http_server. See Config.Names.
func SnakeCase(field string) string { return strings.Join(wordsOf(field), "_") }

// plural reports whether what follows a capital is the s of several: IDs is one word.
func plural(rest []rune) bool { return rest[0] == 's' && (len(rest) == 1 || unicode.IsUpper(rest[1])) }

// wordsOf parts a name of Go into lower-case words. A run of capitals is one word, but for the last of them where small letters follow.
func wordsOf(name string) []string {
	var words []string
	runes, start := []rune(name), 0
	for i := 1; i <= len(runes); i++ {
		switch {
		case i == len(runes):
		case runes[i] == '_':
		case unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1]):
		case unicode.IsUpper(runes[i]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]) && !plural(runes[i+1:]):
		default:
			continue
		}
		if word := strings.Trim(string(runes[start:i]), "_"); word != "" {
			words = append(words, strings.ToLower(word))
		}
		start = i
	}
	return words
}
