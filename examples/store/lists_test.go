package store_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// lists are the lists of the service with what each can be ordered by and a member of its items.
var lists = []struct{ path, order, field, filter string }{
	{"/api/v2/users", "name", "name", "age"},
	{"/api/v2/posts", "title", "title", "created_at"},
	{"/api/v2/products", "price", "price", "stock"},
	{"/api/v2/orders", "total", "total", "total"},
}

func TestDR06EveryListIsAskedTheSameWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		for _, l := range lists {
			total := s.Get(l.path + "?size=100").Status(200).Into[struct {
				Total int `json:"total"`
			}]().Total
			if total < 2 {
				t.Fatalf("%s has %d demo rows, want 2 or more", l.path, total)
			}
			for _, order := range []string{"", "&order=" + l.order, "&order=-" + l.order + ",id", "&order=-created_at"} {
				query := l.path + "?fields=id&size=3" + order
				if got, want := walk(t, s, query+"&cursor="), numbered(s, query); got != want || strings.Count(got, " ") != total {
					t.Errorf("%s: by cursors %s, by numbers %s", query, got, want)
				}
			}
			s.Get(l.path+"?size=1&fields="+l.field).Status(200).At("/items/0", `{"`+l.field+`":"<<any>>"}`)
			s.Get(l.path+"?id[eq]=1&fields=id").Status(200).At("/items", `[{"id":1}]`)
			s.Get(l.path+"?search=zzzz").Status(200).At("/total", "0")
			for query, fault := range map[string][2]string{
				"fields=secret": {"/fields/0", "enum"}, "fields=": {"/fields", "minItems"}, "fields=id,id": {"/fields", "uniqueItems"},
				"order=password_hash": {"/order/0", "enum"}, "order=" + l.order + "," + l.order: {"/order", "uniqueItems"},
				"nothing[eq]=1": {"/nothing[eq]", "unknown"}, l.filter + "[like]=1": {"/" + l.filter + "/like", "unknown"},
				l.filter + "[eq]=x": {"/" + l.filter + "/eq", "<any>"}, l.filter + "[range]=1": {"/" + l.filter + "/range", "<any>"},
				l.filter: {"/" + l.filter, "<any>"}, "page=1&cursor=": {"/cursor", "conflict"}, "cursor=AAAA": {"/cursor", "cursor"},
				"cursor=" + strings.Repeat("A", 2001): {"/cursor", "maxLength"}, "page=0": {"/page", "minimum"}, "size=101": {"/size", "maximum"},
				"page=9223372036854775807": {"/page", "maximum"}, "page=99999999999999999999": {"/page", "range"}, "search=a%00": {"/search", "nul"},
				"search=" + strings.Repeat("x", 101): {"/search", "maxLength"}, "search=%FF": {"/search", "<any>"}, "id[in]=" + strings.Repeat("1,", 100) + "1": {"/id/in", "values"},
			} {
				answer := s.Get(l.path + "?" + query)
				if answer.Code != 422 && answer.Code != 400 {
					t.Errorf("%s?%s: status %d: %s", l.path, query, answer.Code, answer.Body)
				}
				if fault[1] != "<any>" {
					answer.Status(422).Fault("query", fault[0], fault[1])
				}
			}
		}
	})
}

// walk follows the cursors of a list to its end and returns the ids.
func walk(t *testing.T, s *tenontest.Server, query string) string {
	t.Helper()
	var ids strings.Builder
	for range 100 {
		list := s.Get(query).Status(200).Into[struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
			Next string `json:"next"`
			Prev string `json:"prev"`
			Size int    `json:"size"`
		}]()
		for _, item := range list.Items {
			fmt.Fprintf(&ids, "%d ", item.ID)
		}
		if list.Next == "" {
			return ids.String()
		}
		before, _, _ := strings.Cut(query, "&cursor=")
		query = before + "&cursor=" + url.QueryEscape(list.Next)
	}
	t.Errorf("%s has no end", query)
	return ""
}

// numbered reads the pages of a list and returns the ids.
func numbered(s *tenontest.Server, query string) string {
	var ids strings.Builder
	for page := 1; ; page++ {
		list := s.Get(fmt.Sprintf("%s&page=%d", query, page)).Status(200).Into[struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
			Total int `json:"total"`
			Page  int `json:"page"`
			Size  int `json:"size"`
			Pages int `json:"pages"`
		}]()
		for _, item := range list.Items {
			fmt.Fprintf(&ids, "%d ", item.ID)
		}
		if page >= list.Pages {
			return ids.String()
		}
	}
}

func TestSD044ACursorIsOfOneListAndOneQuery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := demo(t, db)
		next := s.Get("/api/v2/users?cursor=&size=3&order=name").Status(200).Into[map[string]any]()["next"].(string)
		s.Get("/api/v1/users?size=5&order=name&cursor=" + next).Status(200)
		flipped := next[:10] + string('A'+(next[10]-'A'+1)%26) + next[11:]
		for _, query := range []string{"/users?order=-name&cursor=" + next, "/users?cursor=" + next, "/users?order=name&age[gt]=1&cursor=" + next,
			"/products?order=name&cursor=" + next, "/users?order=name&cursor=" + flipped, "/users?order=name&cursor=" + next[:20]} {
			s.Get("/api/v2"+query).Status(422).Fault("query", "/cursor", "cursor").Faults(1)
		}
	})
}

func TestDR07Filters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		s.Post("/api/v2/products", `{"name":"100% Oak_board","price":9.5,"discount":0,"stock":0}`).Status(201)
		s.Post("/api/v2/posts", `{"title":"Äpfel","body":"Obst"}`).Status(201)
		as(t, s, 2, "user").Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":2}]}`).Status(201)
		for query, want := range map[string]string{
			"/products?price[gt]=10":                                          "1 2 3 ", // as numbers: 9.5 is less than 10
			"/products?price[gte]=9.50&order=price":                           "4 1 2 3 ",
			"/products?price[lt]=24.5":                                        "1 4 ",
			"/products?price[eq]=24.5000":                                     "2 ",
			"/products?price[in]=9.5,19.990":                                  "1 4 ",
			"/products?price[range]=9.5,24.5":                                 "1 2 4 ",
			"/products?price[gt]=99999999999.9998":                            "3 ",
			"/products?price[gt]=9999999999999999999":                         "",
			"/products?price[lt]=-9999999999999999999":                        "",
			"/products?discount[isnull]=true":                                 "2 3 ",
			"/products?discount[isnull]=false&order=-stock":                   "1 4 ",
			"/products?discount[lte]=0.00":                                    "4 ",
			"/products?name[contains]=%25":                                    "4 ",
			"/products?name[contains]=k_b":                                    "4 ",
			"/products?name[startswith]=cHI":                                  "1 ",
			"/products?search=_":                                              "4 ",
			"/products?name[ne]=Chisel&stock[lte]=1":                          "2 4 ",
			"/users?age[range]=36,36&name[in]=ada,eve":                        "1 ",
			"/users?email[contains]=@EXAMPLE":                                 "1 2 ",
			"/users?created_at[gte]=2026-03-01T17:30:00%2B05:30":              "1 2 ", // the same instant in another zone
			"/users?age[lt]=9223372036854775807&age[ne]=-9223372036854775808": "1 2 ",
			"/users?created_at[gt]=2026-03-01T12:00:00.2Z":                    "",
			"/users?created_at[lte]=2026-03-01T12:00:00.123456Z":              "1 2 ",
			"/posts?title[eq]=%C3%84pfel":                                     "1 ",
			"/posts?title[eq]=A%CC%88pfel":                                    "", // the text is compared as it was sent
			"/posts?search=OBST":                                              "1 ",
			"/orders?status[eq]=open&total[eq]=33.98":                         "1 ",
			"/orders?status[ne]=open":                                         "",
			"/orders?user_id[in]=1,2":                                         "1 ",
		} {
			separator := "&"
			if !strings.Contains(query, "?") {
				separator = "?"
			}
			if got := walk(t, s, "/api/v2"+query+separator+"fields=id&cursor="); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		for query, fault := range map[string][2]string{
			"/orders?status[eq]=lost": {"/status/eq", "enum"}, "/products?price[eq]=1e30": {"/price/eq", "range"},
			"/products?price[eq]=0.00000000000000000001": {"/price/eq", "range"}, "/products?price[eq]=NaN": {"/price/eq", "type"},
			"/users?created_at[gt]=yesterday": {"/created_at/gt", "format"}, "/users?age[in]=": {"/age/in", "values"}, "/orders?status[in]=open,lost": {"/status/in", "values"}, "/products?price[in]=1,1e30": {"/price/in", "values"},
		} {
			s.Get("/api/v2"+query).Status(422).Fault("query", fault[0], fault[1])
		}
	})
}

func TestIncludes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := shop(t, db)
		for i := range 12 {
			s.Post("/api/v2/posts", fmt.Sprintf(`{"title":"Post %d","body":""}`, i+1)).Status(201)
		}
		as(t, s, 2, "user").Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":2}]}`).Status(201)
		users := s.Get("/api/v1/users?include=posts&fields=name").Status(200)
		users.At("/items/1", `{"name":"bob","posts":[]}`).At("/items/0/posts/0/title", `"Post 12"`)
		if n := len(users.Into[struct {
			Items []struct {
				Name  string           `json:"name"`
				Posts []map[string]any `json:"posts"`
			} `json:"items"`
			Page  int `json:"page"`
			Size  int `json:"size"`
			Pages int `json:"pages"`
		}]().Items[0].Posts); n != 10 {
			t.Errorf("%d posts, want the latest 10", n)
		}
		s.Get("/api/v2/posts?include=author&size=1&fields=id").Status(200).At("/items", `[{"id":1,"author":{"id":1,"name":"ada"}}]`)
		s.Get("/api/v2/orders?fields=id&include=lines,user").Status(200).At("/items/0/lines", `[{"product_id":1,"quantity":2,"unit_price":16.99}]`).
			At("/items/0/user/name", `"bob"`)
		s.Get("/api/v2/orders?fields=id").Status(200).At("/items", `[{"id":1}]`)
		s.Get("/api/v2/users?include=orders").Status(422).Fault("query", "/include/0", "enum")
		s.Get("/api/v2/products?include=orders").Status(422).Fault("query", "/include", "unknown")
		s.Get("/api/v2/users?size=1").Status(200).At("/items/0", `{"id":1,"name":"ada","email":"ada@example.com","age":36,"created_at":"<<time>>"}`)
	})
}

// TestSD130PostsOfUsersTakeOneStatementMore counts what a list takes with the posts of N users: the users, their posts, and the total
// where pages are counted.
func TestSD130PostsOfUsersTakeOneStatementMore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app := newApp(t, db)
		for _, n := range []int{1, 10, 100} {
			addUsers(t, db, n)
			for query, want := range map[string]int{"cursor=": 2, "page=1": 3} {
				ctx, tally := data.NewTally(t.Context())
				w := httptest.NewRecorder()
				r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/users?include=posts&size=100&"+query, http.NoBody)
				r.Header.Set("Authorization", signed(t, 1, "admin"))
				app.ServeHTTP(w, r)
				var list struct {
					Items []struct {
						Posts []struct{} `json:"posts"`
					} `json:"items"`
				}
				if err := json.Unmarshal(w.Body.Bytes(), &list, json.RejectUnknownMembers(false)); err != nil || w.Code != 200 {
					t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
				}
				if len(list.Items) != n || len(list.Items[n-1].Posts) != 2 {
					t.Errorf("%d users, and %d posts of the last; want %d and 2", len(list.Items), len(list.Items[n-1].Posts), n)
				}
				if tally.Statements() != want {
					t.Errorf("%s of %d users: %d statements, want %d", query, n, tally.Statements(), want)
				}
			}
		}
	})
}

// addUsers makes n users in all, with two posts each.
func addUsers(t *testing.T, db *data.DB, n int) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		for _, statement := range []data.Query{
			data.SQL(`WITH RECURSIVE n(i) AS (SELECT (SELECT COUNT(*) + 1 FROM users) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO users (name, email, age, password_hash, created_at) SELECT 'u', 'u' || i, 20, '-', CURRENT_TIMESTAMP FROM n`, n),
			data.SQL(`INSERT INTO posts (user_id, title, body, created_at) SELECT u.id, 'a', '', u.created_at FROM users u, (SELECT 1 UNION ALL SELECT 2) AS two
				WHERE NOT EXISTS (SELECT 1 FROM posts WHERE user_id = u.id)`),
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
