// Command first-steps is the program of the page "First steps": one GET and one validated POST.
package main

import (
	"context"
	"log"
	"net/http"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// region: types

// NewNote is the body of a POST.
type NewNote struct {
	Text string   `json:"text" minLength:"1" maxLength:"200" doc:"What to remember."`
	Tags []string `json:"tags" default:"" maxItems:"5" maxLength:"20"`
}

// Note is what a client sees.
type Note struct {
	ID   int      `json:"id"`
	Text string   `json:"text"`
	Tags []string `json:"tags"`
}

// GetNote is what a request for one note supplies.
type GetNote struct {
	ID int `path:"id" minimum:"1"`
}

// ErrNoNote is answered where no note has the id.
var ErrNoNote = problem.Define(http.StatusNotFound, "note-not-found", "There is no such note.")

// endregion: types

// region: handlers

// Notes keeps notes in memory.
type Notes struct {
	mu   sync.Mutex
	list []Note
}

func (n *Notes) create(_ context.Context, in *NewNote) (*Note, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	note := Note{ID: len(n.list) + 1, Text: in.Text, Tags: in.Tags}
	n.list = append(n.list, note)
	return &note, nil
}

func (n *Notes) get(_ context.Context, in *GetNote) (*Note, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if in.ID > len(n.list) {
		return nil, ErrNoNote
	}
	return &n.list[in.ID-1], nil
}

// endregion: handlers

// region: app

func newApp() *tenon.App {
	notes := &Notes{}
	app := tenon.New(tenon.Config{Title: "Notes", Version: "1.0.0"})
	app.Post("/notes", notes.create)
	app.Get("/notes/{id}", notes.get, tenon.Fails(ErrNoNote))
	return app
}

func main() {
	err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"})
	if err != nil {
		log.Fatal(err)
	}
}

// endregion: app
