// Program document says in its document what no type says.
package main

import (
	"context"
	"log"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// Note is a text that somebody keeps.
type Note struct {
	ID   int    `json:"id"   readOnly:"true"`
	Text string `json:"text" minLength:"1" maxLength:"280"`
}

func addNote(_ context.Context, in *Note) (*Note, error) {
	return &Note{ID: 7, Text: in.Text}, nil
}

// region: extras

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{
		Title: "Notes", Version: "1.0.0",
		Contact: &openapi.Contact{Email: "help@notes.example"},
		License: &openapi.License{Name: "MIT", Identifier: "MIT"},
		TagInfo: []openapi.Tag{{Name: "notes", Description: "What people keep."}},
	})
	app.Post("/notes", addNote, tenon.Tags("notes"),
		tenon.RequestExample("short", `{"text":"Buy milk."}`),
		tenon.ResponseExample(201, "short", `{"id":7,"text":"Buy milk."}`),
		tenon.ResponseDescription(201, "The note is kept."),
		tenon.Extension("x-quota", "1000 a day"))
	outgoing(app)
	return app
}

// endregion: extras

// region: outgoing

// Export asks for all notes, which are told of when they are ready.
type Export struct {
	Callback string `json:"callback" format:"uri"`
}

// Ready is what is sent then.
type Ready struct {
	Signature string `header:"Webhook-Signature"`
	Body      Export `body:""`
}

func outgoing(app *tenon.App) {
	app.Post("/exports", startExport, tenon.Status(202),
		tenon.Callback[Ready]("ready", "{$request.body#/callback}", "POST", tenon.Summary("The notes are ready.")))
	app.Webhook[Note]("note-added", "POST", tenon.Summary("Somebody added a note."))
}

// endregion: outgoing

func startExport(_ context.Context, in *Export) (*Export, error) { return in, nil }

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
