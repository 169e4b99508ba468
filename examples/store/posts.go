package store

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// ErrPostNotFound is answered for an id that no post has.
var ErrPostNotFound = problem.Define(http.StatusNotFound, "post-not-found", "There is no such post.")

// NewPost is a post as a user writes it.
type NewPost struct {
	Title string `json:"title" transform:"nfc" minLength:"1" maxLength:"200" doc:"Not only white space." example:"On joints"`
	Body  string `json:"body" transform:"nfc" maxLength:"10000" doc:"Plain text." example:"A tenon is cut to fit exactly."`
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

// PostView is a post as everybody who is signed in sees it.
type PostView struct {
	ID        int64                 `json:"id" doc:"Names the post." example:"12"`
	AuthorID  int64                 `json:"author_id" doc:"Who wrote it." example:"7"`
	Title     string                `json:"title" doc:"What it is about." example:"On joints"`
	Body      string                `json:"body" doc:"Plain text." example:"A tenon is cut to fit exactly."`
	CreatedAt time.Time             `json:"created_at" doc:"When it was written, in UTC." example:"2026-03-01T12:00:00Z"`
	Author    tenon.Opt[AuthorView] `json:"author" doc:"Who wrote it, with include=author."`
}

// AuthorView is what readers of a post may know of who wrote it: neither the address nor the age.
type AuthorView struct {
	ID   int64  `json:"id" doc:"Names the user." example:"7"`
	Name string `json:"name" doc:"Shown to other users." example:"Ada Lovelace"`
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
	return PostView{ID: r.ID, AuthorID: r.UserID, Title: r.Title, Body: r.Body, CreatedAt: r.CreatedAt}
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
	g = g.Group("/posts", tenon.Tags("posts"), s.owned().Load(s.find))
	g.Post("", s.create, auth.Role(roleUser), tenon.Summary("Write a post"), tenon.Description("Adds a post of the user who calls."))
	g.Get("", s.list, data.Budget(4), tenon.Summary("List posts"),
		tenon.Description("Posts that the filters leave, one part at a time; in the order in which they were written, unless order says otherwise."))
	g.Get("/{id}", s.get, tenon.Fails(ErrPostNotFound), tenon.Summary("Get a post"), tenon.Description("One post by id."))
	g.Patch("/{id}", s.change, auth.Role(roleUser), tenon.Summary("Change a post"),
		tenon.Description("Changes what the body holds and leaves the rest. A post is changed by who wrote it, and by editors."))
	g.Delete("/{id}", s.delete, auth.Role(roleUser), tenon.Summary("Delete a post"),
		tenon.Description("Deletes a post for good. A post is deleted by who wrote it, and by editors."))
}

// region: owned

// owned says who writes to posts; who is signed in reads all of them.
func (s *posts) owned() auth.Objects[postRow] {
	return auth.Objects[postRow]{
		Name: "post", Owner: func(r *postRow) string { return subject(r.UserID) }, All: auth.Role(roleEditor), Missing: ErrPostNotFound,
	}
}

// postPath is a request for one post.
type postPath struct {
	ID int64 `path:"id" doc:"Id of the post."`
}

// find loads a post for a caller who may change it.
func (s *posts) find(ctx context.Context, in *postPath, whose auth.Whose) (*postRow, error) {
	return one(ctx, s.db, postTable.Where(postID.Is(in.ID), of(postUserID, whose)))
}

// endregion: owned

// createPost is a request to write a post, in the transaction of the request. Whose it is the body does not say.
type createPost struct {
	byUser
	Tx   *data.Tx `dep:""`
	Post NewPost  `body:""`
}

func (s *posts) create(ctx context.Context, in *createPost) (*PostView, error) {
	row := postRow{UserID: in.id(), Title: in.Post.Title, Body: in.Post.Body, CreatedAt: instant(s.now())}
	var err error
	if row.ID, err = postTable.Insert(ctx, in.Tx, row); err != nil {
		return nil, callerGone(err)
	}
	view := row.view()
	return &view, nil
}

// callerGone is the problem of a caller who was deleted after they were let in.
func callerGone(err error) error {
	if data.IsForeignKey(err) {
		return problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", `Bearer realm="api"`).Wrap(err)
	}
	return err
}

func (s *posts) get(ctx context.Context, in *postPath) (*PostView, error) {
	row, err := one(ctx, s.db, postTable.Where(postID.Is(in.ID)))
	if err == nil && row == nil {
		return nil, ErrPostNotFound
	}
	if err != nil {
		return nil, err
	}
	view := row.view()
	return &view, nil
}

// ofPost is a request about a post that the caller may change.
type ofPost struct {
	Post auth.Owned[postRow] `dep:""`
}

// changePost is a request to change one post, in the transaction of the request.
type changePost struct {
	ofPost
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
	owner, only := ownerOf(in.Post.Whose())
	row, err := data.One[postRow](ctx, in.Tx, data.SQL(`UPDATE posts SET title = COALESCE(?, title), body = COALESCE(?, body)
		WHERE id = ? AND (user_id = ? OR NOT ?) RETURNING id, user_id, title, body, created_at`,
		orNull(in.Change.Title), orNull(in.Change.Body), in.Post.Row().ID, owner, only))
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrPostNotFound
	}
	if err != nil {
		return nil, err
	}
	view := row.view()
	return &view, nil
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
	ofPost
	Tx *data.Tx `dep:""`
}

func (s *posts) delete(ctx context.Context, in *deletePost) (*tenon.NoContent, error) {
	deleted, err := postTable.Where(postID.Is(in.Post.Row().ID), of(postUserID, in.Post.Whose())).Delete(ctx, in.Tx)
	if err == nil && deleted == 0 {
		return nil, ErrPostNotFound
	}
	return nil, err
}
