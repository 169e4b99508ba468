package data

import (
	"net/url"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// Listed is a part of a list, and the body of the answer. Asked for by its number it has a page and pages; asked for by a Window it has an offset; asked
// for by a cursor it has next and prev, as far as there is more. Its name in an OpenAPI document is ListedOf and the name of T.
type Listed[T any] struct {
	Items  []T               `json:"items" doc:"The items of this part, in the order of the list."`
	Total  tenon.Opt[int64]  `json:"total" minimum:"0" doc:"Number of items in the whole list, where they are counted."`
	Capped tenon.Opt[bool]   `json:"capped" doc:"true where there are more items than total says: they are counted no further."`
	Page   tenon.Opt[int]    `json:"page" minimum:"1" doc:"Number of this page, counted from 1."`
	Offset tenon.Opt[int]    `json:"offset" minimum:"0" doc:"Number of items before this part."`
	Size   int               `json:"size" minimum:"1" doc:"Number of items on a full page."`
	Pages  tenon.Opt[int64]  `json:"pages" minimum:"0" doc:"Number of pages: total divided by size, rounded up."`
	Next   tenon.Opt[string] `json:"next" doc:"The cursor of what comes after this part."`
	Prev   tenon.Opt[string] `json:"prev" doc:"The cursor of what comes before this part."`

	further bool // of one that was asked for by a number: something follows
	rough   bool // total is not exact
}

// Map returns the same part with each item converted, as from a stored row to what a client may see.
func (l *Listed[T]) Map[U any](convert func(T) U) *Listed[U] {
	items := make([]U, len(l.Items))
	for i, item := range l.Items {
		items[i] = convert(item)
	}
	return &Listed[U]{
		Items: items, Total: l.Total, Capped: l.Capped, Page: l.Page, Offset: l.Offset, Size: l.Size, Pages: l.Pages, Next: l.Next, Prev: l.Prev,
		further: l.further, rough: l.rough,
	}
}

// Links is the value of a Link field (RFC 8288) for the answer to u: see page.Of.Links. It names last only where the number of pages is known; of a
// cursor's part it names first, prev and next.
func (l *Listed[T]) Links(u *url.URL) string {
	switch {
	case l.Offset.Set:
		return places(u, "offset", l.Offset.Value, l.Size, 0, page.MaxOffset, l.further)
	case l.Page.Set && (!l.Pages.Set || l.rough):
		return places(u, "page", l.Page.Value, 1, 1, page.MaxOffset/max(l.Size, 1)+1, l.further)
	case l.Page.Set:
		return (&page.Of[T]{Total: l.Total.Value, Page: l.Page.Value, Size: l.Size, Pages: l.Pages.Value}).Links(u)
	}
	links := []string{link(u, "cursor", "", "first")}
	if l.Prev.Set {
		links = append(links, link(u, "cursor", l.Prev.Value, "prev"))
	}
	if l.Next.Set {
		links = append(links, link(u, "cursor", l.Next.Value, "next"))
	}
	return strings.Join(links, ", ")
}

func link(u *url.URL, parameter, value, rel string) string {
	return "<" + page.Reference(u, parameter, value) + `>; rel="` + rel + `"`
}
