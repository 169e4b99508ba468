package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// The app of the guide that the project began from: users with a name, an e-mail address and an age.

type guideUserCreate struct {
	Name  string `json:"name"  minLength:"1" maxLength:"100" doc:"Shown to other users." example:"Ada"`
	Email string `json:"email" format:"email"`
	Age   int    `json:"age"   exclusiveMinimum:"0" exclusiveMaximum:"150"`
}

type guideUser struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Age       int       `json:"age"`
	CreatedAt time.Time `json:"created_at"`
}

// Location is where the user can be read.
func (u *guideUser) Location() string { return "/users/" + strconv.FormatInt(u.ID, 10) }

type guideUserID struct {
	ID int64 `path:"user_id" minimum:"1"`
}

type guideList struct {
	page.Query
}

var errGuideUser = problem.Define(http.StatusNotFound, "user-not-found", "There is no such user.")

// guide keeps the users of one app.
type guide struct {
	mu    sync.Mutex
	users []*guideUser
}

func (g *guide) create(_ context.Context, in *guideUserCreate) (*guideUser, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	zone := time.FixedZone("elsewhere", 7*60*60)
	u := &guideUser{ID: int64(len(g.users) + 1), Name: in.Name, Email: in.Email, Age: in.Age,
		CreatedAt: time.Date(2025, 12, 19, 0, 0, 0, 0, zone)}
	g.users = append(g.users, u)
	return u, nil
}

func (g *guide) get(_ context.Context, in *guideUserID) (*guideUser, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if in.ID > int64(len(g.users)) {
		return nil, errGuideUser.With("User " + strconv.FormatInt(in.ID, 10) + " not found.")
	}
	return g.users[in.ID-1], nil
}

func (g *guide) list(_ context.Context, in *guideList) (*page.Of[guideUser], error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var rows []guideUser
	for i := in.Offset(); i < len(g.users) && len(rows) < in.Limit(); i++ {
		rows = append(rows, *g.users[i])
	}
	return page.New(in.Query, rows, int64(len(g.users))), nil
}

func (g *guide) remove(ctx context.Context, in *guideUserID) (*tenon.NoContent, error) {
	_, err := g.get(ctx, in)
	return nil, err
}

func guideApp(tb testing.TB) *tenon.App {
	tb.Helper()
	g := &guide{}
	app := tenon.New(tenon.Config{Title: "User API", Version: "1.0.0", Logger: tenontest.Logger(tb)})
	users := app.Group("/users", tenon.Tags("users"), tenon.Default("size", "10"))
	users.Post("/", g.create, tenon.Summary("Create a new user."), tenon.Description("Validation happens automatically."))
	users.Get("/", g.list)
	users.Get("/{user_id}", g.get, tenon.Fails(errGuideUser))
	users.Delete("/{user_id}", g.remove, tenon.Fails(errGuideUser))
	return app
}

const ada = `{"name":"Ada","email":"ada@example.com","age":36}`

func TestSD011EveryBadValueIsLocatedWithItsRule(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for _, tt := range []struct {
		name, body, pointer, code, bound string
	}{
		{"name empty", `{"name":"","email":"a@b.co","age":1}`, "/name", "minLength", "1"},
		{"name of 101 letters", `{"name":"` + strings.Repeat("a", 101) + `","email":"a@b.co","age":1}`, "/name", "maxLength", "100"},
		{"name of 101 code points", `{"name":"` + strings.Repeat("é", 101) + `","email":"a@b.co","age":1}`, "/name", "maxLength", "100"},
		{"name null", `{"name":null,"email":"a@b.co","age":1}`, "/name", "null", "null"},
		{"name a number", `{"name":7,"email":"a@b.co","age":1}`, "/name", "type", "string"},
		{"name absent", `{"email":"a@b.co","age":1}`, "/name", "required", "required"},
		{"email x", `{"name":"Ada","email":"x","age":1}`, "/email", "format", "e-mail"},
		{"email null", `{"name":"Ada","email":null,"age":1}`, "/email", "null", "null"},
		{"email absent", `{"name":"Ada","age":1}`, "/email", "required", "required"},
		{"age 0", `{"name":"Ada","email":"a@b.co","age":0}`, "/age", "exclusiveMinimum", "0"},
		{"age 150", `{"name":"Ada","email":"a@b.co","age":150}`, "/age", "exclusiveMaximum", "150"},
		{"age -1", `{"name":"Ada","email":"a@b.co","age":-1}`, "/age", "exclusiveMinimum", "0"},
		{"age 1.5", `{"name":"Ada","email":"a@b.co","age":1.5}`, "/age", "type", "integer"},
		{"age x", `{"name":"Ada","email":"a@b.co","age":"x"}`, "/age", "type", "integer"},
		{"age as a text of digits", `{"name":"Ada","email":"a@b.co","age":"7"}`, "/age", "type", "integer"},
		{"age null", `{"name":"Ada","email":"a@b.co","age":null}`, "/age", "null", "null"},
		{"age absent", `{"name":"Ada","email":"a@b.co"}`, "/age", "required", "required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := s.Post("/users/", tt.body).Status(422).Problem("validation-failed").Fault("body", tt.pointer, tt.code).Faults(1)
			for _, f := range r.Into[faultList]().Errors {
				if !strings.Contains(f.Message, tt.bound) {
					t.Errorf("the message %q does not name %q", f.Message, tt.bound)
				}
			}
		})
	}
}

// faultList is what a client reads of a problem's faults.
type faultList struct {
	Errors []struct {
		In      string `json:"in"`
		Pointer string `json:"pointer"`
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"errors"`
}

func TestSD011AllFaultsComeInOneAnswer(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users", `{"name":"","email":"x","age":0}`).Status(422).Faults(3).
		Fault("body", "/name", "minLength").Fault("body", "/email", "format").Fault("body", "/age", "exclusiveMinimum")
	s.Post("/users", `{}`).Status(422).Faults(3).
		Fault("body", "/name", "required").Fault("body", "/email", "required").Fault("body", "/age", "required")
	s.Post("/users", `{"Name":"Ada","email":"x@y","age":150,"role":"admin"}`).Status(422).Faults(5).
		Fault("body", "/Name", "unknown").Fault("body", "/name", "required").Fault("body", "/email", "format").
		Fault("body", "/age", "exclusiveMaximum").Fault("body", "/role", "unknown")
}

func TestSD011EdgesThatPass(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for _, body := range []string{
		`{"name":"A","email":"a@b.co","age":1}`,
		`{"name":"` + strings.Repeat("é", 100) + `","email":"a@b.co","age":149}`,
		`{"name":"` + strings.Repeat(`\ud83d\ude00`, 100) + `","email":"a@b.co","age":1}`,
		`{"name":"   ","email":"a@b.co","age":1}`, // blank is a name, as in the guide; a pattern would refuse it
		`{"age":1e2,"email":"a@b.co","name":"Ada"}`,
		" \n{ \"name\" : \"Ada\" , \"email\" : \"a@b.co\" , \"age\" : 1 }\t",
	} {
		s.Post("/users", body).Status(201)
	}
}

func TestSD012CreationAnswers201WithLocation(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users/", ada).Status(201).Header("Location", "/users/1").Header("Content-Type", "application/json").
		JSON(`{"id":1,"name":"Ada","email":"ada@example.com","age":36,"created_at":"<<time>>"}`)
	s.Get("/users/1").Status(200).At("/name", `"Ada"`)
}

// TestSD013OutputsHoldWhatTheyDeclare answers with a stored row that knows more than a client may.
func TestSD013OutputsHoldWhatTheyDeclare(t *testing.T) {
	t.Parallel()
	type stored struct {
		ID       int    `json:"id"`
		Name     string `json:"name"`
		Hash     string `json:"-"`
		internal string
	}
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/row", func(context.Context, *struct{}) (*stored, error) {
		row := &stored{ID: 1, Name: "Ada", Hash: "h"}
		row.internal = row.Hash
		return row, nil
	})
	tenontest.New(t, app).Get("/row").Status(200).JSON(`{"id":1,"name":"Ada"}`)
}

func TestSD014TimesAreUTC(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users/", ada).Status(201).At("/created_at", `"2025-12-18T17:00:00Z"`)
}

func TestSD016PathParameters(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users/", ada).Status(201)
	s.Get("/users/1").Status(200)
	s.Get("/users/2").Status(404).Problem("user-not-found").At("/detail", `"User 2 not found."`)
	for target, code := range map[string]string{
		"/users/abc": "type", "/users/1.0": "type", "/users/0": "minimum", "/users/-1": "minimum",
		"/users/9223372036854775808": "range", "/users/1%2F2": "type", "/users/%00": "type",
	} {
		s.Get(target).Status(422).Fault("path", "/user_id", code).Faults(1)
	}
}

func TestSD018EmailAddresses(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for _, address := range []string{
		"", " ", "x", "x@y", "a@b@c.co", "a b@c.co", "a@b c.co", " a@b.co", "a@b.co ", "@b.co", "a@", "a@.co", "a@b.", "a@b..co",
		"Admin <a@b.co>", "<a@b.co>", "a@b.co,c@d.co", "a@b_c.co", "a@-b.co", "a@b-.co", ".a@b.co", "a.@b.co", "a..b@c.co",
		"a@[127.0.0.1]", "a@b.co\\u0000", "a@b.co\\n", "a\\u0000@b.co",
		strings.Repeat("a", 65) + "@b.co", "a@" + strings.Repeat("b", 64) + ".co", "a@" + strings.Repeat("b.", 130) + "co",
	} {
		t.Run(fmt.Sprintf("refuses %.40q", address), func(t *testing.T) {
			t.Parallel()
			s.Post("/users", `{"name":"A","age":1,"email":"`+address+`"}`).Status(422)
		})
	}
	for _, address := range []string{"a@b.co", "first.last+tag@sub.example.org", "x_y-z@xn--bcher-kva.example", "1@2.example", "o'neil@example.com"} {
		s.Post("/users", `{"name":"A","age":1,"email":"`+address+`"}`).Status(201)
	}
}
