package contenders

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/bench/work"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

type tenonService struct {
	store    *work.Store
	notFound *problem.Error
}

type getUser struct {
	ID int64 `path:"id" minimum:"1"`
}

// Tenon is the service with Tenon as its manual shows it. It panics when the app does not compile.
func Tenon() http.Handler {
	s := &tenonService{work.NewStore(), problem.Define(http.StatusNotFound, "user-not-found", "There is no such user.")}
	app := tenon.New(tenon.Config{Title: "Users and orders", Version: "1.0.0"})
	app.Get("/plaintext", tenonPlaintext)
	app.Get("/users/{id}", s.user, tenon.Fails(s.notFound))
	app.Get("/users", s.users)
	app.Post("/users", s.createUser)
	app.Post("/orders", s.createOrder)
	if err := app.Compile(); err != nil {
		panic(err)
	}
	return app
}

type tenonText struct {
	Text string `body:"text/plain; charset=utf-8"`
}

func tenonPlaintext(context.Context, *struct{}) (*tenonText, error) {
	return &tenonText{work.Plaintext}, nil
}

func (s *tenonService) user(_ context.Context, in *getUser) (*work.User, error) {
	user, ok := s.store.User(in.ID)
	if !ok {
		return nil, s.notFound
	}
	return user, nil
}

func (s *tenonService) users(_ context.Context, in *page.Query) (*page.Of[work.User], error) {
	return page.New(*in, s.store.Users(in.Page, in.Size), work.Total), nil
}

func (s *tenonService) createUser(_ context.Context, in *describedUser) (*work.User, error) {
	return s.store.Create(in.Name, in.Email, in.Age), nil
}

func (s *tenonService) createOrder(_ context.Context, in *describedOrder) (*describedOrderView, error) {
	return in.view(), nil
}
