package data_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

// windowUsers is a request for users by their places.
type windowUsers struct {
	data.Window
	Age data.Ordered[int] `query:"age" style:"deepObject"`
}

// TestDR06WindowsOfAList asks by offset and limit, over HTTP: each edge, and that the links keep what else was asked.
func TestDR06WindowsOfAList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdefg")
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
		app.Get("/users", func(ctx context.Context, in *windowUsers) (out *data.Listed[userItem], err error) {
			err = db.Read(ctx, func(ctx context.Context, v *data.View) error {
				l, err := users.Where(in.Age.On(userAge)).Window(ctx, v, in.Window)
				if err == nil {
					out = l.Map(func(u userRow) userItem { return userItem{u.Name} })
				}
				return err
			})
			return out, err
		})
		s := tenontest.New(t, app)
		for query, want := range map[string][2]string{
			"": {`{"items":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"},{"name":"e"},{"name":"f"},{"name":"g"}],"total":7,"offset":0,"size":20}`,
				`<?offset=0>; rel="first"`},
			"limit=2&offset=3": {`{"items":[{"name":"d"},{"name":"e"}],"total":7,"offset":3,"size":2}`,
				`<?limit=2&offset=0>; rel="first", <?limit=2&offset=1>; rel="prev", <?limit=2&offset=5>; rel="next"`},
			"offset=1&limit=3": {`{"items":[{"name":"b"},{"name":"c"},{"name":"d"}],"total":7,"offset":1,"size":3}`,
				`<?offset=0&limit=3>; rel="first", <?offset=0&limit=3>; rel="prev", <?offset=4&limit=3>; rel="next"`},
			"offset=5&limit=2": {`{"items":[{"name":"f"},{"name":"g"}],"total":7,"offset":5,"size":2}`,
				`<?offset=0&limit=2>; rel="first", <?offset=3&limit=2>; rel="prev"`},
			"offset=10000&limit=1": {`{"items":[],"total":7,"offset":10000,"size":1}`,
				`<?offset=0&limit=1>; rel="first", <?offset=9999&limit=1>; rel="prev"`},
			"age%5Beq%5D=20&limit=1": {`{"items":[{"name":"a"}],"total":3,"offset":0,"size":1}`,
				`<?age%5Beq%5D=20&limit=1&offset=0>; rel="first", <?age%5Beq%5D=20&limit=1&offset=1>; rel="next"`},
		} {
			s.Get("/users?"+query).Status(200).JSON(want[0]).Header("Link", want[1])
		}
		for query, fault := range map[string][2]string{
			"offset=-1": {"/offset", "minimum"}, "offset=10001": {"/offset", "maximum"}, "offset=99999999999999999999": {"/offset", "range"}, "offset=a": {"/offset", "type"},
			"limit=0": {"/limit", "minimum"}, "limit=101": {"/limit", "maximum"}, "limit=1&limit=2": {"/limit", "duplicate"}, "page=1": {"/page", "unknown"},
		} {
			s.Get("/users?"+query).Status(422).Fault("query", fault[0], fault[1])
		}
	})
}

// TestDR06WindowsOfAProgram are kept within the bounds that requests have, and end where no more can be asked for.
func TestDR06WindowsOfAProgram(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abc")
		for _, tt := range []struct {
			window data.Window
			want   string
			links  string
		}{
			{data.Window{}, "abc", `<?offset=0>; rel="first"`},
			{data.Window{Offset: -7, Limit: -7}, "abc", `<?offset=0>; rel="first"`},
			{data.Window{Offset: 1, Limit: 1}, "b", `<?offset=0>; rel="first", <?offset=0>; rel="prev", <?offset=2>; rel="next"`},
			{data.Window{Offset: 20_000, Limit: 1}, "", `<?offset=0>; rel="first", <?offset=9999>; rel="prev"`},
		} {
			l := read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[userRow], error) {
				return users.Where().Total(data.Off).Window(ctx, v, tt.window)
			})
			if got := l.Links(&url.URL{}); names(l) != tt.want || got != tt.links || l.Total.Set {
				t.Errorf("%+v: %s, links %s; want %s and %s", tt.window, names(l), got, tt.want, tt.links)
			}
		}
	})
}
