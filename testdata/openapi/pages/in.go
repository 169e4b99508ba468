// Package pages has a list in numbered pages.
package pages

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// User is an item.
type User struct {
	ID int64 `json:"id"`
}

// List is what a list of users asks for.
type List struct {
	page.Query
	Role tenon.Opt[string] `query:"role" enum:"admin,member"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Pages", Version: "1.0.0"})
	app.Get("/users", func(_ context.Context, in *List) (*page.Of[User], error) { return page.New(in.Query, []User{}, 0), nil }, tenon.Default("size", "10"))
	return app
}
