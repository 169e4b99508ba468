package auth_test

import (
	"context"
	"maps"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

type (
	nameV1 struct {
		Name string `json:"name"`
	}
	nameV2 struct {
		First string `json:"first"`
	}
	namesOf struct {
		Body nameV2 `body:""`
	}
)

// TestN07ARuleHoldsInEveryVersion calls an operation as each version has it.
func TestN07ARuleHoldsInEveryVersion(t *testing.T) {
	t.Parallel()
	app := tenon.New(quiet(), storeRoles())
	g := app.Versions("/api/{version}", tenon.Versions{List: []tenon.Version{{Name: "v1"}, {Name: "v2", Changes: []tenon.VersionChange{{
		Doc: "A name has another name.",
		Migrations: []tenon.Migration{
			tenon.Upgrade(func(_ context.Context, old *nameV1) (*nameV2, error) { return &nameV2{old.Name}, nil }),
			tenon.Downgrade(func(_ context.Context, now *nameV2) (*nameV1, error) { return &nameV1{now.First}, nil }),
		},
	}}}}}, auth.Required(scheme(t)))
	g.Post("/names", func(_ context.Context, in *namesOf) (*nameV2, error) { return &in.Body, nil }, auth.Role("editor"))
	g.Get("/open", func(context.Context, *struct{}) (*nameV2, error) { return &nameV2{}, nil }, auth.Public("x"))
	compile(t, app)
	documents := maps.Collect(app.Documents())
	for _, version := range []string{"v1", "v2"} {
		for caller, want := range map[string]int{"": 401, "user": 403, "editor": 422} { // the body is looked at, and there is none
			var fields []string
			if caller != "" {
				fields = []string{"X-Test: " + caller}
			}
			if w := call(t, app, "POST", "/api/"+version+"/names", fields...); w.Code != want {
				t.Errorf("%s as %q: %d, want %d", version, caller, w.Code, want)
			}
		}
		if w := call(t, app, "GET", "/api/"+version+"/open"); w.Code != 200 {
			t.Errorf("%s: %d", version, w.Code)
		}
		if got := documents[version].Paths["/api/"+version+"/names"]; got == nil || got.Post.Extensions["x-access"] != "role editor" || len(got.Post.Security) != 1 {
			t.Errorf("the document of %s does not say who may call", version)
		}
	}
	for _, row := range auth.Matrix(app).Rows {
		if row.Version == "" || row.Rule == "" {
			t.Errorf("%+v", row)
		}
	}
}
