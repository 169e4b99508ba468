// Command strict is the program of the page "How strict is it?": a small service with what the sixteen probes need, and no
// setting that makes it stricter than the default.
package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
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

// File is what a client sees of a file, and a row.
type File struct {
	ID   int64  `json:"-"    db:"id"`
	Name string `json:"name" db:"name"`
}

var files = data.NewTable[File]("files", "id")

// region: app

func newApp(db *data.DB) *tenon.App {
	app := tenon.New(tenon.Config{Title: "Payments", Version: "1.0.0"})
	app.Codec("application/vnd.payments+json", tenon.Codec{FromJSON: func(text []byte) ([]byte, error) { return text, nil }})
	app.Get("/files/{name}", func(_ context.Context, in *GetFile) (*File, error) { return &File{Name: in.Name}, nil })
	app.Get("/files", func(ctx context.Context, in *data.Paging) (page *data.Listed[File], err error) {
		err = db.Read(ctx, func(ctx context.Context, v *data.View) error {
			page, err = files.Where().List(ctx, v, *in)
			return err
		})
		return page, err
	}, tenon.Fails(data.ErrUnavailable))
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

//go:embed migrations/*.sql
var migrations embed.FS

func open(ctx context.Context, dir string) (*data.DB, error) {
	sql, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return data.Open(ctx, "sqlite:"+filepath.Join(dir, "files.db"), data.Config{Migrations: sql})
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "files")
	if err != nil {
		return err
	}
	db, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	return tenon.Serve(ctx, newApp(db), tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}
