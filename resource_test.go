package tenon_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
)

// shelf is a resource with three methods; those that came last for a GET are noted.
type shelf struct{ routes *[]tenon.Route[one] }

func (s shelf) Methods(m *tenon.Methods) {
	route := m.Get(s.get)
	if s.routes != nil {
		*s.routes = append(*s.routes, route)
	}
	m.Put(s.put, tenon.Status(http.StatusAccepted))
	m.Handle(http.MethodDelete, s.drop, tenon.Summary("Empty it"))
}

func (shelf) get(_ context.Context, in *one) (*found, error) {
	return &found{Route: "get", A: in.A}, nil
}
func (shelf) put(_ context.Context, in *one) (*found, error) {
	return &found{Route: "put", A: in.A}, nil
}
func (shelf) drop(context.Context, *one) (*tenon.NoContent, error) {
	return &tenon.NoContent{}, nil
}

// front is a resource at the root of the app or of a group.
type front struct{}

func (f front) Methods(m *tenon.Methods) {
	m.Post(f.post)
	m.Patch(f.post)
	m.Delete(f.post)
}

func (front) post(context.Context, *none) (*found, error) { return &found{Route: "front"}, nil }

func TestFR01AResourceNamesItsMethods(t *testing.T) {
	t.Parallel()
	var routes []tenon.Route[one]
	app := tenon.New(tenon.Config{})
	app.Resource("/shelves/{a}", shelf{&routes}, tenon.Tags("shelves"))
	app.Group("/old", tenon.Deprecated()).Resource("/racks/{a}/", shelf{&routes})
	app.Resource("/", front{})
	app.Group("/v1").Resource("", front{})
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, target string
		status               int
		body, allow          string
	}{
		{"a method at the first path", "GET", "/shelves/1", 200, `{"route":"get","a":"1","b":""}`, ""},
		{"a method at the second path", "GET", "/old/racks/1", 200, `{"route":"get","a":"1","b":""}`, ""},
		{"HEAD goes with GET", "HEAD", "/shelves/1", 200, "", ""},
		{"an option of a method", "PUT", "/shelves/2", 202, `{"route":"put","a":"2","b":""}`, ""},
		{"a method without a body", "DELETE", "/old/racks/2", 204, "", ""},
		{"a method that it does not name", "POST", "/shelves/1", 405, "", "DELETE, GET, HEAD, OPTIONS, PUT"},
		{"a method that it does not name, at the second path", "PATCH", "/old/racks/1", 405, "", "DELETE, GET, HEAD, OPTIONS, PUT"},
		{"OPTIONS", "OPTIONS", "/shelves/1", 204, "", "DELETE, GET, HEAD, OPTIONS, PUT"},
		{"a path that it does not have", "GET", "/racks/1", 404, "", ""},
		{"the root", "POST", "/", 201, `{"route":"front","a":"","b":""}`, ""},
		{"the root of a group", "PATCH", "/v1", 200, `{"route":"front","a":"","b":""}`, ""},
		{"a method that the root does not have", "GET", "/v1/", 405, "", "DELETE, OPTIONS, PATCH, POST"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := serve(t, app, tt.method, tt.target)
			body := w.Body.String()
			if tt.status >= 400 {
				body = ""
			}
			if w.Code != tt.status || body != tt.body || w.Header().Get("Allow") != tt.allow {
				t.Errorf("%d %q, Allow %q, want %d %q, %q", w.Code, body, w.Header().Get("Allow"), tt.status, tt.body, tt.allow)
			}
		})
	}
	for i, want := range []string{"/shelves/x", "/old/racks/x"} {
		if url, err := routes[i].URL(one{"x"}); url != want || err != nil {
			t.Errorf("the route is %q, %v, want %q", url, err, want)
		}
	}
	paths := app.OpenAPI().Paths
	first, second := paths["/shelves/{a}"].Delete, paths["/old/racks/{a}"].Delete
	if first.Summary != "Empty it" || first.Tags[0] != "shelves" || first.Deprecated || first.OperationID != "deleteShelvesByA" {
		t.Errorf("the document says %+v", first)
	}
	if second.Summary != "Empty it" || second.Tags != nil || !second.Deprecated || second.OperationID != "deleteOldRacksByA" {
		t.Errorf("the document says %+v", second)
	}
}

// empty names no methods.
type empty struct{}

func (empty) Methods(*tenon.Methods) {}

// double names a method twice.
type double struct{}

func (double) Methods(m *tenon.Methods) {
	m.Get(gives[fine]())
	m.Get(gives[fine]())
}

func TestFR01ResourceFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		resource   tenon.Resource
		want       string
	}{
		{"a resource without methods", "/a", empty{}, "the resource tenon_test.empty names no methods"},
		{"no resource", "/a", nil, "the resource is nil"},
		{"a path that would be glued", "a", front{}, `path "a" does not begin with /`},
		{"a method twice", "/a", double{}, "GET /a clashes with GET /a registered at "},
		{"a path without the wildcards of the inputs", "/a/{b}", shelf{}, "PUT /a/{b}: type tenon_test.one: field A: the path has no wildcard {a}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{})
			app.Resource(tt.path, tt.resource)
			err := app.Compile()
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "resource_test.go:") {
				t.Errorf("the fault is %v, want %s", err, tt.want)
			}
		})
	}
}
