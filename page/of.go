package page

import "context"

// Of is one page of a list, and the body of the answer. Make it with New. Its name in an OpenAPI document is PageOf and
// the name of T.
type Of[T any] struct {
	Items []T   `json:"items" doc:"The items of this page, in the order of the list."`
	Total int64 `json:"total" minimum:"0" doc:"Number of items in the whole list."`
	Page  int   `json:"page" minimum:"1" doc:"Number of this page, counted from 1."`
	Size  int   `json:"size" minimum:"1" doc:"Number of items on a full page."`
	Pages int64 `json:"pages" minimum:"0" doc:"Number of pages: total divided by size, rounded up."`
}

// New makes the page that q asked for of a list of total items. Nil items become an empty list, and a total below 0
// becomes 0. An empty list has 0 pages. New keeps items, it does not copy them.
func New[T any](q Query, items []T, total int64) *Of[T] {
	if items == nil {
		items = []T{}
	}
	total = max(total, 0)
	size := int64(q.Limit())
	pages := total / size
	if total%size > 0 {
		pages++
	}
	return &Of[T]{Items: items, Total: total, Page: q.number(), Size: q.Limit(), Pages: pages}
}

// Map returns the same page with each item converted, as from a stored row to what a client may see:
//
//	return page.New(in.Query, rows, total).Map(User.view), nil
func (p *Of[T]) Map[U any](convert func(T) U) *Of[U] {
	items := make([]U, len(p.Items))
	for i, item := range p.Items {
		items[i] = convert(item)
	}
	return &Of[U]{Items: items, Total: p.Total, Page: p.Page, Size: p.Size, Pages: p.Pages}
}

// Each makes of a function of items one of pages, such as a migration between versions of an API:
//
//	tenon.Downgrade(page.Each(userToV1))
//
// The first error ends it.
func Each[T, U any](convert func(context.Context, *T) (*U, error)) func(context.Context, *Of[T]) (*Of[U], error) {
	return func(ctx context.Context, p *Of[T]) (*Of[U], error) {
		items := make([]U, len(p.Items))
		for i := range p.Items {
			item, err := convert(ctx, &p.Items[i])
			if err != nil {
				return nil, err
			}
			items[i] = *item
		}
		return &Of[U]{Items: items, Total: p.Total, Page: p.Page, Size: p.Size, Pages: p.Pages}, nil
	}
}
