package store_test

import (
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
)

const onJoints = `{"id":1,"author_id":1,"title":"On joints","body":"Measure twice.","created_at":"2026-03-01T12:00:00.123456Z"}`

func TestPostsAreWrittenChangedAndDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/posts", `{"title":"On joints","body":"Measure twice."}`).Status(201).Header("Location", "/api/v2/posts/1").JSON(onJoints)
		s.Get("/api/v2/posts/1").Status(200).JSON(onJoints)
		s.Patch("/api/v2/posts/1", `{}`).Status(200).JSON(onJoints)
		s.Patch("/api/v2/posts/1", `{"body":""}`).Status(200).JSON(strings.Replace(onJoints, "Measure twice.", "", 1))
		s.Patch("/api/v2/posts/1", `{"title":"Joints","body":"Cut once."}`).Status(200).At("/title", `"Joints"`).At("/body", `"Cut once."`)
		as(t, s, 9, "admin").Delete("/api/v2/users/1").Status(409).Problem("user-in-use")
		s.Delete("/api/v2/posts/1").Status(204)
		s.Get("/api/v2/posts/1").Status(404).Problem("post-not-found")
		s.Patch("/api/v2/posts/1", `{"body":""}`).Status(404).Problem("post-not-found")
		s.Delete("/api/v2/posts/1").Status(404).Problem("post-not-found")
		as(t, s, 9, "admin").Delete("/api/v2/users/1").Status(204)
	})
}

func TestBadPostsAreRefusedWithTheRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		for _, tt := range []struct{ body, pointer, code string }{
			{`{"user_id":2,"title":"a","body":""}`, "/user_id", "unknown"},
			{`{"author_id":2,"title":"a","body":""}`, "/author_id", "unknown"},
			{`{"title":"","body":""}`, "/title", "minLength"},
			{`{"title":" \t ","body":""}`, "/title", "blank"},
			{`{"title":"` + strings.Repeat("é", 201) + `","body":""}`, "/title", "maxLength"},
			{`{"title":"a\u0000","body":""}`, "/title", "nul"},
			{`{"title":"a","body":"\u0000"}`, "/body", "nul"},
			{`{"title":"a","body":"` + strings.Repeat("x", 10_001) + `"}`, "/body", "maxLength"},
			{`{"title":"a"}`, "/body", "required"},
			{`{"title":"a","body":"","id":7}`, "/id", "unknown"},
		} {
			s.Post("/api/v2/posts", tt.body).Status(422).Fault("body", tt.pointer, tt.code).Faults(1)
		}
		s.Get("/api/v2/posts").Status(200).At("/total", "0")
	})
}
