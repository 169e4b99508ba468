package data_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// listUsers is what a request for a list of users can say.
type listUsers struct {
	data.Paging
	Order  tenon.Opt[[]data.By[userKeys]] `query:"order" explode:"false" uniqueItems:"true" doc:"The order of the users."`
	Search tenon.Opt[string]              `query:"search" maxLength:"100" doc:"In the name or the e-mail address."`
	Name   data.Text                      `query:"name" style:"deepObject"`
	Age    data.Ordered[int]              `query:"age" style:"deepObject"`
	Email  data.Exact[string]             `query:"email" style:"deepObject"`
}

// TestDR06DR07ListsOverHTTP asks an operation whose input names the filters: what is documented, what is refused and where.
func TestDR06DR07ListsOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdef")
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
		app.Get("/users", func(ctx context.Context, in *listUsers) (out *data.Listed[userItem], err error) {
			err = db.Read(ctx, func(ctx context.Context, v *data.View) error {
				l, err := users.Where(in.Name.On(userName), in.Age.On(userAge), in.Email.On(userEmail), data.Search(in.Search, userName, userEmail)).
					OrderBy(data.Orders(in.Order.Value)...).List(ctx, v, in.Paging)
				if err == nil {
					out = l.Map(func(u userRow) userItem { return userItem{u.Name} })
				}
				return err
			})
			return out, err
		})
		s := tenontest.New(t, app)
		s.Get("/users?size=2&order=-age,name&age[range]=20,22").Status(200).
			JSON(`{"items":[{"name":"c"},{"name":"f"}],"total":6,"page":1,"size":2,"pages":3}`)
		s.Get("/users?cursor=&size=5&search=b").Status(200).JSON(`{"items":[{"name":"b"}],"size":5}`)
		s.Get("/users?name[contains]=a&name[ne]=b").Status(200).JSON(`{"items":[{"name":"a"}],"total":1,"page":1,"size":20,"pages":1}`)
		for _, wildcard := range []string{"search=%25", "search=_", "name[contains]=%25", "name[startswith]=_", "name[contains]=%5C"} {
			s.Get("/users?"+wildcard).Status(200).At("/total", "0")
		}
		for _, tt := range []struct{ query, in, pointer, code string }{
			{"age[like]=1", "query", "/age/like", "unknown"},
			{"height[eq]=1", "query", "/height[eq]", "unknown"},
			{"age[eq]=x", "query", "/age/eq", "type"},
			{"age[in]=1,x", "query", "/age/in", "values"},
			{"age[range]=1", "query", "/age/range", "range"},
			{"age[eq]=1&age[eq]=2", "query", "/age/eq", "duplicate"},
			{"order=email", "query", "/order/0", "enum"},
			{"order=name,name", "query", "/order", "uniqueItems"},
			{"page=1&cursor=", "query", "/cursor", "conflict"},
			{"page=502&size=20", "query", "/page", "maximum"},
			{"cursor=x", "query", "/cursor", "cursor"},
			{"size=101", "query", "/size", "maximum"},
			{"name[eq]=a%00b", "query", "/name/eq", "nul"},
		} {
			s.Get("/users?"+tt.query).Status(422).Fault(tt.in, tt.pointer, tt.code)
		}
		text, err := app.OpenAPI().JSON()
		if err != nil || !strings.Contains(string(text), `"-age"`) {
			t.Errorf("the document does not list the orders: %v", err)
		}
	})
}

type userItem struct {
	Name string `json:"name"`
}
