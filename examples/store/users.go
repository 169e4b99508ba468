package store

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// The problems of users.
var (
	ErrEmailTaken   = problem.Define(http.StatusConflict, "email-taken", "The e-mail address is already in use.")
	ErrUserInUse    = problem.Define(http.StatusConflict, "user-in-use", "The user has posts or orders. Delete the posts first; orders are kept.")
	ErrUserNotFound = problem.Define(http.StatusNotFound, "user-not-found", "There is no such user.")
	ErrNotSignedIn  = problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", "Bearer")
)

// NewUser is what a person says about themselves when they sign up.
type NewUser struct {
	Name     string       `json:"name" transform:"nfc" minLength:"1" maxLength:"100" doc:"Shown to other users. Not only white space." example:"Ada Lovelace"`
	Email    string       `json:"email" transform:"lower" format:"email" doc:"Unique. Case makes no difference; kept in lower case." example:"ada@example.com"`
	Age      int          `json:"age" minimum:"1" maximum:"149" doc:"In years." example:"36"`
	Password tenon.Secret `json:"password" minLength:"15" maxLength:"128" format:"password" writeOnly:"true" doc:"Any characters. Stored as a hash."`
}

// ValidateNeeds names what Validate reads.
func (*NewUser) ValidateNeeds() []string { return []string{"name"} }

// Validate refuses a name that nobody can see.
func (u *NewUser) Validate(context.Context) error { return notBlank("/name", u.Name) }

// UserView is what anybody may know of a user.
type UserView struct {
	ID        int64                 `json:"id" doc:"Names the user." example:"7"`
	Name      string                `json:"name" doc:"Shown to other users." example:"Ada Lovelace"`
	Email     string                `json:"email" format:"email" doc:"In lower case." example:"ada@example.com"`
	Age       int                   `json:"age" doc:"In years." example:"36"`
	CreatedAt time.Time             `json:"created_at" doc:"When the user signed up, in UTC." example:"2026-03-01T12:00:00Z"`
	Posts     tenon.Opt[[]PostView] `json:"posts" doc:"The latest 10 posts, with include=posts."`
}

// userRow is a row of the table users. It never leaves the package.
type userRow struct {
	ID           int64        `db:"id"`
	Name         string       `db:"name" minLength:"1" maxLength:"100" index:""`
	Email        string       `db:"email" check:"email = lower(email)" unique:""`
	Age          int          `db:"age" minimum:"1" maximum:"149" index:"+id"`
	PasswordHash PasswordHash `db:"password_hash" type:"TEXT"`
	CreatedAt    time.Time    `db:"created_at" index:"+id"`
	Version      int64        `db:"version" default:"1" minimum:"1"`
}

func (r userRow) view() UserView {
	return UserView{ID: r.ID, Name: r.Name, Email: r.Email, Age: r.Age, CreatedAt: r.CreatedAt}
}

// answer is the user with the tag of their version.
func (r userRow) answer() *userAnswer { return &userAnswer{ETag: r.etag(), User: r.view()} }

func (r userRow) etag() tenon.ETag { return tenon.NewETag(strconv.FormatInt(r.Version, 10)) }

// userAnswer is one user.
type userAnswer struct {
	ETag tenon.ETag `header:"ETag" doc:"Names the version of the user, for If-Match and If-None-Match."`
	User UserView   `body:""`
}

var (
	userTable     = data.NewTable[userRow]("users", "id")
	userID        = data.NewColumn[int64]("id")
	userName      = data.NewColumn[string]("name")
	userEmail     = data.NewColumn[string]("email")
	userAge       = data.NewColumn[int]("age")
	userCreatedAt = data.NewColumn[time.Time]("created_at")
)

// users is the resource /users.
type users struct {
	db     *database
	now    func() time.Time
	hasher *hasher
}

func (s *users) routes(g *tenon.Group) {
	g = g.Group("/users", tenon.Tags("users"))
	g.Post("", s.create, tenon.Fails(ErrEmailTaken, errBusy), tenon.Summary("Create a new user"),
		tenon.Description("Create a new user with the provided data. Email must be unique."))
	g.Get("", s.list, data.Budget(3), tenon.Summary("List users"),
		tenon.Description("Users that the filters leave, one part at a time; in the order in which they signed up, unless order says otherwise."))
	g.Get("/search", s.search, tenon.Summary("Search users by name"),
		tenon.Description("The users whose name is exactly the given one, letter case included, one page at a time."))
	g.Get("/{id}", s.get, tenon.Fails(ErrUserNotFound), tenon.Summary("Get a user"), tenon.Description("One user by id."))
	g.Get("/me", s.me, tenon.Fails(ErrNotSignedIn), tenon.Summary("Get the signed-in user"),
		tenon.Description("Nobody can sign in yet, so the answer is always 401."))
	g.Patch("/{id}", s.change, tenon.Fails(ErrUserNotFound, ErrEmailTaken), tenon.Summary("Change a user"),
		tenon.Description("Changes what the body holds and leaves the rest. If-Match names the version that the caller has seen."))
	g.Delete("/{id}", s.delete, tenon.Fails(ErrUserNotFound, ErrUserInUse), tenon.Summary("Delete a user"),
		tenon.Description("Deletes a user for good, unless there are posts or orders of theirs. The id is not given to another user later."))
}

func (s *users) create(ctx context.Context, in *NewUser) (*userAnswer, error) {
	// Hashing takes a while, so it happens before the transaction, in which one writer keeps out the others.
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	row := userRow{Name: in.Name, Email: in.Email, Age: in.Age, PasswordHash: hash, CreatedAt: instant(s.now()), Version: 1}
	err = s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		row.ID, err = userTable.Insert(ctx, tx, row)
		return err
	})
	if data.IsUnique(err, "users_email_key") {
		return nil, ErrEmailTaken
	}
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}

// userPath is a request for one user.
type userPath struct {
	ID int64 `path:"id" doc:"Id of the user."`
}

func (s *users) get(ctx context.Context, in *userPath) (*userAnswer, error) {
	var row userRow
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		row, err = userTable.Where(userID.Is(in.ID)).One(ctx, v)
		return err
	})
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrUserNotFound
	}
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}

// searchUsers is a request for the users of one name.
type searchUsers struct {
	page.Query
	Name string `query:"name" transform:"nfc" minLength:"1" maxLength:"100" doc:"The whole name."`
}

func (s *users) search(ctx context.Context, in *searchUsers) (*page.Of[UserView], error) {
	var rows []userRow
	var total int64
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		rows, total, err = userTable.Where(userName.Is(in.Name)).Page(ctx, v, in.Limit(), in.Offset())
		return err
	})
	if err != nil {
		return nil, err
	}
	return page.New(in.Query, rows, total).Map(userRow.view), nil
}

func (s *users) me(context.Context, *struct{}) (*UserView, error) { return nil, ErrNotSignedIn }

// deleteUser is a request to delete one user, with the transaction of the request: it is committed before the answer is sent.
type deleteUser struct {
	userPath
	Tx *data.Tx `dep:""`
}

func (s *users) delete(ctx context.Context, in *deleteUser) (*tenon.NoContent, error) {
	deleted, err := userTable.Where(userID.Is(in.ID)).Delete(ctx, in.Tx)
	switch {
	case data.IsForeignKey(err):
		return nil, ErrUserInUse
	case err == nil && deleted == 0:
		return nil, ErrUserNotFound
	}
	return nil, err
}
