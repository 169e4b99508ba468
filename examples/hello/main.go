// Program hello is a whole service: one GET, and one POST whose input is checked and documented.
package main

import (
	"context"
	"log"

	"github.com/tenon-go/tenon"
)

type greeting struct {
	Text string `json:"text" minLength:"1" maxLength:"100" doc:"What to say."`
	Loud bool   `json:"loud" default:"false"`
}

func main() {
	app := tenon.New(tenon.Config{Title: "Hello", Version: "1.0.0"})
	app.Get("/hello", func(context.Context, *struct{}) (*greeting, error) { return &greeting{Text: "Hello, world."}, nil })
	app.Post("/hello", func(_ context.Context, in *greeting) (*greeting, error) { return in, nil })
	if err := tenon.Serve(context.Background(), app, tenon.ServerConfig{}); err != nil {
		log.Fatal(err)
	}
}
