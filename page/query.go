// Package page cuts lists into numbered pages.
//
// An input embeds Query, and the operation returns a *Of:
//
//	type ListUsers struct {
//		page.Query
//		Role string `query:"role" enum:"admin,member" default:"member"`
//	}
//
//	func (s *Users) list(ctx context.Context, in *ListUsers) (*page.Of[User], error) {
//		users, total, err := s.db.Users(ctx, in.Role, in.Limit(), in.Offset())
//		return page.New(in.Query, users, total), err
//	}
//
// The rows must be in a total order (end it with a unique column), or pages overlap. A page past the end is no error: it
// is answered with 200 and no items, since rows may have been deleted between two requests.
package page

import (
	"context"
	"math"

	"github.com/tenon-go/tenon/internal/message"
)

// MaxOffset is how many rows a page may skip. A database walks all of them, so a deeper page is refused with 422; a list
// of that length wants a filter.
const MaxOffset = 10_000

const defaultSize = 20

// Query is what a request says about the page that it wants. Embed it in an input. The zero value, as a test or a
// program may write it, is the first page in the default size.
type Query struct {
	Page int `query:"page" minimum:"1" default:"1" doc:"Number of the page, counted from 1."`
	Size int `query:"size" minimum:"1" maximum:"100" default:"20" doc:"Number of items on a page."`
}

// Limit is how many rows to read: Size, or 20 when Size is below 1.
func (q Query) Limit() int {
	if q.Size < 1 {
		return defaultSize
	}
	return q.Size
}

// Offset is how many rows to skip. It is 0 or more, and 10,000 or less after Validate. A product that does not fit an
// int is the largest int.
func (q Query) Offset() int {
	skipped := q.number() - 1
	if skipped > math.MaxInt/q.Limit() {
		return math.MaxInt
	}
	return skipped * q.Limit()
}

// Validate refuses a page that skips more than MaxOffset rows, with one fault at /page. Tenon calls it when page and size
// are valid in themselves.
func (q Query) Validate(context.Context) error {
	if q.Offset() > MaxOffset {
		return message.MaximumSkip.With(MaxOffset).At("/page")
	}
	return nil
}

func (q Query) number() int {
	return max(q.Page, 1)
}
