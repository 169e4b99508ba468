package page

import (
	"net/url"
	"strconv"
	"strings"
)

// Links is the value of a Link header (RFC 8288) for the page that u asked for: first, prev, next and last, as far as
// they exist and Query accepts them. The targets are relative references that hold a query only (RFC 3986, section 4.2):
// they stay right behind a proxy that changes the host or the path, and nothing that the request says about its host is
// repeated. Other parameters of u keep their places. Tenon calls Links for an operation that returns a *Of.
func (p *Of[T]) Links(u *url.URL) string {
	before, after := around(u.RawQuery, "page")
	last := max(p.Pages, 1)
	reachable := int64(MaxOffset/max(p.Size, 1) + 1)
	current := int64(p.Page)
	b := make([]byte, 0, 4*(len(before)+len(after)+len(`<10000>; rel="first", `)))
	add := func(rel string, number int64) {
		if number > reachable {
			return
		}
		if len(b) > 0 {
			b = append(b, ", "...)
		}
		b = append(append(b, '<'), before...)
		b = append(strconv.AppendInt(b, number, 10), after...)
		b = append(append(append(b, `>; rel="`...), rel...), '"')
	}
	add("first", 1)
	if current > 1 {
		add("prev", min(current-1, last))
	}
	if current < last {
		add("next", current+1)
	}
	add("last", last)
	return string(b)
}

// Reference is the relative reference (RFC 3986, section 4.2) to u with another value of one query parameter: its query alone, as Links
// writes it.
func Reference(u *url.URL, name, value string) string {
	before, after := around(u.RawQuery, name)
	return before + url.QueryEscape(value) + after
}

// around is the query before and after the value of a parameter, whose name needs no escapes. Every pair is escaped anew, so that no byte of it can end
// the reference or the header; a pair that cannot be read is left out.
func around(query, parameter string) (before, after string) {
	b := make([]byte, 0, len(query)+len(parameter)+len("?&="))
	end := 0 // of the name, once it is placed
	for pair := range strings.SplitSeq(query, "&") {
		name, value, hasValue := strings.Cut(pair, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if pair == "" || nameErr != nil || valueErr != nil || name == parameter && end > 0 {
			continue
		}
		b = append(b, separator(b)...)
		if name == parameter {
			b = append(append(b, parameter...), '=')
			end = len(b)
			continue
		}
		b = append(b, url.QueryEscape(name)...)
		if hasValue {
			b = append(append(b, '='), url.QueryEscape(value)...)
		}
	}
	if end == 0 {
		b = append(append(append(b, separator(b)...), parameter...), '=')
		end = len(b)
	}
	return string(b[:end]), string(b[end:])
}

func separator(b []byte) string {
	if len(b) == 0 {
		return "?"
	}
	return "&"
}
