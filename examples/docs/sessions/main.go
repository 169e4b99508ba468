// Program sessions is a shop that knows the cart of each browser, and who has signed in.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/session"
)

// region: app

// Visit is what is kept of a browser.
type Visit struct {
	User  string   `json:"user,omitzero"`
	Items []string `json:"items,omitzero"`
}

func newApp(root auth.Root) (*tenon.App, error) {
	sessions, err := session.New[Visit](session.Config{Keys: []session.Root{root}})
	if err != nil {
		return nil, err
	}
	app := tenon.New(tenon.Config{Title: "Shop", Version: "1.0.0"}, sessions.Use(),
		tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{})), tenon.Fails(middleware.ErrCrossOrigin))
	app.Get("/cart", cart)
	app.Post("/cart", add)
	app.Put("/login", login, tenon.Fails(ErrWrongPassword))
	app.Delete("/login", logout)
	app.Get("/me", me, auth.Required(bySession{sessions}))
	return app, app.Compile()
}

// endregion: app

// region: add

// AddToCart is a request to put something into the cart of the browser.
type AddToCart struct {
	Session *session.Of[Visit] `dep:""`
	Item    Item               `body:""`
}

// Item is a thing to buy.
type Item struct {
	Name string `json:"name" minLength:"1" maxLength:"40"`
}

func add(_ context.Context, in *AddToCart) (*Cart, error) {
	err := in.Session.Change(func(v *Visit) { v.Items = append(v.Items, in.Item.Name) })
	return cartOf(in.Session.Value()), err
}

// endregion: add

// Cart is what a browser has chosen.
type Cart struct {
	User  string   `json:"user"`
	Items []string `json:"items"`
}

func cartOf(v Visit) *Cart { return &Cart{v.User, append([]string{}, v.Items...)} }

// WithSession is a request that needs nothing but the session.
type WithSession struct {
	Session *session.Of[Visit] `dep:""`
}

func cart(_ context.Context, in *WithSession) (*Cart, error) { return cartOf(in.Session.Value()), nil }

// region: login

// Login is a request to sign in.
type Login struct {
	Session *session.Of[Visit] `dep:""`
	Who     Credentials        `body:""`
}

// Credentials say who somebody is, and prove it.
type Credentials struct {
	User     string       `json:"user"`
	Password tenon.Secret `json:"password"`
}

// ErrWrongPassword is answered to who cannot sign in.
var ErrWrongPassword = problem.Define(http.StatusUnauthorized, "wrong-password", "The user or the password is wrong.")

func login(_ context.Context, in *Login) (*Cart, error) {
	if in.Who.User != "ada" || !in.Who.Password.Equal(tenon.NewSecret("lovelace")) { // package auth/password is for real ones
		return nil, ErrWrongPassword
	}
	in.Session.Renew() // whoever knows the cookie from before has nothing of this
	err := in.Session.Change(func(v *Visit) { v.User = in.Who.User })
	return cartOf(in.Session.Value()), err
}

func logout(_ context.Context, in *WithSession) (*tenon.NoContent, error) {
	in.Session.Destroy()
	return nil, nil
}

// endregion: login

// region: scheme

// bySession knows callers by the session in which they signed in.
type bySession struct{ sessions *session.Sessions[Visit] }

// Authenticate says who has signed in.
func (s bySession) Authenticate(r *http.Request, _ bool) (*auth.Principal, error) {
	v, ok, err := s.sessions.Read(r)
	if err != nil || !ok || v.User == "" {
		return nil, err
	}
	return auth.NewPrincipal(auth.Identity{Subject: v.User})
}

// Security is that of the document.
func (s bySession) Security() tenon.Security { return s.sessions.Security("session") }

// Challenge tells clients what is asked for.
func (bySession) Challenge() string { return `Session realm="shop"` }

// endregion: scheme

// WithCaller is a request that needs nothing but who calls.
type WithCaller struct {
	Caller *auth.Principal `dep:""`
}

// Me is who calls.
type Me struct {
	User string `json:"user"`
}

func me(_ context.Context, in *WithCaller) (*Me, error) { return &Me{in.Caller.Subject()}, nil }

func main() {
	root, err := auth.ParseRoot(auth.GenerateRoot()) // a service is given its key: see the page on who calls
	if err != nil {
		log.Fatal(err)
	}
	app, err := newApp(root)
	if err != nil {
		log.Fatal(err)
	}
	if err := tenon.Serve(context.Background(), app, tenon.ServerConfig{}); err != nil {
		log.Fatal(err)
	}
}
