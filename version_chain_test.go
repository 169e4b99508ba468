package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// A task in three versions: its state was a flag, then one of two words, and is one of three.
type (
	taskV1 struct {
		Done bool `json:"done"`
	}
	taskV2 struct {
		State string `json:"state" enum:"open,done"`
	}
	task struct {
		State string `json:"state" enum:"open,doing,done"`
		Owner string `json:"owner" transform:"lower" maxLength:"10"`
	}
	setTask struct {
		ID   int64             `path:"id"`
		Note tenon.Opt[string] `query:"note"`
		Seen *scribe           `dep:""`
		Task task              `body:""`
	}
	scribe struct{ wrote string }
)

func taskVersions() tenon.Versions {
	toV2 := func(_ context.Context, t *task) (*taskV2, error) {
		switch t.State {
		case "doing":
			return &taskV2{State: "open"}, nil
		case "":
			return nil, errors.New("a task without a state")
		}
		return &taskV2{State: t.State}, nil
	}
	return tenon.Versions{List: []tenon.Version{
		{Name: "v1"},
		{Name: "v2", Changes: []tenon.VersionChange{{Doc: "The state is a word.", Migrations: []tenon.Migration{
			tenon.Upgrade(func(_ context.Context, t *taskV1) (*taskV2, error) {
				return &taskV2{State: map[bool]string{true: "done", false: "open"}[t.Done]}, nil
			}),
			tenon.Downgrade(func(_ context.Context, t *taskV2) (*taskV1, error) { return &taskV1{Done: t.State == "done"}, nil }),
			tenon.Downgrade(page.Each(func(_ context.Context, t *taskV2) (*taskV1, error) { return &taskV1{Done: t.State == "done"}, nil })),
		}}}},
		{Name: "v3", Changes: []tenon.VersionChange{
			{Doc: "There is a third state, and an owner.", Migrations: []tenon.Migration{
				tenon.Upgrade(func(_ context.Context, t *taskV2) (*task, error) { return &task{State: t.State, Owner: "NOBODY"}, nil }),
				tenon.Downgrade(toV2), tenon.Downgrade(page.Each(toV2)),
				tenon.Downgrade(func(ctx context.Context, in *iter.Seq2[task, error]) (*iter.Seq2[taskV2, error], error) {
					out := iter.Seq2[taskV2, error](func(yield func(taskV2, error) bool) {
						for one, err := range *in {
							older, olderErr := toV2(ctx, &one)
							if olderErr != nil || !yield(*older, err) {
								return
							}
						}
					})
					return &out, nil
				}),
			}},
			{Doc: "Owners are told apart without case."},
		}},
	}}
}

func taskApp(t *testing.T) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Provide(func(context.Context, *struct{}) (*scribe, error) { return &scribe{"yes"}, nil })
	g := app.Versions("/{version}", taskVersions())
	g.Put("/tasks/{id}", func(_ context.Context, in *setTask) (*struct {
		Status int    `status:"" enum:"200,202"`
		Said   string `header:"Said"`
		Task   *task  `body:""`
	}, error,
	) {
		return &struct {
			Status int    `status:"" enum:"200,202"`
			Said   string `header:"Said"`
			Task   *task  `body:""`
		}{202, fmt.Sprint(in.ID, in.Note.Value, in.Seen.wrote, in.Task), &task{State: "doing", Owner: in.Task.Owner}}, nil
	})
	g.Get("/tasks", func(_ context.Context, in *struct{ page.Query }) (*page.Of[task], error) {
		return page.New(in.Query, []task{{"done", "a"}, {"doing", "b"}}, 2), nil
	})
	g.Get("/tasks/feed", func(context.Context, *struct{}) (*struct {
		Tasks iter.Seq2[task, error] `body:"application/x-ndjson"`
	}, error,
	) {
		return &struct {
			Tasks iter.Seq2[task, error] `body:"application/x-ndjson"`
		}{func(yield func(task, error) bool) {
			_ = yield(task{"doing", "a"}, nil) && yield(task{"done", "b"}, nil)
		}}, nil
	}, tenon.Since("v2"))
	return tenontest.New(t, app)
}

func TestCA01MigrationsAreChained(t *testing.T) {
	t.Parallel()
	s := taskApp(t)
	for _, tt := range []struct{ version, body, said, answer string }{
		{"v3", `{"state":"doing","owner":"Ada"}`, "7xyes{doing ada}", `{"state":"doing","owner":"ada"}`},
		{"v2", `{"state":"done"}`, "7xyes{done nobody}", `{"state":"open"}`},
		{"v1", `{"done":true}`, "7xyes{done nobody}", `{"done":false}`},
	} {
		s.Put("/"+tt.version+"/tasks/7?note=x", tt.body).Status(202).Header("Said", tt.said).JSON(tt.answer)
	}
	s.Put("/v2/tasks/7", `{"state":"doing"}`).Status(422).Fault("body", "/state", "enum")
	s.Put("/v1/tasks/x", `{"done":true}`).Status(422).Fault("path", "/id", "type")
	s.Get("/v3/tasks").At("/items", `[{"state":"done","owner":"a"},{"state":"doing","owner":"b"}]`)
	s.Get("/v2/tasks").At("/items", `[{"state":"done"},{"state":"open"}]`).At("/total", "2")
	s.Get("/v1/tasks").At("/items", `[{"done":true},{"done":false}]`).At("/total", "2")
	if got := string(s.Get("/v2/tasks/feed").Status(200).Body); got != "{\"state\":\"open\"}\n{\"state\":\"done\"}\n" {
		t.Errorf("the older stream is %q", got)
	}
	s.Get("/v1/tasks/feed").Status(405)
}

func TestSD112EachVersionHasADocumentAndPages(t *testing.T) {
	t.Parallel()
	s := taskApp(t)
	s.Get("/openapi/v1.json").At("/info/version", `"v1"`).
		At("/paths/~1v1~1tasks~1{id}/put/requestBody/content/application~1json/schema", `{"$ref":"#/components/schemas/TaskV1"}`)
	s.Get("/openapi.json").At("/paths/~1v3~1tasks~1{id}/put/operationId", `"putTasksById"`)
	v3 := string(s.Get("/openapi/v3.json").Status(200).Body)
	for _, words := range []string{"## v3, since v2", "There is a third state", "Owners are told apart without case.", `"operationId": "putTasksById"`} {
		if !strings.Contains(v3, words) {
			t.Errorf("the document of v3 does not say %q", words)
		}
	}
	if strings.Contains(v3, "/v1/") || strings.Contains(v3, "/v2/") {
		t.Error("the document of v3 has paths of other versions")
	}
	for _, path := range []string{"/docs", "/docs/v1", "/docs/v2", "/docs/v3", "/redoc/v1", "/openapi/v2.yaml", "/docs/v1/swagger.js"} {
		s.Get(path).Status(200)
	}
	for _, words := range []string{`data-spec-url="./../openapi/v1.json"`, `<a href="./../docs/v3">v3</a> <a href="./../docs/v2">v2</a>`} {
		if got := string(s.Get("/docs/v1").Body); !strings.Contains(got, words) {
			t.Errorf("the page of v1 has no %s:\n%s", words, got)
		}
	}
}

func TestTheChangelogIsMadeOfTheVersions(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	peopleRoutes(app.Versions("/api/{version}", peopleVersions()))
	if app.Changelog() != nil {
		t.Error("there is a changelog before Compile")
	}
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	log := app.Changelog()
	if len(log) != 1 {
		t.Fatalf("%d versions changed something", len(log))
	}
	goldenText(t, "testdata/changelog.md", log[0].Markdown())
}

func TestRedirectsStayInTheirVersion(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	g := app.Versions("/shops/{tenant}/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2"}, {Name: "v3"}}})
	type at struct {
		Tenant string `path:"tenant"`
		Page   int    `query:"page" default:"1"`
	}
	kept := g.Get("/kept", given[at, found]())
	later := g.Get("/later", given[at, found](), tenon.Since("v2"))
	g.Get("/to/kept", func(_ context.Context, in *at) (*tenon.Redirect, error) { return kept.Redirect(at{in.Tenant, 2}), nil }, tenon.Status(303))
	g.Get("/to/later", func(_ context.Context, in *at) (*tenon.Redirect, error) { return later.Redirect(at{in.Tenant, 1}), nil }, tenon.Status(303))
	s := tenontest.New(t, app)
	s.Get("/shops/a%2Fb/v1/to/kept").Status(http.StatusSeeOther).Header("Location", "/shops/a%2Fb/v1/kept?page=2")
	s.Get("/shops/a/v3/to/kept").Status(http.StatusSeeOther).Header("Location", "/shops/a/v3/kept?page=2")
	s.Get("/shops/a/v2/to/later").Header("Location", "/shops/a/v2/later?page=1")
	s.Get("/shops/a/v1/to/later").Header("Location", "/shops/a/v3/later?page=1")
}

type left struct {
	Available int `json:"available"`
}

var errLeft = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough of it.").Members[left]()

// TestProblemsAreTheSameInEveryVersion answers with a problem with members behind migrations; the server holds it to the document of the version.
func TestProblemsAreTheSameInEveryVersion(t *testing.T) {
	t.Parallel()
	type (
		old   struct{ Count string }
		newer struct {
			Count int `json:"count"`
		}
	)
	app := tenon.New(tenon.Config{})
	app.Versions("/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2", Changes: []tenon.VersionChange{{
		Doc: "The count is a number.",
		Migrations: []tenon.Migration{tenon.Upgrade(func(_ context.Context, in *old) (*newer, error) {
			n, err := strconv.Atoi(in.Count)
			return &newer{n}, err
		})},
	}}}}}).Post("/orders", func(context.Context, *newer) (*tenon.NoContent, error) {
		return nil, errLeft.With(left{3})
	}, tenon.Fails(errLeft))
	s := tenontest.New(t, app)
	for version, body := range map[string]string{"v1": `{"Count":"9"}`, "v2": `{"count":9}`} {
		s.Post("/"+version+"/orders", body).Status(409).Problem("out-of-stock").At("/available", "3")
	}
}
