// Command strict is the program of the page "How strict is it?": a small service with what the sixteen probes need, and no
// setting that makes it stricter than the default.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/tenon-go/tenon"
)

// Payment is the body of a POST.
type Payment struct {
	Amount float64 `json:"amount" minimum:"0"`
	Note   string  `json:"note" maxLength:"20"`
}

// GetFile is what a request for a file supplies.
type GetFile struct {
	Name string `path:"name"`
}

// File is what a client sees of a file.
type File struct {
	Name string `json:"name"`
}

// region: app

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Payments", Version: "1.0.0"})
	app.Codec("application/vnd.payments+json", tenon.Codec{FromJSON: func(text []byte) ([]byte, error) { return text, nil }})
	app.Get("/files/{name}", func(_ context.Context, in *GetFile) (*File, error) { return &File{in.Name}, nil })
	app.Delete("/files/{name}", func(context.Context, *GetFile) (*tenon.NoContent, error) { return nil, errors.New("secret: disk full") })
	app.Post("/payments", func(_ context.Context, in *Payment) (*Payment, error) { return in, nil })
	app.Post("/guarded", func(_ context.Context, in *Payment) (*Payment, error) { return in, nil }, tenon.Auth(signedIn))
	app.Get("/limited", func(context.Context, *struct{}) (*File, error) { return &File{}, nil }, tenon.BeforeAuth(oncePerAddress()))
	return app
}

// endregion: app

// signedIn lets in whoever has credentials; of what kind does not matter here.
func signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// oncePerAddress answers each address once.
func oncePerAddress() tenon.Middleware {
	var seen sync.Map
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			if _, twice := seen.LoadOrStore(host, true); twice {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
