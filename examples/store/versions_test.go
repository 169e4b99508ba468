package store_test

import (
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD110TwoVersionsAnswerTheirShapes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v1/users", newUser("Ada", "ada@example.com")).Status(201).Header("Location", "/api/v1/users/1")
		const ada = `{"id":1,"name":"Ada","email":"ada@example.com","age":36,"created_at":"<<time>>"}`
		for _, path := range []string{"/users", "/users/search?name=Ada"} {
			s.Get("/api/v1" + path).Status(200).JSON(`{"items":[` + ada + `],"page":1,"size":10,"pages":1}`)
			s.Get("/api/v2" + path).Status(200).JSON(`{"items":[` + ada + `],"total":1,"page":1,"size":10,"pages":1}`)
		}
		for _, same := range []string{"/users/1", "/products", "/products/7", "/users/me"} {
			old, now := s.Get("/api/v1"+same), s.Get("/api/v2"+same)
			if old.Code != now.Code {
				t.Errorf("%s: status %d in v1 and %d in v2", same, old.Code, now.Code)
			}
		}
		s.Get("/api/v3/users").Status(404).Problem("version-not-found")
	})
}

func TestSD113VersionOneSaysThatItGoes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		for _, path := range []string{"/users", "/users/7", "/users?page=x", "/nowhere"} {
			s.Get("/api/v1"+path).Header("Deprecation", "@1788220800").Header("Sunset", "Wed, 01 Sep 2027 00:00:00 GMT")
			if got := s.Get("/api/v2" + path).Headers.Get("Deprecation"); got != "" {
				t.Errorf("v2 says Deprecation: %s", got)
			}
		}
	})
}

func TestSD112EachVersionHasItsDocument(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Get("/openapi/v1.json").Status(200).At("/info/version", `"v1"`).At("/paths/~1api~1v1~1users/get/deprecated", "true").
			At("/paths/~1api~1v1~1users/get/operationId", `"getApiUsers"`)
		s.Get("/openapi/v2.json").Status(200).At("/info/version", `"v2"`).At("/paths/~1api~1v2~1users/get/operationId", `"getApiUsers"`)
		for _, path := range []string{"/docs/v1", "/docs/v2", "/redoc/v1", "/openapi/v1.yaml"} {
			s.Get(path).Status(200)
		}
		if _, err := store.OpenAPI("v9"); err == nil {
			t.Error("there is a document of v9")
		}
	})
}

// TestSD114NothingBreaksUndeclared holds the documents of the versions to those that are kept. What breaks clients is a change of a new
// version, or this test fails.
func TestSD114NothingBreaksUndeclared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app, err := store.New(store.Config{DB: db})
		if err != nil {
			t.Fatal(err)
		}
		tenontest.Documents(t, app, "testdata/openapi")
	})
}
