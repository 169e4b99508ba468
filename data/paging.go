package data

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// Paging is what a request says about the part of a list that it wants: embed it in an input. page counts pages, as page.Query does. cursor goes on from
// where an answer ended, at the same cost however far that is; an empty cursor is the beginning. Without either it is the first page.
type Paging struct {
	Page   tenon.Opt[int]    `query:"page" minimum:"1" doc:"Number of the page, counted from 1. Not together with cursor."`
	Size   int               `query:"size" minimum:"1" maximum:"100" default:"20" doc:"Number of items at most."`
	Cursor tenon.Opt[string] `query:"cursor" maxLength:"2000" doc:"Where to go on: next or prev of an answer; empty is the beginning. Not together with page."`
}

// Validate refuses page and cursor together, and a page too deep: it skips more than page.MaxOffset rows.
func (p Paging) Validate(ctx context.Context) error {
	if p.Page.Set && p.Cursor.Set {
		return problem.Fault{Pointer: "/cursor", Code: "conflict", Message: "must not come together with page"}
	}
	return p.query().Validate(ctx)
}

func (p Paging) query() page.Query { return page.Query{Page: p.Page.Value, Size: p.Size} }
