package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// listPosts is a request for a part of the posts.
type listPosts struct {
	data.Paging
	data.Ordering[postKeys]
	tenon.Fields[PostView]
	tenon.Include[PostView]
	Search    tenon.Opt[string]       `query:"search" maxLength:"100" doc:"Text in the title or the body, whatever the case of its letters."`
	ID        data.Exact[int64]       `query:"id" style:"deepObject" doc:"By id: id[in]=1,2."`
	AuthorID  data.Exact[int64]       `query:"author_id" style:"deepObject" doc:"By who wrote them: author_id[eq]=7."`
	Title     data.Text               `query:"title" style:"deepObject" doc:"By title: title[startswith]=On."`
	CreatedAt data.Ordered[time.Time] `query:"created_at" style:"deepObject" doc:"By when they were written: created_at[gte]=2026-03-01T00:00:00Z."`
}

// postKeys are the columns that posts can be ordered by.
type postKeys struct{}

// Keys names the columns.
func (postKeys) Keys() data.Keys {
	return data.Keys{"id": postID, "author_id": postUserID, "title": postTitle, "created_at": postCreatedAt}
}

func (s *posts) list(ctx context.Context, in *listPosts) (*data.Listed[tenon.Sparse[PostView]], error) {
	var list *data.Listed[postRow]
	var authors data.LoadedOne[postRow, userRow, int64]
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		list, err = postTable.Where(in.ID.On(postID), in.AuthorID.On(postUserID), in.Title.On(postTitle), in.CreatedAt.On(postCreatedAt),
			data.Search(in.Search, postTitle, postBody)).OrderBy(in.Terms()...).List(ctx, v, in.Paging)
		if err == nil && in.Wants("author") {
			authors, err = postUser.Load(ctx, v, list.Items)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list.Map(func(r postRow) tenon.Sparse[PostView] {
		view := r.view()
		if author, ok := authors.Of(r); ok {
			view.Author = tenon.Some(AuthorView{author.ID, author.Name})
		}
		return in.Pick(view)
	}), nil
}
