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
	data.Ordering[bookKeys]
	tenon.Fields[BookView]
	tenon.Include[BookView]
	Search tenon.Opt[string] `query:"search" maxLength:"100" doc:"In title and author."`
	Author data.Text         `query:"author" style:"deepObject"`
	Year   data.Ordered[int] `query:"year" style:"deepObject"`
}

// bookKeys are what books can be ordered by.
type bookKeys struct{}

// Keys are always the same.
func (bookKeys) Keys() data.Keys { return data.Keys{"title": title, "year": year} }

// which are the books that a request asks for.
func (in *ListBooks) which() data.Selection[bookRow] {
	return books.Where(in.Author.On(author), in.Year.On(year), data.Search(in.Search, title, author)).OrderBy(in.Terms()...)
}

// endregion: declare

// region: view

// BookView is what a client sees of a book.
type BookView struct {
	ID      int64               `json:"id"`
	Title   string              `json:"title"`
	Author  string              `json:"author"`
	Year    int                 `json:"year"`
	Reviews tenon.Opt[[]string] `json:"reviews" doc:"The latest 3, with include=reviews."`
}

// endregion: view

// region: table

type bookRow struct {
	ID     int64  `db:"id"`
	Title  string `db:"title"`
	Author string `db:"author"`
	Year   int    `db:"year"`
}

type reviewRow struct {
	ID     int64  `db:"id"`
	BookID int64  `db:"book_id"`
	Text   string `db:"text"`
}

var (
	books  = data.NewTable[bookRow]("books", "id")
	title  = data.NewColumn[string]("title")
	author = data.NewColumn[string]("author")
	year   = data.NewColumn[int]("year")

	reviews    = data.NewTable[reviewRow]("reviews", "id")
	reviewID   = data.NewColumn[int64]("id")
	reviewBook = data.NewColumn[int64]("book_id")

	bookReviews = data.NewMany(books, reviews, reviewBook).OrderBy(reviewID.Desc()).Limit(3)
)

// endregion: table

func (r bookRow) view() BookView {
	return BookView{ID: r.ID, Title: r.Title, Author: r.Author, Year: r.Year}
}

// library has the books.
type library struct{ db *data.DB }

// region: list

func (l library) list(ctx context.Context, in *ListBooks) (*data.Listed[tenon.Sparse[BookView]], error) {
	var list *data.Listed[bookRow]
	var loaded data.LoadedMany[bookRow, reviewRow, int64]
	err := l.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		list, err = in.which().List(ctx, v, in.Paging)
		if err == nil && in.Wants("reviews") {
			loaded, err = bookReviews.Load(ctx, v, list.Items)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list.Map(func(row bookRow) tenon.Sparse[BookView] {
		book := row.view()
		if in.Wants("reviews") {
			book.Reviews = tenon.Some(texts(loaded.Of(row)))
		}
		return in.Pick(book)
	}), nil
}

// endregion: list

func texts(rows []reviewRow) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = r.Text
	}
	return list
}

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
