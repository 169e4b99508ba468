// Command input is the program of the page "Input": each source of a value, and what absent, null and empty mean.
package main

import (
	"context"
	"log"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
)

// region: sources

// ListBooks takes values from everywhere but a body.
type ListBooks struct {
	Shelf   string                `path:"shelf"`
	Words   []string              `query:"word" default:"" maxItems:"3"`
	Since   tenon.Opt[tenon.Date] `query:"since"`
	Limit   int8                  `query:"limit" default:"20" minimum:"1"`
	Lang    string                `header:"Accept-Language" default:"en" pattern:"^[a-z]{2}$"`
	Session tenon.Opt[uuid.UUID]  `cookie:"session"`
}

// endregion: sources

// Seen tells a client what was understood.
type Seen struct {
	Shelf   string   `json:"shelf"`
	Words   []string `json:"words"`
	Since   string   `json:"since"`
	Limit   int8     `json:"limit"`
	Lang    string   `json:"lang"`
	Session bool     `json:"session"`
}

func listBooks(_ context.Context, in *ListBooks) (*Seen, error) {
	seen := &Seen{Shelf: in.Shelf, Words: in.Words, Since: "any day", Limit: in.Limit, Lang: in.Lang, Session: in.Session.Set}
	if in.Since.Set {
		seen.Since = in.Since.Value.String()
	}
	return seen, nil
}

// region: styles

// FindBooks takes a list with commas, and what to look for in brackets.
type FindBooks struct {
	IDs    []int64  `query:"id" default:"" explode:"false" maxItems:"100"`
	Filter BookLike `query:"filter" style:"deepObject"`
}

// BookLike is a flat object.
type BookLike struct {
	Author tenon.Opt[string] `json:"author" minLength:"2"`
	Before tenon.Opt[int16]  `json:"before"`
}

// endregion: styles

// Found says what was looked for.
type Found struct {
	IDs    []int64 `json:"ids"`
	Author string  `json:"author"`
	Before int16   `json:"before"`
}

func findBooks(_ context.Context, in *FindBooks) (*Found, error) {
	return &Found{IDs: in.IDs, Author: in.Filter.Author.Value, Before: in.Filter.Before.Value}, nil
}

// region: patch

// PatchBook has an id in the path and the changes in the body.
type PatchBook struct {
	ID     int64      `path:"id"`
	Change BookChange `body:""`
}

// BookChange holds what may change; what is absent stays as it is.
type BookChange struct {
	Title tenon.Opt[string]             `json:"title" minLength:"1"`
	Note  tenon.Opt[tenon.Null[string]] `json:"note"`
	Read  tenon.Opt[time.Time]          `json:"read"`
}

// Changed lists what a change did.
type Changed struct {
	Changes []string `json:"changes"`
}

func patchBook(_ context.Context, in *PatchBook) (*Changed, error) {
	var did Changed
	if title := in.Change.Title; title.Set {
		did.Changes = append(did.Changes, "the title is "+title.Value)
	}
	if note := in.Change.Note; note.Set && note.Value.Valid {
		did.Changes = append(did.Changes, "the note is "+note.Value.Value)
	} else if note.Set {
		did.Changes = append(did.Changes, "the note is gone")
	}
	if read := in.Change.Read; read.Set {
		did.Changes = append(did.Changes, "it was read at "+read.Value.UTC().Format(time.RFC3339))
	}
	return &did, nil
}

// endregion: patch

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Books", Version: "1.0.0"})
	app.Get("/shelves/{shelf}/books", listBooks)
	app.Get("/books", findBooks)
	app.Patch("/books/{id}", patchBook)
	return app
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
