// Command resources is the program of the page "Resources": a shelf of notes, where each thing says itself what can be done with it.
package main

import (
	"context"
	"log"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// region: resource

// One is one note.
type One struct{ notes *Notes }

// Methods says what can be done with a note.
func (o One) Methods(m *tenon.Methods) {
	m.Get(o.get)
	m.Put(o.put)
	m.Delete(o.drop, tenon.Summary("Throw a note away"))
}

// All are the notes together.
type All struct{ notes *Notes }

// Methods says what can be done with all of them.
func (a All) Methods(m *tenon.Methods) {
	m.Get(a.list)
}

func newApp() *tenon.App {
	notes := &Notes{texts: map[string]string{"oak": "Buy oak."}}
	app := tenon.New(tenon.Config{Title: "Shelf", Version: "1.0.0"})
	app.Resource("/notes", All{notes}, tenon.Tags("notes"))
	app.Resource("/notes/{name}", One{notes}, tenon.Tags("notes"), tenon.Fails(ErrNoNote))
	app.Resource("/memos/{name}", One{notes}, tenon.Deprecated(), tenon.Fails(ErrNoNote)) // as it was called before
	return app
}

// endregion: resource

// ErrNoNote is answered where no note has the name.
var ErrNoNote = problem.Define(http.StatusNotFound, "note-not-found", "There is no such note.")

// Note is one note.
type Note struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// List is what the list of them answers.
type List struct {
	Names []string `json:"names"`
}

// Notes keeps notes in memory.
type Notes struct {
	mu    sync.Mutex
	texts map[string]string
}

// Named is what a request for one note supplies.
type Named struct {
	Name string `path:"name" maxLength:"40"`
}

// NoteAnswer is a note with the tag of its state.
type NoteAnswer struct {
	Status int        `status:"" enum:"200,201"`
	ETag   tenon.ETag `header:"ETag"`
	Note   Note       `body:""`
}

func (o One) get(_ context.Context, in *Named) (*NoteAnswer, error) {
	o.notes.mu.Lock()
	defer o.notes.mu.Unlock()
	text, ok := o.notes.texts[in.Name]
	if !ok {
		return nil, ErrNoNote
	}
	return &NoteAnswer{http.StatusOK, tenon.NewETag(text), Note{in.Name, text}}, nil
}

// region: put

// PutNote is a note to keep under its name, which is new, or known to the caller as it is.
type PutNote struct {
	Named
	tenon.Precondition

	Body struct {
		Text string `json:"text" maxLength:"200"`
	} `body:""`
}

func (o One) put(_ context.Context, in *PutNote) (*NoteAnswer, error) {
	o.notes.mu.Lock() // where there is a database, this is its transaction
	defer o.notes.mu.Unlock()
	var current tenon.ETag // none: nothing is there
	status := http.StatusCreated
	if text, ok := o.notes.texts[in.Name]; ok {
		current, status = tenon.NewETag(text), http.StatusOK
	}
	if err := in.Check(current); err != nil {
		return nil, err
	}
	o.notes.texts[in.Name] = in.Body.Text
	return &NoteAnswer{status, tenon.NewETag(in.Body.Text), Note{in.Name, in.Body.Text}}, nil
}

// endregion: put

func (o One) drop(_ context.Context, in *Named) (*tenon.NoContent, error) {
	o.notes.mu.Lock()
	defer o.notes.mu.Unlock()
	if _, ok := o.notes.texts[in.Name]; !ok {
		return nil, ErrNoNote
	}
	delete(o.notes.texts, in.Name)
	return &tenon.NoContent{}, nil
}

func (a All) list(context.Context, *struct{}) (*List, error) {
	a.notes.mu.Lock()
	defer a.notes.mu.Unlock()
	return &List{slices.Sorted(maps.Keys(a.notes.texts))}, nil
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
