package contenders

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tenon-go/tenon/bench/work"
)

type (
	humaService struct{ store *work.Store }

	humaUser struct {
		ID int64 `path:"id" minimum:"1"`
	}

	humaPage struct {
		Page int `query:"page" minimum:"1" required:"true"`
		Size int `query:"size" minimum:"1" maximum:"100" required:"true"`
	}
)

// humaBody is the form in which huma sends and receives a body.
type humaBody[T any] struct{ Body T }

// Huma is the service with huma v2 on net/http's ServeMux. The hook that adds a $schema member and a Link header to
// every answer is off, so that the JSON is the same as everywhere.
func Huma() http.Handler {
	s := &humaService{work.NewStore()}
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Users and orders", "1.0.0")
	config.CreateHooks = nil
	api := humago.New(mux, config)
	created := func(o *huma.Operation) { o.DefaultStatus = http.StatusCreated }
	huma.Get(api, "/plaintext", humaPlaintext)
	huma.Get(api, "/users/{id}", s.user)
	huma.Get(api, "/users", s.users)
	huma.Post(api, "/users", s.createUser, created)
	huma.Post(api, "/orders", s.createOrder, created)
	return mux
}

// humaText is how huma sends what is not JSON: bytes, and their type as a header field.
type humaText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func humaPlaintext(context.Context, *struct{}) (*humaText, error) {
	return &humaText{"text/plain; charset=utf-8", []byte(work.Plaintext)}, nil
}

func (s *humaService) user(_ context.Context, in *humaUser) (*humaBody[*work.User], error) {
	user, ok := s.store.User(in.ID)
	if !ok {
		return nil, huma.Error404NotFound("There is no such user.")
	}
	return &humaBody[*work.User]{user}, nil
}

func (s *humaService) users(_ context.Context, in *humaPage) (*humaBody[*work.Page], error) {
	return &humaBody[*work.Page]{pageOf(s.store, in.Page, in.Size)}, nil
}

func (s *humaService) createUser(_ context.Context, in *humaBody[describedUser]) (*humaBody[*work.User], error) {
	return &humaBody[*work.User]{s.store.Create(in.Body.Name, in.Body.Email, in.Body.Age)}, nil
}

func (s *humaService) createOrder(_ context.Context, in *humaBody[describedOrder]) (*humaBody[*describedOrderView], error) {
	return &humaBody[*describedOrderView]{in.Body.view()}, nil
}
