package data

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// numbered keeps what SQL text with ? became. The texts are constants of the program, so there are not many; of those of package raw, which
// could be, no more than mostTexts are kept.
type numbered struct {
	texts sync.Map
	kept  atomic.Int64
}

const mostTexts = 10_000

// text writes each placeholder ? as $1, $2 and so on.
func (n *numbered) text(sql string) string {
	if !strings.Contains(sql, "?") {
		return sql
	}
	if made, ok := n.texts.Load(sql); ok {
		return made.(string)
	}
	made := number(sql)
	if n.kept.Add(1) <= mostTexts {
		n.texts.Store(sql, made)
	}
	return made
}

// number leaves what stands in quotes and comments as it is. ?? becomes ?.
func number(sql string) string {
	return placed(sql, func(text string) string { return text }, func(i int) string { return "$" + strconv.Itoa(i+1) })
}

// placed writes SQL with another text for each placeholder, and for what stands between them.
func placed(sql string, between func(text string) string, place func(i int) string) string {
	var b strings.Builder
	count := 0
	for i := 0; i < len(sql); {
		if n := opaque(sql, i); n > 0 {
			b.WriteString(between(sql[i : i+n]))
			i += n
			continue
		}
		switch {
		case sql[i] != '?':
			b.WriteString(between(sql[i : i+1]))
		case strings.HasPrefix(sql[i:], "??"):
			b.WriteByte('?')
			i++
		default:
			b.WriteString(place(count))
			count++
		}
		i++
	}
	return b.String()
}

// opaque is the length of the quoted text or comment that begins at i; 0 is none. One that does not end goes to the end: the database
// says what is wrong with it.
func opaque(sql string, i int) int {
	escapes := i > 0 && (sql[i-1] == 'E' || sql[i-1] == 'e') && (i == 1 || !isWord(sql[i-2]))
	sql = sql[i:]
	var end string
	switch {
	case sql[0] == '\'' && escapes:
		return escaped(sql)
	case sql[0] == '\'', sql[0] == '"':
		end = sql[:1] // a doubled quote begins the next text
	case strings.HasPrefix(sql, "--"):
		end = "\n"
	case strings.HasPrefix(sql, "/*"):
		return blockComment(sql)
	case sql[0] == '$':
		if end = dollarTag(sql); end == "" {
			return 0
		}
	default:
		return 0
	}
	from := len(end)
	if end == "\n" {
		from = len("--")
	}
	at := strings.Index(sql[from:], end)
	if at < 0 {
		return len(sql)
	}
	return from + at + len(end)
}

// escaped is the length of a text in quotes in which a backslash takes away the meaning of what follows.
func escaped(sql string) int {
	for i := 1; i < len(sql); i++ {
		switch sql[i] {
		case '\\':
			i++
		case '\'':
			return i + 1
		}
	}
	return len(sql)
}

// blockComment is the length of a comment, which may hold comments.
func blockComment(sql string) int {
	depth := 0
	for i := 0; i+1 < len(sql); i++ {
		switch sql[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(sql)
}

// dollarTag is the tag that text in dollars begins with, such as $$ or $body$; "" is none.
func dollarTag(sql string) string {
	for i := 1; i < len(sql); i++ {
		c := sql[i]
		switch {
		case c == '$':
			return sql[:i+1]
		case !isWord(c) || i == 1 && c >= '0' && c <= '9':
			return ""
		}
	}
	return ""
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
