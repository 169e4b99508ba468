package store

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/ratelimit"
)

// The problems of users.
var (
	ErrEmailTaken   = accounts.ErrEmailTaken
	ErrUserInUse    = problem.Define(http.StatusConflict, "user-in-use", "The user has posts or orders. Delete the posts first; orders are kept.")
	ErrUserNotFound = problem.Define(http.StatusNotFound, "user-not-found", "There is no such user.")
	ErrYourself     = problem.Define(http.StatusConflict, "yourself", "Nobody deletes themselves, or changes what they may do themselves.")
	ErrLastAdmin    = problem.Define(http.StatusConflict, "last-admin", "The user is the last admin.")
)

// NewUser is what a person says about themselves when they sign up.
type NewUser struct {
	Name     string       `json:"name" transform:"nfc" minLength:"1" maxLength:"100" doc:"Shown to other users. Not only white space." example:"Ada Lovelace"`
	Email    string       `json:"email" transform:"lower" format:"email" doc:"Unique. Case makes no difference; kept in lower case." example:"ada@example.com"`
	Age      int          `json:"age" minimum:"1" maximum:"149" doc:"In years." example:"36"`
	Password tenon.Secret `json:"password" minLength:"15" maxLength:"128" format:"password" writeOnly:"true" doc:"Any characters. Stored as a hash."`
}

// ValidateNeeds names what Validate reads.
func (*NewUser) ValidateNeeds() []string { return []string{"name", "email", "password"} }

// Validate refuses a name that nobody can see, and a password that is guessed first.
func (u *NewUser) Validate(context.Context) error {
	return errors.Join(notBlank("/name", u.Name), passwords().Judge(u.Password, u.Email, u.Name))
}

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
	ID           int64         `db:"id"`
	Name         string        `db:"name" minLength:"1" maxLength:"100" index:""`
	Email        auth.PII      `db:"email" type:"TEXT" check:"email = lower(email)" unique:""`
	Age          int           `db:"age" minimum:"1" maximum:"149" index:"+id"`
	PasswordHash password.Hash `db:"password_hash" type:"TEXT"`
	CreatedAt    time.Time     `db:"created_at" index:"+id"`
	Version      int64         `db:"version" default:"1" minimum:"1"`
	Role         Role          `db:"role" enum:"admin,editor,user,guest" default:"user"`
	Active       bool          `db:"active" default:"true"`
}

func (r userRow) view() UserView {
	return UserView{ID: r.ID, Name: r.Name, Email: r.Email.Open(), Age: r.Age, CreatedAt: r.CreatedAt}
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
	userRole      = data.NewColumn[Role]("role")
	userActive    = data.NewColumn[bool]("active")
)

// lately is how long ago an admin may have signed in who takes something from somebody for good.
const lately = 5 * time.Minute

// users is the resource /users.
type users struct {
	db    *database
	now   func() time.Time
	acc   *accounts.Accounts
	still still
}

func (s *users) routes(g *tenon.Group) {
	g = g.Group("/users", tenon.Tags("users"), s.owned().Load(s.find))
	g.Post("", s.create, auth.Public("sign-up"), ratelimit.SignUp(), tenon.Fails(ErrEmailTaken, password.ErrBusy), tenon.Summary("Create a new user"),
		tenon.Description("Create a new user with the provided data. Email must be unique."))
	g.Get("", s.list, auth.Role(roleAdmin), data.Budget(4), tenon.Summary("List users"),
		tenon.Description("Users that the filters leave, one part at a time; in the order in which they signed up, unless order says otherwise."))
	g.Get("/search", s.search, auth.Role(roleAdmin), tenon.Summary("Search users by name"),
		tenon.Description("The users whose name is exactly the given one, letter case included, one page at a time."))
	g.Get("/{id}", s.get, tenon.Summary("Get a user"), tenon.Description("One user by id: oneself, and any for admins."))
	g.Get("/me", s.me, tenon.Summary("Get the signed-in user"), tenon.Description("The user who calls."))
	g.Patch("/me", s.changeMe, byPerson(), tenon.Fails(ErrEmailTaken), tenon.Summary("Change the signed-in user"),
		tenon.Description("Changes what the body holds and leaves the rest. If-Match names the version that the caller has seen."))
	g.Patch("/{id}", s.change, byPerson(), tenon.Fails(ErrEmailTaken), tenon.Summary("Change a user"),
		tenon.Description("Changes what the body holds and leaves the rest. If-Match names the version that the caller has seen."))
	g.Delete("/{id}", s.delete, auth.Role(roleAdmin), auth.Within(lately), tenon.Fails(ErrUserNotFound, ErrUserInUse, ErrYourself, ErrLastAdmin),
		tenon.Summary("Delete a user"),
		tenon.Description("Deletes a user for good, unless there are posts or orders of theirs. The id is not given to another user later."))
	g.Get("/{id}/access", s.access, auth.Role(roleAdmin), tenon.Fails(ErrUserNotFound), tenon.Summary("Get what a user may do"),
		tenon.Description("The role of a user, and whether they may sign in."))
	g.Put("/{id}/access", s.changeAccess, auth.Role(roleAdmin), auth.Within(lately), tenon.Fails(ErrUserNotFound, ErrYourself, ErrLastAdmin),
		tenon.Summary("Change what a user may do"),
		tenon.Description("Gives a user a role, or keeps them out. It holds at once, also for tokens that they have."))
}

// owned says that users are their own.
func (s *users) owned() auth.Objects[userRow] {
	return auth.Objects[userRow]{
		Name: "user", Owner: func(r *userRow) string { return subject(r.ID) }, All: auth.Role(roleAdmin), Missing: ErrUserNotFound,
	}
}

// userPath is a request for one user.
type userPath struct {
	ID int64 `path:"id" doc:"Id of the user."`
}

// find loads a user for a caller who may know of them.
func (s *users) find(ctx context.Context, in *userPath, whose auth.Whose) (*userRow, error) {
	return one(ctx, s.db, userTable.Where(userID.Is(in.ID), of(userID, whose)))
}

func (s *users) create(ctx context.Context, in *NewUser) (*userAnswer, error) {
	row := userRow{Name: in.Name, Email: auth.NewPII(in.Email), Age: in.Age, CreatedAt: instant(s.now()), Version: 1, Role: roleUser, Active: true}
	err := s.acc.SignUp(ctx, accounts.Newcomer{Email: in.Email, Password: in.Password, Words: []string{in.Name}},
		func(ctx context.Context, tx *data.Tx, hash password.Hash) (_ string, err error) {
			row.PasswordHash = hash
			row.ID, err = userTable.Insert(ctx, tx, row)
			return subject(row.ID), err
		})
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}

// ofUser is a request about a user whom the caller may know of.
type ofUser struct {
	User auth.Owned[userRow] `dep:""`
}

func (s *users) get(_ context.Context, in *ofUser) (*userAnswer, error) {
	return in.User.Row().answer(), nil
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
