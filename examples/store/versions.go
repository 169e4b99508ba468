package store

import (
	"context"
	"net/url"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/page"
)

// versions are those of the API. Every file but this one knows the newest alone.
func versions() tenon.Versions {
	return tenon.Versions{List: []tenon.Version{
		{
			Name:       "v1",
			Deprecated: time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC),
			Sunset:     time.Date(2027, time.September, 1, 0, 0, 0, 0, time.UTC),
			Link:       "/docs/v2",
		},
		{
			Name: "v2",
			Changes: []tenon.VersionChange{{
				Doc:        "A page of users says how many users there are in all.",
				Migrations: []tenon.Migration{tenon.Downgrade(withoutTotal), tenon.Downgrade(listWithoutTotal)},
			}},
		},
	}}
}

// UserPageV1 is a page of users before it had a total.
type UserPageV1 struct {
	Items []UserView `json:"items" doc:"The users of this page, in the order in which they signed up."`
	Page  int        `json:"page" minimum:"1" doc:"Number of this page, counted from 1."`
	Size  int        `json:"size" minimum:"1" doc:"Number of users on a full page."`
	Pages int64      `json:"pages" minimum:"0" doc:"Number of pages."`
}

func withoutTotal(_ context.Context, p *page.Of[UserView]) (*UserPageV1, error) {
	return &UserPageV1{Items: p.Items, Page: p.Page, Size: p.Size, Pages: p.Pages}, nil
}

// Links are those of the page as it is now.
func (p *UserPageV1) Links(u *url.URL) string {
	return (&page.Of[UserView]{Page: p.Page, Size: p.Size, Pages: p.Pages}).Links(u)
}

// UserListV1 is a part of the list of users before it had a total.
type UserListV1 struct {
	Items []tenon.Sparse[UserView] `json:"items" doc:"The users of this part, in the order of the list."`
	Page  tenon.Opt[int]           `json:"page" minimum:"1" doc:"Number of this page, counted from 1."`
	Size  int                      `json:"size" minimum:"1" doc:"Number of users on a full page."`
	Pages tenon.Opt[int64]         `json:"pages" minimum:"0" doc:"Number of pages."`
	Next  tenon.Opt[string]        `json:"next" doc:"The cursor of what comes after this part."`
	Prev  tenon.Opt[string]        `json:"prev" doc:"The cursor of what comes before this part."`
}

func listWithoutTotal(_ context.Context, l *data.Listed[tenon.Sparse[UserView]]) (*UserListV1, error) {
	return &UserListV1{Items: l.Items, Page: l.Page, Size: l.Size, Pages: l.Pages, Next: l.Next, Prev: l.Prev}, nil
}

// Links are those of the list as it is now.
func (l *UserListV1) Links(u *url.URL) string {
	return (&data.Listed[tenon.Sparse[UserView]]{Page: l.Page, Size: l.Size, Pages: l.Pages, Next: l.Next, Prev: l.Prev}).Links(u)
}
