// Command notes is the program of the page "The command line": a service with settings and a command of its own.
package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/problem"
)

// region: service

// Settings are what an operator can say.
type Settings struct {
	cli.Server
	cli.CORS

	Greeting string       `default:"Hello" doc:"What each note begins with."`
	Key      tenon.Secret `doc:"Signs the notes."`
}

func service() cli.Service[Settings] {
	return cli.Service[Settings]{
		Name: "notes",
		Build: func(_ context.Context, s *Settings) (*tenon.App, error) {
			app := tenon.New(tenon.Config{Title: "Notes", Version: "1.0.0", Logger: s.Logger, Admission: s.Admission()}, s.CORSOptions()...)
			app.Get("/notes/{id}", s.get, tenon.Summary("Get a note"), tenon.Tags("notes"), tenon.Fails(errNoNote))
			checks, err := health.New(app, health.Config{})
			if err != nil {
				return nil, err
			}
			s.Ops.Readiness = checks.Details() // at --operations
			return app, nil
		},
		Commands: []cli.Command[Settings]{
			{Name: "greet", Help: "Greet somebody.", New: func() cli.Runner[Settings] { return &greet{} }},
		},
	}
}

func main() { cli.Main(service()) }

// endregion: service

var errNoNote = problem.Define(http.StatusNotFound, "no-note", "There is no such note.")

// Note is a note.
type Note struct {
	Text string `json:"text"`
}

// GetNote is what a request for a note supplies.
type GetNote struct {
	ID int `path:"id" minimum:"1"`
}

func (s *Settings) get(_ context.Context, in *GetNote) (*Note, error) {
	if in.ID > 1 {
		return nil, errNoNote
	}
	return &Note{s.Greeting + "."}, nil
}

// region: command
type greet struct {
	Name string `arg:"" help:"Whom to greet."`
}

// Run greets.
func (c *greet) Run(_ context.Context, s *cli.Session[Settings]) error {
	_, err := fmt.Fprintf(s.Stdout, "%s, %s.\n", s.Config.Greeting, c.Name)
	return err
}

// endregion: command
