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
	last := max(p.Pages, 1)
	reachable := int64(MaxOffset/max(p.Size, 1) + 1)
	current := int64(p.Page)
	var links []string
	add := func(rel string, number int64) {
		if number <= reachable {
			links = append(links, "<"+target(u.RawQuery, number)+`>; rel="`+rel+`"`)
		}
	}
	add("first", 1)
	if current > 1 {
		add("prev", min(current-1, last))
	}
	if current < last {
		add("next", current+1)
	}
	add("last", last)
	return strings.Join(links, ", ")
}

// target is the query with its page set to number. Every pair is escaped anew, so that no byte of it can end the
// reference or the header; a pair that cannot be read is left out.
func target(query string, number int64) string {
	page := "page=" + strconv.FormatInt(number, 10)
	var pairs []string
	placed := false
	for pair := range strings.SplitSeq(query, "&") {
		name, value, hasValue := strings.Cut(pair, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		switch {
		case pair == "" || nameErr != nil || valueErr != nil:
		case name == "page" && placed:
		case name == "page":
			pairs, placed = append(pairs, page), true
		case hasValue:
			pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(value))
		default:
			pairs = append(pairs, url.QueryEscape(name))
		}
	}
	if !placed {
		pairs = append(pairs, page)
	}
	return "?" + strings.Join(pairs, "&")
}
