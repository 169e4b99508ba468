// Command versions is the program of the page "Versions": people whose names were one word once.
package main

import (
	"context"
	"log"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// region: handlers

// Person is a person as everybody sees them today.
type Person struct {
	ID    int64  `json:"id"`
	First string `json:"first"`
	Last  string `json:"last"`
}

// NewPerson is a person to add.
type NewPerson struct {
	First string `json:"first" minLength:"1"`
	Last  string `json:"last" minLength:"1" maxLength:"40"`
}

func add(_ context.Context, in *NewPerson) (*Person, error) {
	return &Person{ID: 1, First: in.First, Last: in.Last}, nil
}

func list(_ context.Context, in *struct{ page.Query }) (*page.Of[Person], error) {
	return page.New(in.Query, []Person{{1, "Ada", "King"}}, 1), nil
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "People", Version: "2.0.0"})
	api := app.Versions("/api/{version}", versions())
	api.Post("/people", add)
	api.Get("/people", list)
	api.Get("/names", list, tenon.Until("v1")) // as it was called before
	return app
}

// endregion: handlers

// region: versions

// PersonV1 is a person as version 1 sees them.
type PersonV1 struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// NewPersonV1 is a person to add, for version 1.
type NewPersonV1 struct {
	Name string `json:"name" minLength:"3"`
}

func versions() tenon.Versions {
	return tenon.Versions{List: []tenon.Version{
		{
			Name:       "v1",
			Deprecated: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
			Sunset:     time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC),
		},
		{Name: "v2", Changes: []tenon.VersionChange{{
			Doc: "A person has a first and a last name.",
			Migrations: []tenon.Migration{
				tenon.Upgrade(split), tenon.Downgrade(join), tenon.Downgrade(page.Each(join)),
			},
		}}},
	}}
}

func split(_ context.Context, in *NewPersonV1) (*NewPerson, error) {
	first, last, _ := strings.Cut(in.Name, " ")
	return &NewPerson{First: first, Last: last}, nil
}

func join(_ context.Context, p *Person) (*PersonV1, error) {
	return &PersonV1{ID: p.ID, Name: p.First + " " + p.Last}, nil
}

// endregion: versions

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{}); err != nil {
		log.Fatal(err)
	}
}
