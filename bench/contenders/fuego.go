package contenders

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/go-fuego/fuego"
	"github.com/go-fuego/fuego/option"

	"github.com/tenon-go/tenon/bench/work"
)

type fuegoService struct{ store *work.Store }

// fuegoError is a problem on its way through fuego's error handler.
type fuegoError struct{ *details }

func (e fuegoError) Error() string { return e.Title }

// StatusCode is the status with which fuego answers.
func (e fuegoError) StatusCode() int { return e.Status }

// Fuego is the service with fuego, which validates with go-playground's validator. What it logs and prints is off, and its
// errors get the form of the others.
func Fuego() http.Handler {
	s := &fuegoService{work.NewStore()}
	server := fuego.NewServer(
		fuego.WithLoggingMiddleware(fuego.LoggingConfig{DisableRequest: true, DisableResponse: true}),
		fuego.WithoutStartupMessages(), fuego.WithoutAutoGroupTags(),
		fuego.WithValidator(newValidator()), fuego.WithErrorSerializer(fuegoFail),
		fuego.WithEngineOptions(
			fuego.WithErrorHandler(func(_ context.Context, err error) error { return fuegoProblem(err) }),
			fuego.WithOpenAPIConfig(fuego.OpenAPIConfig{DisableLocalSave: true, DisableMessages: true}),
		))
	created := option.DefaultStatusCode(http.StatusCreated)
	fuego.Get(server, "/plaintext", func(fuego.ContextNoBody) (string, error) { return work.Plaintext, nil })
	fuego.Get(server, "/users/{id}", s.user, option.Path("id", ""))
	fuego.Get(server, "/users", s.users, option.QueryInt("page", ""), option.QueryInt("size", ""))
	fuego.Post(server, "/users", s.createUser, created)
	fuego.Post(server, "/orders", s.createOrder, created)
	return server.Mux
}

func (s *fuegoService) user(c fuego.ContextNoBody) (*work.User, error) {
	id, err := strconv.ParseInt(c.PathParam("id"), 10, 64)
	if err != nil || id < 1 {
		return nil, fuegoError{invalid([]fault{{"path", "/id", "type", "must be a whole number of 1 or more"}})}
	}
	user, ok := s.store.User(id)
	if !ok {
		return nil, fuegoError{notFound()}
	}
	return user, nil
}

func (s *fuegoService) users(c fuego.ContextNoBody) (*work.Page, error) {
	in := checks{in: "query"}
	page := in.number(c.QueryParam("page"), "/page", 1<<31)
	size := in.number(c.QueryParam("size"), "/size", 100)
	if len(in.faults) > 0 {
		return nil, fuegoError{invalid(in.faults)}
	}
	return pageOf(s.store, page, size), nil
}

func (s *fuegoService) createUser(c fuego.ContextWithBody[newUser]) (*work.User, error) {
	in, err := c.Body()
	if err != nil {
		return nil, err
	}
	return s.store.Create(in.Name, in.Email, in.Age), nil
}

func (s *fuegoService) createOrder(c fuego.ContextWithBody[newOrder]) (*orderView, error) {
	in, err := c.Body()
	if err != nil {
		return nil, err
	}
	return in.view(), nil
}

func fuegoProblem(err error) error {
	if own, ok := errors.AsType[fuegoError](err); ok {
		return own
	}
	if faults, ok := faultsOf(err, "body"); ok {
		return fuegoError{invalid(faults)}
	}
	return fuegoError{unreadable(err)}
}

func fuegoFail(w http.ResponseWriter, _ *http.Request, err error) {
	p := badRequest()
	if own, ok := errors.AsType[fuegoError](err); ok {
		p = own.details
	}
	fail(w, p)
}
