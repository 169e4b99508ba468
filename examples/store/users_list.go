package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// latestPosts is how many posts of a user come with include=posts.
const latestPosts = 10

// userPosts are the posts of a user, the latest first.
var userPosts = data.NewMany(userTable, postTable, postUserID).OrderBy(postID.Desc()).Limit(latestPosts)

// region: list

// listUsers is a request for a part of the users.
type listUsers struct {
	data.Paging
	data.Ordering[userKeys]
	tenon.Fields[UserView]
	tenon.Include[UserView]
	Search    tenon.Opt[string]       `query:"search" maxLength:"100" doc:"Text in the name or the e-mail address, whatever the case of its letters."`
	ID        data.Exact[int64]       `query:"id" style:"deepObject" doc:"By id: id[in]=1,2."`
	Name      data.Text               `query:"name" style:"deepObject" doc:"By name: name[startswith]=A."`
	Email     data.Text               `query:"email" style:"deepObject" doc:"By e-mail address: email[contains]=@example.com."`
	Age       data.Ordered[int]       `query:"age" style:"deepObject" doc:"By age: age[range]=18,64."`
	CreatedAt data.Ordered[time.Time] `query:"created_at" style:"deepObject" doc:"By when they signed up: created_at[gte]=2026-03-01T00:00:00Z."`
}

// userKeys are the columns that users can be ordered by.
type userKeys struct{}

// Keys names the columns.
func (userKeys) Keys() data.Keys {
	return data.Keys{"id": userID, "name": userName, "email": userEmail, "age": userAge, "created_at": userCreatedAt}
}

// list reads the users with one statement, counts them with another unless a cursor goes on, and takes one more for the posts of all.
func (s *users) list(ctx context.Context, in *listUsers) (*data.Listed[tenon.Sparse[UserView]], error) {
	var list *data.Listed[userRow]
	var posts data.LoadedMany[userRow, postRow, int64]
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		list, err = userTable.Where(in.ID.On(userID), in.Name.On(userName), in.Email.On(userEmail), in.Age.On(userAge), in.CreatedAt.On(userCreatedAt),
			data.Search(in.Search, userName, userEmail)).OrderBy(in.Terms()...).List(ctx, v, in.Paging)
		if err == nil && in.Wants("posts") {
			posts, err = userPosts.Load(ctx, v, list.Items)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list.Map(func(r userRow) tenon.Sparse[UserView] {
		view := r.view()
		if in.Wants("posts") {
			view.Posts = tenon.Some(each(posts.Of(r), postRow.view))
		}
		return in.Pick(view)
	}), nil
}

// endregion: list

// each converts rows to what a client may see.
func each[R, V any](rows []R, view func(R) V) []V {
	views := make([]V, len(rows))
	for i, r := range rows {
		views[i] = view(r)
	}
	return views
}
