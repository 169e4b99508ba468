package tenon_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestSD001SlowHandlersDoNotBlockFastOnes holds 50 requests in their handlers until 200 others were answered. Nothing is
// timed: an app that made the fast ones wait would never get there.
func TestSD001SlowHandlersDoNotBlockFastOnes(t *testing.T) {
	t.Parallel()
	var inside sync.WaitGroup
	release := make(chan struct{})
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/slow", func(context.Context, *struct{}) (*tenon.NoContent, error) {
		inside.Done()
		<-release
		return nil, nil
	})
	app.Get("/fast", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil })
	s := tenontest.New(t, app)
	const slow = 50
	inside.Add(slow)
	var answered sync.WaitGroup
	for range slow {
		answered.Go(func() { s.Get("/slow").Status(204) })
	}
	inside.Wait()
	for range 200 {
		s.Get("/fast").Status(204)
	}
	close(release)
	answered.Wait()
}

func TestSD001OneFunctionIsEndpointCheckAndDocument(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users", ada).Status(201).At("/name", `"Ada"`)
	s.Post("/users", `{"name":""}`).Status(422).Fault("body", "/name", "minLength")
	s.Get("/openapi.json").Status(200).At("/components/schemas/GuideUserCreate/properties/name",
		`{"type":"string","description":"Shown to other users.","examples":["Ada"],"minLength":1,"maxLength":100}`)
}

// TestSD141NoContent looks at the bytes on the wire's level: 204 has neither a body nor header fields about one.
func TestSD141NoContent(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Post("/users", ada).Status(201)
	s.Delete("/users/1").Status(http.StatusNoContent).Empty().Header("Content-Length", "").Header("Transfer-Encoding", "")
	s.Delete("/users/9").Status(404).Problem("user-not-found")
	s.Do("OPTIONS", "/users/1", nil).Status(http.StatusNoContent).Empty().Header("Content-Length", "")
}

// TestSD151Statuses shows each status that the framework gives by itself, and that successes can be chosen.
func TestSD151Statuses(t *testing.T) {
	t.Parallel()
	app := guideApp(t)
	app.Post("/jobs", func(context.Context, *struct{}) (*struct {
		ID int `json:"id"`
	}, error) {
		return &struct {
			ID int `json:"id"`
		}{7}, nil
	}, tenon.Status(http.StatusAccepted))
	app.Put("/things/{id}", func(_ context.Context, in *struct {
		ID int `path:"id"`
	}) (*upserted, error) {
		return &upserted{Status: 200 + in.ID%2, ETag: tenon.NewETag("1"), Body: struct {
			ID int `json:"id"`
		}{in.ID}}, nil
	})
	s := tenontest.New(t, app)
	s.Get("/users").Status(200)
	s.Post("/users", ada).Status(201)
	s.Post("/jobs", nil).Status(202).JSON(`{"id":7}`)
	s.Put("/things/1", nil).Status(201).Header("ETag", `"1"`).JSON(`{"id":1}`)
	s.Put("/things/2", nil).Status(200)
	s.Delete("/users/1").Status(204)
	s.Get("/users?page=%zz").Status(400)
	s.Get("/users/2").Status(404)
	s.Do("PUT", "/users", nil).Status(405)
	s.With("Accept", "text/html").Get("/users").Status(406)
	s.With("Content-Type", "text/plain").Post("/users", ada).Status(415)
	s.Post("/users", `{}`).Status(422)
}

type upserted struct {
	Status int        `status:"" enum:"200,201"`
	ETag   tenon.ETag `header:"ETag"`
	Body   struct {
		ID int `json:"id"`
	} `body:""`
}

// TestClientsThatLeave ends the context of a handler when its client is gone.
func TestClientsThatLeave(t *testing.T) {
	t.Parallel()
	started, ended := make(chan struct{}), make(chan struct{})
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Get("/wait", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		close(started)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	})
	s := tenontest.New(discard{t}, app)
	ctx, leave := context.WithTimeout(t.Context(), time.Minute)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://example.com/wait", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-started
		leave()
	}()
	s.Send(r)
	<-ended
}

// discard is a test whose failures do not count: the client of TestClientsThatLeave gets no answer, as it should.
type discard struct{ testing.TB }

func (discard) Errorf(string, ...any) {}
