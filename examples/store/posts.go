package store

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// ErrPostNotFound is answered for an id that no post has.
var ErrPostNotFound = problem.Define(http.StatusNotFound, "post-not-found", "There is no such post.")

// NewPost is a post as a user writes it.
type NewPost struct {
	UserID int64  `json:"user_id" minimum:"1" doc:"Who writes it." example:"7"`
	Title  string `json:"title" transform:"nfc" minLength:"1" maxLength:"200" doc:"Not only white space." example:"On joints"`
	Body   string `json:"body" transform:"nfc" maxLength:"10000" doc:"Plain text." example:"A tenon is cut to fit exactly."`
}

// ValidateNeeds names what Validate reads.
func (*NewPost) ValidateNeeds() []string { return []string{"title"} }

// Validate refuses a title that nobody can see.
func (p *NewPost) Validate(context.Context) error { return notBlank("/title", p.Title) }

// notBlank is the fault of a text that nobody can see.
func notBlank(pointer, text string) error {
	if strings.TrimSpace(text) == "" {
		return problem.Fault{Pointer: pointer, Code: "blank", Message: "must not be blank"}
	}
	return nil
}

// PostView is a post as everybody sees it.
type PostView struct {
	ID        int64               `json:"id" doc:"Names the post." example:"12"`
	UserID    int64               `json:"user_id" doc:"Who wrote it." example:"7"`
	Title     string              `json:"title" doc:"What it is about." example:"On joints"`
	Body      string              `json:"body" doc:"Plain text." example:"A tenon is cut to fit exactly."`
	CreatedAt time.Time           `json:"created_at" doc:"When it was written, in UTC." example:"2026-03-01T12:00:00Z"`
	User      tenon.Opt[UserView] `json:"user" doc:"Who wrote it, with include=user."`
}

// postRow is a row of the table posts.
type postRow struct {
	ID        int64     `db:"id"`
	UserID    int64     `db:"user_id" references:"users" onDelete:"restrict" index:"+id"`
	Title     string    `db:"title" minLength:"1" maxLength:"200" index:"+id"`
	Body      string    `db:"body"`
	CreatedAt time.Time `db:"created_at" index:"+id"`
}

func (r postRow) view() PostView {
	return PostView{ID: r.ID, UserID: r.UserID, Title: r.Title, Body: r.Body, CreatedAt: r.CreatedAt}
}

var (
	postTable     = data.NewTable[postRow]("posts", "id")
	postID        = data.NewColumn[int64]("id")
	postUserID    = data.NewColumn[int64]("user_id")
	postTitle     = data.NewColumn[string]("title")
	postBody      = data.NewColumn[string]("body")
	postCreatedAt = data.NewColumn[time.Time]("created_at")

	postUser = data.NewRef(postTable, postUserID, userTable)
)

// posts is the resource /posts.
type posts struct {
	db  *database
	now func() time.Time
}

func (s *posts) routes(g *tenon.Group) {
	g = g.Group("/posts", tenon.Tags("posts"))
	g.Post("", s.create, tenon.Summary("Write a post"), tenon.Description("Adds a post of a user."))
	g.Get("", s.list, data.Budget(3), tenon.Summary("List posts"),
		tenon.Description("Posts that the filters leave, one part at a time; in the order in which they were written, unless order says otherwise."))
	g.Get("/{id}", s.get, tenon.Fails(ErrPostNotFound), tenon.Summary("Get a post"), tenon.Description("One post by id."))
	g.Patch("/{id}", s.change, tenon.Fails(ErrPostNotFound), tenon.Summary("Change a post"),
		tenon.Description("Changes what the body holds and leaves the rest."))
	g.Delete("/{id}", s.delete, tenon.Fails(ErrPostNotFound), tenon.Summary("Delete a post"), tenon.Description("Deletes a post for good."))
}

// createPost is a request to write a post, in the transaction of the request.
type createPost struct {
	Tx   *data.Tx `dep:""`
	Post NewPost  `body:""`
}

func (s *posts) create(ctx context.Context, in *createPost) (*PostView, error) {
	row := postRow{UserID: in.Post.UserID, Title: in.Post.Title, Body: in.Post.Body, CreatedAt: instant(s.now())}
	var err error
	if row.ID, err = postTable.Insert(ctx, in.Tx, row); data.IsForeignKey(err) {
		return nil, noSuchUser()
	}
	if err != nil {
		return nil, err
	}
	view := row.view()
	return &view, nil
}

// noSuchUser is the problem of a body that names a user who is not there.
func noSuchUser() error {
	return problem.Invalid(problem.Fault{In: "body", Pointer: "/user_id", Code: "unknown-user", Message: "must be the id of a user"})
}

// postPath is a request for one post.
type postPath struct {
	ID int64 `path:"id" doc:"Id of the post."`
}

func (s *posts) get(ctx context.Context, in *postPath) (*PostView, error) {
	var row postRow
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		row, err = postTable.Where(postID.Is(in.ID)).One(ctx, v)
		return err
	})
	return onePost(row, err)
}

func onePost(row postRow, err error) (*PostView, error) {
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrPostNotFound
	}
	if err != nil {
		return nil, err
	}
	view := row.view()
	return &view, nil
}

// changePost is a request to change one post.
type changePost struct {
	postPath
	Tx     *data.Tx   `dep:""`
	Change PostChange `body:""`
}

// PostChange holds what changes of a post; what is absent stays as it is.
type PostChange struct {
	Title tenon.Opt[string] `json:"title" transform:"nfc" minLength:"1" maxLength:"200" doc:"Not only white space." example:"On joints"`
	Body  tenon.Opt[string] `json:"body" transform:"nfc" maxLength:"10000" doc:"Plain text." example:"Measure twice."`
}

// ValidateNeeds names what Validate reads.
func (*PostChange) ValidateNeeds() []string { return []string{"title"} }

// Validate refuses a title that nobody can see.
func (c *PostChange) Validate(context.Context) error { return notBlank("/title", c.Title.Or("there")) }

// change is one statement: what is null in it stays as it is.
func (s *posts) change(ctx context.Context, in *changePost) (*PostView, error) {
	return onePost(data.One[postRow](ctx, in.Tx, data.SQL(`UPDATE posts SET title = COALESCE(?, title), body = COALESCE(?, body) WHERE id = ?
		RETURNING id, user_id, title, body, created_at`, orNull(in.Change.Title), orNull(in.Change.Body), in.ID)))
}

// orNull is what a statement takes for a value that may be absent.
func orNull[T any](v tenon.Opt[T]) *T {
	if !v.Set {
		return nil
	}
	return &v.Value
}

// deletePost is a request to delete one post, in the transaction of the request.
type deletePost struct {
	postPath
	Tx *data.Tx `dep:""`
}

func (s *posts) delete(ctx context.Context, in *deletePost) (*tenon.NoContent, error) {
	deleted, err := postTable.Where(postID.Is(in.ID)).Delete(ctx, in.Tx)
	if err == nil && deleted == 0 {
		return nil, ErrPostNotFound
	}
	return nil, err
}
