// Command mistake shows what happens when a program is wrong: it does not start, and says why.
package main

import (
	"context"
	"os"

	"github.com/tenon-go/tenon"
)

type getNote struct {
	ID     int    `path:"identifier"`
	Format string `query:"format" enum:"text,html" default:"pdf"`
	Since  string `query:"since" minLenght:"10"`
}

func get(context.Context, *getNote) (*[]string, error) { return nil, nil }

func main() {
	app := tenon.New(tenon.Config{})
	app.Get("/notes/{id}", get)
	if err := app.Compile(); err != nil {
		_, _ = os.Stdout.WriteString(err.Error() + "\n")
	}
}
