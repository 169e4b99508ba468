package store_test

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD011BadUsersAreRefusedWithTheRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app, err := store.NewTrusting(store.Config{DB: db, Root: root(t), Logger: tenontest.Logger(t), Shared: hourly(t)})
		if err != nil {
			t.Fatal(err)
		}
		s := as(t, tenontest.New(t, app), 1, "admin")
		const good = `"name":"Ada","email":"ada@example.com","age":36,"password":"` + password + `"`
		body := func(member, value string) string {
			parts := strings.Split(good, ",")
			for i, part := range parts {
				if strings.HasPrefix(part, `"`+member+`"`) {
					parts[i] = fmt.Sprintf("%q:%s", member, value)
					if value == "" {
						parts = append(parts[:i], parts[i+1:]...)
					}
					break
				}
			}
			return "{" + strings.Join(parts, ",") + "}"
		}
		for _, tt := range []struct{ member, value, code string }{
			{"name", `""`, "minLength"},
			{"name", `"` + strings.Repeat("é", 101) + `"`, "maxLength"},
			{"name", `"   "`, "blank"},
			{"name", `7`, "type"},
			{"name", `null`, "null"},
			{"name", ``, "required"},
			{"email", `"x"`, "format"},
			{"email", `null`, "null"},
			{"email", ``, "required"},
			{"age", `0`, "minimum"},
			{"age", `150`, "maximum"},
			{"age", `-1`, "minimum"},
			{"age", `1.5`, "type"},
			{"age", `"x"`, "type"},
			{"age", `"7"`, "type"},
			{"age", `null`, "null"},
			{"age", ``, "required"},
			{"password", `"14 characters."`, "minLength"},
			{"password", `"` + strings.Repeat("x", 129) + `"`, "maxLength"},
			{"password", ``, "required"},
		} {
			s.Post("/api/v2/users", body(tt.member, tt.value)).Status(422).Fault("body", "/"+tt.member, tt.code).Faults(1)
		}
		s.Post("/api/v2/users", `{"name":"","email":"x","age":150,"password":"short"}`).Status(422).Faults(4).
			Fault("body", "/name", "minLength").Fault("body", "/email", "format").Fault("body", "/age", "maximum").Fault("body", "/password", "minLength")
		s.Post("/api/v2/users", `{"role":"admin",`+good+`}`).Status(422).Fault("body", "/role", "unknown").Faults(1)
		s.Get("/api/v2/users").At("/total", "0")
	})
}

func TestSD011EdgesAreAccepted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for i, tt := range []struct{ name, age, password string }{
			{"A", "1", "exactly 15 long"},
			{strings.Repeat("é", 100), "149", strings.Repeat("séjour ", 18) + "ét"},
		} {
			s.Post("/api/v2/users", fmt.Sprintf(`{"name":%q,"email":"a%d@example.com","age":%s,"password":%q}`, tt.name, i, tt.age, tt.password)).
				Status(201).At("/name", fmt.Sprintf("%q", tt.name)).At("/age", tt.age)
		}
	})
}

func TestSD012CreationAnswers201WithLocation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		created := s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).Header("Location", "/api/v2/users/1").
			JSON(`{"id":1,"name":"Ada","email":"ada@example.com","age":36,"created_at":"<<time>>"}`)
		s.Get(created.Headers.Get("Location")).Status(200).JSON(string(created.Body))
	})
}

func TestSD014CreatedAtIsTheSameInstantAfterARoundTrip(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		const want = `"2026-03-01T12:00:00.123456Z"` // noon, in UTC and whole microseconds
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).At("/created_at", want)
		s.Get("/api/v2/users/1").At("/created_at", want)
		s.Post("/api/v2/products", `{"name":"Saw","price":2}`).Status(201).At("/created_at", want)
		s.Get("/api/v2/products/1").At("/created_at", want)
	})
}

func TestSD015EmailIsUnique(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "Ada@Example.com")).Status(201).At("/email", `"ada@example.com"`)
		for _, same := range []string{"ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.com"} {
			s.Post("/api/v2/users", newUser("Eve", same)).Status(409).Problem("email-taken")
		}
		// Unicode has no forms to settle: an address is ASCII.
		s.Post("/api/v2/users", newUser("Eve", "ad\u00e1@example.com")).Status(422).Fault("body", "/email", "format")
		s.Post("/api/v2/users", newUser("Eve", "ada\u0301@example.com")).Status(422).Fault("body", "/email", "format")
		s.Get("/api/v2/users").At("/total", "1")
		as(t, s, 9, "admin").Delete("/api/v2/users/1").Status(204)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Get("/api/v2/users/1").Status(404) // the id is not given again
	})
}

func TestSD015ConcurrentSignUpsGiveOneUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for round := range 5 {
			var created, conflict atomic.Int64
			var group sync.WaitGroup
			for range 2 {
				group.Go(func() {
					switch answer := s.Post("/api/v2/users", newUser("Ada", fmt.Sprintf("ada%d@example.com", round))); answer.Code {
					case 201:
						created.Add(1)
					case 409:
						answer.Problem("email-taken")
						conflict.Add(1)
					}
				})
			}
			group.Wait()
			if created.Load() != 1 || conflict.Load() != 1 {
				t.Errorf("round %d: %d created and %d in conflict, want one of each", round, created.Load(), conflict.Load())
			}
		}
	})
}

func TestSD016UsersByID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		s.Get("/api/v2/users/7").Status(200).At("/id", "7")
		for _, id := range []string{"999", "0", "-1", "9223372036854775807"} {
			s.Get("/api/v2/users/" + id).Status(404).Problem("user-not-found")
		}
		for _, id := range []string{"abc", "7.0", "%2B7", "7%20", "٧"} {
			s.Get("/api/v2/users/"+id).Status(422).Fault("path", "/id", "type")
		}
		s.Get("/api/v2/users/9223372036854775808").Status(422).Fault("path", "/id", "range")
	})
}

func TestSD016SD023MeIsNotAnID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Get("/api/v2/users/me").Status(200).At("/id", "1")
		nobody(s).Get("/api/v2/users/me").Status(401).Problem("unauthorized").Header("WWW-Authenticate", challenge)
	})
}

func TestSD017OperationsAreDescribed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		document := serve(t, db).Get("/openapi.json")
		document.At("/paths/~1api~1v2~1users/post/tags", `["users"]`).
			At("/paths/~1api~1v2~1users/post/summary", `"Create a new user"`).
			At("/paths/~1api~1v2~1users/post/description", `"Create a new user with the provided data. Email must be unique."`)
		type operation struct {
			Tags        []string `json:"tags"`
			Summary     string   `json:"summary"`
			Description string   `json:"description"`
		}
		paths := document.Into[struct {
			Paths map[string]map[string]operation `json:"paths"`
		}]().Paths
		if len(paths) < 20 {
			t.Fatalf("%d paths", len(paths))
		}
		for path, methods := range paths {
			for method, op := range methods {
				if len(op.Tags) != 1 || op.Summary == "" || op.Description == "" {
					t.Errorf("%s %s: tags %q, summary %q, description %q", method, path, op.Tags, op.Summary, op.Description)
				}
			}
		}
	})
}

func TestSD018EmailAddresses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for _, address := range []string{"", "a", "a@b", "a b@example.com", "a@@example.com", "a@b@example.com", "Ada <a@b.co>", "a@.co", "a@b.co "} {
			s.Post("/api/v2/users", newUser("Ada", address)).Status(422).Fault("body", "/email", "format")
		}
	})
}

func TestSD040PageAndSize(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		s.Get("/api/v2/users").Status(200).At("/page", "1").At("/size", "10")
		for query, fault := range map[string][2]string{
			"page=0": {"/page", "minimum"}, "page=-1": {"/page", "minimum"}, "page=a": {"/page", "type"}, "page=": {"/page", "type"},
			"page=100000000000000000000": {"/page", "range"}, "page=9223372036854775807&size=100": {"/page", "maximum"},
			"size=0": {"/size", "minimum"}, "size=101": {"/size", "maximum"}, "page=1&page=2": {"/page", "duplicate"}, "pgae=1": {"/pgae", "unknown"},
		} {
			for _, path := range []string{"/api/v2/users?", "/api/v2/products?", "/api/v2/users/search?name=Ada&"} {
				s.Get(path+query).Status(422).Fault("query", fault[0], fault[1])
			}
		}
	})
}

func TestSD041Pages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		s.Get("/api/v2/users?page=3").Status(200).At("/total", "25").At("/pages", "3").At("/page", "3").At("/size", "10").
			Header("Link", `<?page=1>; rel="first", <?page=2>; rel="prev", <?page=3>; rel="last"`)
		s.Get("/api/v2/users?page=4").Status(200).JSON(`{"items":[],"total":25,"page":4,"size":10,"pages":3}`)
		s.Get("/api/v2/users/search?name=Nobody").Status(200).JSON(`{"items":[],"total":0,"page":1,"size":10,"pages":0}`)
	})
}

func TestSD042PagesNeverOverlap(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		var ids []int64
		for number := 1; number <= 4; number++ {
			for _, user := range s.Get(fmt.Sprintf("/api/v2/users?size=7&page=%d", number)).Status(200).Into[page.Of[store.UserView]]().Items {
				ids = append(ids, user.ID)
			}
		}
		for i, id := range ids {
			if id != int64(i+1) {
				t.Fatalf("ids %v, want 1 to 25 in order", ids)
			}
		}
		if len(ids) != 25 {
			t.Errorf("%d ids, want 25", len(ids))
		}
	})
}

func TestSD045NoListIsUnbounded(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		for _, path := range []string{"/api/v2/users", "/api/v2/products", "/api/v2/users/search?name=Ada"} {
			if got := s.Get(path).Status(200).Into[page.Of[struct {
				ID int64 `json:"id"`
			}]]().Size; got != 10 {
				t.Errorf("%s: size %d, want 10", path, got)
			}
		}
		s.Get("/api/v2/users?size=100").Status(200).At("/size", "100")
	})
}

// injections are texts that would matter if values were put into SQL.
var injections = []string{
	`' OR '1'='1`, `' OR 1=1 --`, `"; DROP TABLE users; --`, `Ada' --`, `Ada'/*`, `%`, `_`, `A%`, `Ad_`, `*`, `\`, `Ada\`,
	`' UNION SELECT password_hash FROM users --`, `1); DELETE FROM users; --`, `$1`, `?1`, `:name`, `@name`, `${name}`,
}

func TestSD090SQ02InjectionsFindNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		for _, text := range injections {
			s.Get("/api/v2/users/search?name="+url.QueryEscape(text)).Status(200).At("/items", "[]").At("/total", "0")
			s.Get("/api/v2/users/"+url.PathEscape(text)).Status(422).Fault("path", "/id", "type")
		}
		s.Get("/api/v2/users").At("/total", "25")
	})
}

func TestSD090SQ02InjectionsAreStoredAsTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for i, text := range injections {
			s.Post("/api/v2/products", map[string]any{"name": text, "price": 5}).Status(201)
			got := s.Get(fmt.Sprintf("/api/v2/products/%d", i+1)).Status(200).Into[struct {
				Name string `json:"name"`
			}]()
			if got.Name != text {
				t.Errorf("name %q, want %q", got.Name, text)
			}
		}
		s.Post("/api/v2/users", newUser(injections[0], "a@example.com")).Status(201)
		s.Get("/api/v2/users/search?name="+url.QueryEscape(injections[0])).Status(200).At("/total", "1")
	})
}

func TestSD092SearchIsReachableAndPaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		const ada = `{"id":"<<int>>","name":"Ada","email":"<<string>>","age":"<<int>>","created_at":"<<time>>"}`
		s.Get("/api/v2/users/search?name=Ada&size=2&page=2").Status(200).At("/items", "["+ada+","+ada+"]").At("/total", "5").At("/pages", "3").
			Header("Link", `<?name=Ada&size=2&page=1>; rel="first", <?name=Ada&size=2&page=1>; rel="prev", <?name=Ada&size=2&page=3>; rel="next", `+
				`<?name=Ada&size=2&page=3>; rel="last"`)
		s.Get("/api/v2/users/search?name=ada").Status(200).At("/total", "0")
		s.Get("/api/v2/users/search").Status(422).Fault("query", "/name", "required")
		s.Get("/api/v2/users/search?name=").Status(422).Fault("query", "/name", "minLength")
		s.Get("/api/v2/users/search?name=Ada&name=Eve").Status(422).Fault("query", "/name", "duplicate")
	})
}

func TestSD093WildcardsAreLettersAndOrdersCannotBeNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		s.Get("/api/v2/users/search?name=Ad%25").Status(200).At("/total", "0")
		for _, parameter := range []string{"sort", "order_by", "filter"} {
			s.Get("/api/v2/users?"+parameter+"=password_hash").Status(422).Fault("query", "/"+parameter, "unknown")
		}
		s.Get("/api/v2/users?order=password_hash").Status(422).Fault("query", "/order/0", "enum")
	})
}

func TestSD141Deletion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		s.Delete("/api/v2/users/7").Status(204).Empty()
		s.Delete("/api/v2/users/7").Status(404).Problem("user-not-found")
		s.Get("/api/v2/users/7").Status(404).Problem("user-not-found")
		s.With("If-Match", `"1"`).Delete("/api/v2/products/1").Status(204).Empty()
		s.With("If-Match", `"1"`).Delete("/api/v2/products/1").Status(404).Problem("product-not-found")
		s.Get("/api/v2/users").At("/total", "24")
		s.Delete("/api/v2/users").Status(405)
	})
}

func TestDemoFillsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db) // fills twice
		s.Get("/api/v2/users").At("/total", "25")
		s.Get("/api/v2/products").At("/total", "4")
	})
}

// hashes reads the stored hashes.
func hashes(t *testing.T, db *data.DB) (list []string) {
	t.Helper()
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) (err error) {
		list, err = data.All[string](ctx, v, data.SQL("SELECT password_hash FROM users ORDER BY id"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSD084NamesThatLookAlikeAreOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		const composed, decomposed = "Ren\u00e9e \u1e69", "Rene\u0301e s\u0307\u0323"
		for i, name := range []string{composed, decomposed} {
			s.Post("/api/v2/users", newUser(name, fmt.Sprintf("Renee%d@Example.com", i))).Status(201).
				At("/name", fmt.Sprintf("%q", composed)).At("/email", fmt.Sprintf(`"renee%d@example.com"`, i))
			s.Get("/api/v2/users/search?name="+url.QueryEscape(name)).Status(200).At("/total", strconv.Itoa(i+1))
		}
		// A hundred code points in the form that is stored, two hundred as they were sent.
		s.Post("/api/v2/users", newUser(strings.Repeat("e\u0301", 100), "long@example.com")).Status(201)
		s.Post("/api/v2/users", strings.Replace(newUser("Ada", "nul@example.com"), "Ada", `Ada\u0000`, 1)).Status(422).Fault("body", "/name", "nul").Faults(1)
		s.Get("/openapi.json").At("/components/schemas/NewUser/properties/name/x-transform", `["nfc"]`)
	})
}
