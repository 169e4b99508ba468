// Command errors is the program of the page "Errors": problems that an operation declares, a foreign error that is mapped, and
// what becomes of all others.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// region: define

// The problems of this service. Their codes are promises to clients.
var (
	ErrNameTaken = problem.Define(http.StatusConflict, "name-taken", "The name is already in use.")
	ErrTooMany   = problem.Define(http.StatusTooManyRequests, "too-many-names", "There are enough names for today.")
)

// endregion: define

// NewName is the body of a POST.
type NewName struct {
	Name string `json:"name" minLength:"1" maxLength:"20"`
}

// Name is what a client sees.
type Name struct {
	Name string `json:"name"`
}

// region: return

var errDisk = errors.New("write names.db: no space left on device")

func create(_ context.Context, in *NewName) (*Name, error) {
	switch in.Name {
	case "Ada":
		return nil, ErrNameTaken
	case "Bob":
		return nil, ErrTooMany.With("Try again tomorrow.").WithHeader("Retry-After", "86400")
	case "Cy":
		return nil, problem.Wrap(problem.CodeUnavailable, "The name was not saved.", errDisk)
	case "Dan":
		return nil, fmt.Errorf("save %s: %w", in.Name, errDisk)
	}
	return &Name{in.Name}, nil
}

// endregion: return

// GetFile is what a request for a file supplies.
type GetFile struct {
	File string `path:"file"`
}

func open(_ context.Context, in *GetFile) (*Name, error) {
	return nil, &fs.PathError{Op: "open", Path: in.File, Err: fs.ErrNotExist}
}

// region: app

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Names", Version: "1.0.0"})
	app.MapError(func(e *fs.PathError) *problem.Error {
		if errors.Is(e, fs.ErrNotExist) {
			return problem.NotFound("There is no such file.").Wrap(e)
		}
		return nil
	})
	app.Post("/names", create, tenon.Fails(ErrNameTaken, ErrTooMany, problem.New(problem.CodeUnavailable, "")))
	app.Get("/files/{file}", open, tenon.Fails(problem.NotFound("")))
	addOrders(app)
	return app
}

// endregion: app

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
