// Program hello is a whole service: one GET, one POST whose input is checked and documented.
package main

import (
	"context"
	"log"

	"github.com/tenon-go/tenon"
)

type greeting struct {
	Name string `json:"name" minLength:"1" maxLength:"100"`
	Age  int    `json:"age"  minimum:"1"   maximum:"149"`
}

func main() {
	app := tenon.New(tenon.Config{Title: "Hello", Version: "1.0.0"})
	app.Get("/hello/{name}", func(_ context.Context, in *struct {
		Name string `path:"name"`
	}) (*greeting, error) {
		return &greeting{Name: in.Name, Age: 1}, nil
	})
	app.Post("/hello", func(_ context.Context, in *greeting) (*greeting, error) { return in, nil })
	log.Fatal(tenon.Serve(context.Background(), app, tenon.ServerConfig{}))
}
