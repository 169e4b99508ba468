package data

import (
	"net/url"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// Listed is a part of a list, and the body of the answer. Asked for by its number it has a page and pages; asked for by a cursor it has
// next and prev, as far as there is more. Its name in an OpenAPI document is ListedOf and the name of T.
type Listed[T any] struct {
	Items []T               `json:"items" doc:"The items of this part, in the order of the list."`
	Total tenon.Opt[int64]  `json:"total" minimum:"0" doc:"Number of items in the whole list, where they are counted."`
	Page  tenon.Opt[int]    `json:"page" minimum:"1" doc:"Number of this page, counted from 1."`
	Size  int               `json:"size" minimum:"1" doc:"Number of items on a full page."`
	Pages tenon.Opt[int64]  `json:"pages" minimum:"0" doc:"Number of pages: total divided by size, rounded up."`
	Next  tenon.Opt[string] `json:"next" doc:"The cursor of what comes after this part."`
	Prev  tenon.Opt[string] `json:"prev" doc:"The cursor of what comes before this part."`
}

// Map returns the same part with each item converted, as from a stored row to what a client may see.
func (l *Listed[T]) Map[U any](convert func(T) U) *Listed[U] {
	items := make([]U, len(l.Items))
	for i, item := range l.Items {
		items[i] = convert(item)
	}
	return &Listed[U]{Items: items, Total: l.Total, Page: l.Page, Size: l.Size, Pages: l.Pages, Next: l.Next, Prev: l.Prev}
}

// Links is the value of a Link field (RFC 8288) for the answer to u: see page.Of.Links. Of a cursor's part it names first, prev and next.
func (l *Listed[T]) Links(u *url.URL) string {
	if l.Page.Set {
		whole := page.Of[T]{Total: l.Total.Value, Page: l.Page.Value, Size: l.Size, Pages: l.Pages.Value}
		return whole.Links(u)
	}
	links := []string{link(u, "", "first")}
	if l.Prev.Set {
		links = append(links, link(u, l.Prev.Value, "prev"))
	}
	if l.Next.Set {
		links = append(links, link(u, l.Next.Value, "next"))
	}
	return strings.Join(links, ", ")
}

func link(u *url.URL, cursor, rel string) string {
	return "<" + page.Reference(u, "cursor", cursor) + `>; rel="` + rel + `"`
}
