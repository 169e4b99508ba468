// Command bodies is the program of the page "Bodies": bodies as they were sent, other media types, forms and files.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"uuid"

	"github.com/tenon-go/tenon"
)

// region: raw

// Backup is a body of any length, which is read as it arrives.
type Backup struct {
	Name string    `path:"name"`
	Body io.Reader `body:"application/octet-stream"`
}

// Stored tells a client what was received.
type Stored struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256,omitzero"`
}

func putBackup(_ context.Context, in *Backup) (*Stored, error) {
	hash := sha256.New()
	n, err := io.Copy(hash, in.Body)
	if err != nil {
		return nil, err // 413 for a body that is too large, 408 for one that does not come
	}
	return &Stored{Bytes: n, SHA256: hex.EncodeToString(hash.Sum(nil)[:4])}, nil
}

// Note is text, with the rules of text.
type Note struct {
	Text string `body:"text/plain,text/markdown" minLength:"1" maxLength:"1000"`
}

func addNote(_ context.Context, in *Note) (*Stored, error) {
	return &Stored{Bytes: int64(len(in.Text))}, nil
}

// endregion: raw

// region: form

// SignUp is what the form of a page sends.
type SignUp struct {
	Name   string           `form:"name"   minLength:"2"`
	Age    tenon.Opt[uint8] `form:"age"    minimum:"13"`
	Topics []string         `form:"topic"  default:"" enum:"go,rest,sql" uniqueItems:"true"`
	Terms  bool             `form:"terms"  default:"false"`
}

// Welcome greets.
type Welcome struct {
	Text string `json:"text"`
}

func signUp(_ context.Context, in *SignUp) (*Welcome, error) {
	return &Welcome{Text: fmt.Sprintf("%s likes %v", in.Name, in.Topics)}, nil
}

// endregion: form

// Greeted is who is welcome.
type Greeted struct {
	Name string `path:"name"`
}

// region: part

// AddTrip takes a picture of a trip with what is to be said of it.
type AddTrip struct {
	About struct {
		Place string   `json:"place" minLength:"1"`
		With  []string `json:"with"  maxItems:"9"`
	} `form:"about"`
	Photo tenon.Upload `form:"photo" accept:"image/png"`
}

func addTrip(_ context.Context, in *AddTrip) (*Welcome, error) {
	return &Welcome{Text: fmt.Sprintf("%s with %v, %d bytes", in.About.Place, in.About.With, in.Photo.Size)}, nil
}

// endregion: part

// region: upload

// SetAvatar takes a picture and perhaps a caption.
type SetAvatar struct {
	ID      int64             `path:"id"`
	Picture tenon.Upload      `form:"picture" accept:"image/png,image/jpeg" maxBytes:"1MiB"`
	Caption tenon.Opt[string] `form:"caption" maxLength:"100"`
}

// Avatar says how the picture was understood.
type Avatar struct {
	Name  string `json:"name"  doc:"What the client called it."`
	Type  string `json:"type"`
	Bytes int64  `json:"bytes"`
}

// Avatars keeps pictures in one folder, under names of its own.
type Avatars struct {
	folder *os.Root
}

func (a *Avatars) set(_ context.Context, in *SetAvatar) (*Avatar, error) {
	file, err := a.folder.Create(uuid.NewV4().String())
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(file, in.Picture.Open())
	if closed := file.Close(); err == nil {
		err = closed
	}
	return &Avatar{Name: in.Picture.Name, Type: in.Picture.Sniffed, Bytes: in.Picture.Size}, err
}

// endregion: upload

func newApp(folder *os.Root) *tenon.App {
	app := tenon.New(tenon.Config{Title: "Bodies", Version: "1.0.0"})
	app.Put("/backups/{name}", putBackup, tenon.BodyLimit(1<<30), tenon.Decompress("gzip"))
	app.Post("/notes", addNote)
	app.Post("/sign-ups", signUp)
	app.Put("/users/{id}/avatar", (&Avatars{folder}).set)

	// region: codec
	app.Post("/welcomes", func(_ context.Context, in *Welcome) (*Welcome, error) { return in, nil })
	same := func(text []byte) ([]byte, error) { return text, nil }
	app.Codec("application/vnd.example+json", tenon.Codec{ToJSON: same, FromJSON: same, Name: "vnd"})
	// endregion: codec

	// region: format
	app.Get("/welcomes/{name}", func(_ context.Context, in *Greeted) (*Welcome, error) {
		return &Welcome{Text: "Hello, " + in.Name}, nil
	},
		tenon.FormatParameter("format"), tenon.FormatSuffix())
	// endregion: format
	app.Post("/trips", addTrip)
	return app
}

func main() {
	path := filepath.Join(os.TempDir(), "avatars")
	if err := os.MkdirAll(path, 0o700); err != nil {
		log.Fatal(err)
	}
	folder, err := os.OpenRoot(path)
	if err != nil {
		log.Fatal(err)
	}
	if err := tenon.Serve(context.Background(), newApp(folder), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
