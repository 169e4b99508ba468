// Command lists is the program of the page "Lists": books that can be filtered, searched, ordered and walked through.
package main

import (
	"context"
	"embed"
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// region: declare

// ListBooks is what a request for books can say.
type ListBooks struct {
	data.Paging
	Order  tenon.Opt[[]data.By[bookKeys]] `query:"order" explode:"false" uniqueItems:"true"`
	Search tenon.Opt[string]              `query:"search" maxLength:"100" doc:"In title and author."`
	Author data.Text                      `query:"author" style:"deepObject"`
	Year   data.Ordered[int]              `query:"year" style:"deepObject"`
}

// bookKeys are what books can be ordered by.
type bookKeys struct{}

// Keys are always the same.
func (bookKeys) Keys() data.Keys { return data.Keys{"title": title, "year": year} }

// which are the books that a request asks for.
func (in *ListBooks) which() data.Selection[Book] {
	return books.Where(in.Author.On(author), in.Year.On(year), data.Search(in.Search, title, author)).
		OrderBy(data.Orders(in.Order.Value)...)
}

// endregion: declare

// region: table

// Book is a row, and what a client sees of it.
type Book struct {
	ID     int64  `json:"id" db:"id"`
	Title  string `json:"title" db:"title"`
	Author string `json:"author" db:"author"`
	Year   int    `json:"year" db:"year"`
}

var (
	books  = data.NewTable[Book]("books", "id")
	title  = data.NewColumn[string]("title")
	author = data.NewColumn[string]("author")
	year   = data.NewColumn[int]("year")
)

// endregion: table

// library has the books.
type library struct{ db *data.DB }

// region: list

func (l library) list(ctx context.Context, in *ListBooks) (out *data.Listed[Book], err error) {
	err = l.db.Read(ctx, func(ctx context.Context, v *data.View) error {
		out, err = in.which().List(ctx, v, in.Paging)
		return err
	})
	return out, err
}

// endregion: list

func newApp(db *data.DB) *tenon.App {
	app := tenon.New(tenon.Config{Title: "Library", Version: "1.0.0"})
	app.Get("/books", library{db}.list, tenon.Fails(data.ErrUnavailable))
	return app
}

//go:embed migrations/*.sql
var migrations embed.FS

func open(ctx context.Context, dir string) (*data.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return data.Open(ctx, "sqlite:"+filepath.Join(dir, "books.db"), data.Config{Migrations: files})
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "books")
	if err != nil {
		return err
	}
	db, err := open(ctx, dir)
	if err != nil {
		return err
	}
	defer db.Close()
	return tenon.Serve(ctx, newApp(db), tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}
