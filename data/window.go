package data

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// Window is what a request says about the part of a list that it wants, in items instead of pages: embed it in an input in the place of Paging, and ask
// by Selection.Window. The zero value is the first 20 items.
type Window struct {
	Offset int `query:"offset" minimum:"0" maximum:"10000" default:"0" doc:"Number of items to skip."`
	Limit  int `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Number of items at most."`
}

// Window returns the part of the rows that w asks for, as List does of a page. The answer has an offset, and no page and pages.
func (s Selection[R]) Window(ctx context.Context, q Querier, w Window) (*Listed[R], error) {
	offset := min(max(w.Offset, 0), page.MaxOffset)
	l, err := s.numbered(ctx, q, page.Query{Size: w.Limit}.Limit(), offset)
	if err != nil {
		return nil, err
	}
	l.Offset = tenon.Some(offset)
	return l, nil
}

// places are the links of a list whose end is not known: first, prev where something comes before, and next where something follows that can be asked for.
func places(u *url.URL, parameter string, here, step, begin, end int, further bool) string {
	links := []string{link(u, parameter, strconv.Itoa(begin), "first")}
	if here > begin {
		links = append(links, link(u, parameter, strconv.Itoa(max(here-step, begin)), "prev"))
	}
	if further && here+step <= end {
		links = append(links, link(u, parameter, strconv.Itoa(here+step), "next"))
	}
	return strings.Join(links, ", ")
}
