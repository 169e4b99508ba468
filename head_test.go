package tenon_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/tenon-go/tenon/tenontest"
)

// TestHeadOnEveryGet compares HEAD with GET wherever GET works: the same status and header fields, no body. OPTIONS answers
// 204 there and says so.
func TestHeadOnEveryGet(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users", ada).Status(http.StatusCreated)
	for _, target := range []string{"/users", "/users/", "/users/1", "/users/7", "/users/x", "/users?page=0", "/openapi.json", "/openapi.yaml", "/docs", "/redoc"} {
		get, head := s.Get(target), s.Head(target)
		head.Status(get.Code).Text("")
		for _, name := range slices.Sorted(maps.Keys(get.Headers)) {
			if name != "Date" {
				head.Header(name, get.Headers.Get(name))
			}
		}
		s.Do(http.MethodOptions, target, nil).Status(http.StatusNoContent).Empty()
	}
	s.Do(http.MethodOptions, "/users/1", nil).Header("Allow", "DELETE, GET, HEAD, OPTIONS")
	s.Do(http.MethodOptions, "/docs", nil).Header("Allow", "GET, HEAD, OPTIONS")
	s.Do(http.MethodOptions, "/nothing", nil).Status(http.StatusNotFound).Problem("not-found")
	s.Head("/nothing").Status(http.StatusNotFound).Text("")
}

// TestPathsAreMatchedAsTheyAreSent shows which spellings of a path are one resource.
func TestPathsAreMatchedAsTheyAreSent(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users", ada).Status(http.StatusCreated)
	for target, want := range map[string]int{
		"/users/1": 200, "/users/1/": 200, "/%75sers/%31": 200,
		"/users/1//": 404, "//users/1": 404, "/users//1": 404, "/users/./1": 404, "/users/../users/1": 404, "/users/%2e%2e/users/1": 404,
		"/users%2F1": 404, "/users/1%2F": 422, "/USERS/1": 404, "/users/1;a=b": 422, "/users/1.json": 422,
	} {
		s.Get(target).Status(want)
	}
}
