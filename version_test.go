package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// The newest code, and what was before it.
type (
	person struct {
		ID    int64  `json:"id"`
		First string `json:"first" minLength:"1"`
		Last  string `json:"last" minLength:"1" maxLength:"10"`
	}
	newPerson struct {
		First string `json:"first" minLength:"1"`
		Last  string `json:"last" minLength:"1" maxLength:"10"`
	}
	personV1 struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	newPersonV1 struct {
		Name string `json:"name" minLength:"1"`
	}
	peopleV1 struct {
		Items []personV1 `json:"items"`
	}
)

func personToV1(_ context.Context, p *person) (*personV1, error) {
	return &personV1{p.ID, p.First + " " + p.Last}, nil
}

func personFromV1(_ context.Context, p *newPersonV1) (*newPerson, error) {
	first, last, _ := strings.Cut(p.Name, " ")
	switch first {
	case "Nobody":
		return nil, problem.Fault{Pointer: "/name", Code: "nobody", Message: "must be somebody"}
	case "Problem":
		return nil, problem.New(problem.CodeConflict, "There is one.")
	case "Error":
		return nil, errors.New("the database is down")
	case "Nil":
		return nil, nil
	}
	return &newPerson{first, last}, nil
}

func peopleToV1(ctx context.Context, p *page.Of[person]) (*peopleV1, error) {
	items := []personV1{}
	for _, one := range p.Items {
		older, err := personToV1(ctx, &one)
		if err != nil {
			return nil, err
		}
		items = append(items, *older)
	}
	return &peopleV1{items}, nil
}

func peopleVersions() tenon.Versions {
	return tenon.Versions{List: []tenon.Version{
		{
			Name: "v1", Deprecated: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Sunset: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
			Link: "https://example.com/v1",
		},
		{Name: "v2", Changes: []tenon.VersionChange{{
			Doc: "A person has two names.",
			Migrations: []tenon.Migration{
				tenon.Upgrade(personFromV1), tenon.Downgrade(personToV1), tenon.Downgrade(peopleToV1),
			},
		}}},
	}}
}

func peopleRoutes(g *tenon.Group) {
	g.Post("/people", func(_ context.Context, in *newPerson) (*person, error) {
		return &person{1, in.First, in.Last}, nil
	}, tenon.Fails(problem.New(problem.CodeConflict, "")))
	g.Get("/people/{id}", func(_ context.Context, in *struct {
		ID int64 `path:"id"`
	}) (*struct {
		ETag   tenon.ETag `header:"ETag"`
		Person person     `body:""`
	}, error,
	) {
		return &struct {
			ETag   tenon.ETag `header:"ETag"`
			Person person     `body:""`
		}{tenon.NewETag("1"), person{in.ID, "Ada", "King"}}, nil
	})
	g.Get("/people", func(_ context.Context, in *struct{ page.Query }) (*page.Of[person], error) {
		return page.New(in.Query, []person{{1, "Ada", "King"}}, 1), nil
	})
}

func TestSD111OlderVersionsAreMadeOfTheNewestCode(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	peopleRoutes(app.Versions("/api/{version}", peopleVersions()))
	s := tenontest.New(t, app)
	s.Post("/api/v2/people", `{"first":"Ada","last":"King"}`).Status(http.StatusCreated).JSON(`{"id":1,"first":"Ada","last":"King"}`).
		Header("Location", "/api/v2/people/1")
	s.Post("/api/v1/people", `{"name":"Ada King"}`).Status(http.StatusCreated).JSON(`{"id":1,"name":"Ada King"}`).
		Header("Location", "/api/v1/people/1")
	s.Get("/api/v2/people").Status(200).At("/items", `[{"id":1,"first":"Ada","last":"King"}]`).At("/total", "1")
	s.Get("/api/v1/people").Status(200).JSON(`{"items":[{"id":1,"name":"Ada King"}]}`)
	s.Get("/api/v2/people/7").Status(200).JSON(`{"id":7,"first":"Ada","last":"King"}`)
	s.Get("/api/v1/people/7").Status(200).JSON(`{"id":7,"name":"Ada King"}`).Header("ETag", `"1"`)
	s.With("If-None-Match", `"1"`).Get("/api/v1/people/7").Status(304)
}

func TestAMigratedRequestKeepsTheNewestRules(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	peopleRoutes(app.Versions("/{version}", peopleVersions()))
	s := tenontest.New(t, app)
	for _, tt := range []struct{ name, body, pointer, code string }{
		{"a rule that the older type has as well", `{"name":""}`, "/name", "minLength"},
		{"a rule of the newest type alone", `{"name":"Ada Countess of Lovelace"}`, "", "maxLength"},
		{"a member of the newest type", `{"first":"Ada","name":"Ada King"}`, "/first", "unknown"},
		{"a member that the newest type needs", `{"name":"Ada"}`, "", "minLength"},
		{"what the migration refuses", `{"name":"Nobody X"}`, "/name", "nobody"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s.Post("/v1/people", tt.body).Status(422).Fault("body", tt.pointer, tt.code).Faults(1).Header("Deprecation", "@1767225600")
		})
	}
	s.Post("/v1/people", `{"name":"Problem X"}`).Status(409).Problem("conflict")
	s.Post("/v1/people", `{"name":"Error X"}`).Status(500).Problem("internal")
	s.Post("/v1/people", `{"name":"Nil X"}`).Status(500).Problem("internal")
	s.Post("/v1/people", `{"name":`).Status(400).Problem("bad-request")
}
