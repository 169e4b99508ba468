package store_test

import (
	"fmt"
	"testing"

	"github.com/tenon-go/tenon/data"
)

const user = "/api/v2/users/1"

func TestDR17AUserIsChangedInPart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		tag := s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201).Header("Location", user).Header("ETag", `"1"`).Headers.Get("ETag")
		for i, tt := range []struct{ contentType, body, want string }{
			{"application/merge-patch+json", `{"name":"Ada King"}`, `{"id":1,"name":"Ada King","email":"ada@example.com","age":36,"created_at":"<<time>>"}`},
			{"application/json", `{"email":"King@Example.com"}`, `{"id":1,"name":"Ada King","email":"king@example.com","age":36,"created_at":"<<time>>"}`},
			{"application/json", `{"age":37,"name":"Ada"}`, `{"id":1,"name":"Ada","email":"king@example.com","age":37,"created_at":"<<time>>"}`},
		} {
			got := s.With("If-Match", tag).With("Content-Type", tt.contentType).Patch(user, tt.body).Status(200).Header("ETag", fmt.Sprintf(`"%d"`, i+2)).JSON(tt.want)
			tag = got.Headers.Get("ETag")
			s.Get(user).Status(200).Header("ETag", tag).JSON(tt.want)
		}
		for _, same := range []string{`{}`, `{"age":37}`, `{"email":"KING@example.com"}`} {
			s.With("If-Match", tag).Patch(user, same).Status(200).Header("ETag", tag)
		}
		s.With("If-None-Match", tag).Get(user).Status(304).Empty()
		s.With("If-None-Match", `"1"`).Get(user).Status(200)
	})
}

func TestDR17AChangeIsHeldToTheRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com"))
		s.Post("/api/v2/users", newUser("Bob", "bob@example.com"))
		s.Patch(user, `{"age":37}`).Status(428).Problem("precondition-required")
		s = s.With("If-Match", `"1"`)
		for _, tt := range []struct{ body, pointer, code string }{
			{`{"name":""}`, "/name", "minLength"}, {`{"name":"  "}`, "/name", "blank"}, {`{"name":null}`, "/name", "null"},
			{`{"email":"x"}`, "/email", "format"}, {`{"age":0}`, "/age", "minimum"}, {`{"age":150}`, "/age", "maximum"},
			{`{"id":2}`, "/id", "unknown"}, {`{"password":"correct horse battery"}`, "/password", "unknown"},
		} {
			s.Patch(user, tt.body).Status(422).Fault("body", tt.pointer, tt.code).Faults(1)
		}
		s.Patch(user, `{"email":"BOB@example.com"}`).Status(409).Problem("email-taken")
		s.Patch("/api/v2/users/9", `{"age":37}`).Status(404).Problem("user-not-found")
		s.With("Content-Type", "text/plain").Patch(user, `{}`).Status(415)
		s.Get(user).Header("ETag", `"1"`).At("/age", "36")
	})
}

func TestN08SQ12OfTwoChangesOfOneVersionOneWins(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com"))
		for round := range 5 {
			seen := make(chan int, 2)
			for i := range cap(seen) {
				go func() {
					seen <- s.With("If-Match", fmt.Sprintf(`"%d"`, round+1)).Patch(user, fmt.Sprintf(`{"age":%d}`, 40+10*round+i)).Code
				}()
			}
			if a, b := <-seen, <-seen; min(a, b) != 200 || max(a, b) != 412 {
				t.Errorf("round %d: %d and %d, want 200 and 412", round, a, b)
			}
			s.Get(user).Header("ETag", fmt.Sprintf(`"%d"`, round+2))
		}
	})
}
