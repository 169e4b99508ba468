// Command data is the program of the page "Data": authors, their books and the subjects of these, in a database.
package main

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// region: rows

// AuthorRow is a row of the table authors.
type AuthorRow struct {
	ID   int64
	Name string
}

// BookRow is a row of the table books.
type BookRow struct {
	ID       int64
	AuthorID int64
	Title    string
	Year     int
}

// SubjectRow is a row of the table subjects.
type SubjectRow struct {
	ID   int64
	Name string
}

var (
	authors  = data.NewTable[AuthorRow]("authors", "id")
	books    = data.NewTable[BookRow]("books", "id")
	subjects = data.NewTable[SubjectRow]("subjects", "id")

	authorName  = data.NewColumn[string]("name")
	bookAuthor  = data.NewColumn[int64]("author_id")
	bookYear    = data.NewColumn[int]("year")
	pairBook    = data.NewColumn[int64]("book_id")
	pairSubject = data.NewColumn[int64]("subject_id")
)

// endregion: rows

// region: relations

var (
	authorBooks  = data.NewMany(authors, books, bookAuthor).OrderBy(bookYear.Desc()).Limit(10)
	bookSubjects = data.NewThrough(books, subjects, "book_subjects", pairBook, pairSubject)
)

// endregion: relations

// Author is what a client sees of an author.
type Author struct {
	Name  string            `json:"name"`
	Books tenon.Opt[[]Book] `json:"books" doc:"The newest ten, with include=books."`
}

// Book is what a client sees of a book.
type Book struct {
	Title    string   `json:"title"`
	Subjects []string `json:"subjects"`
}

// library has the books.
type library struct{ db *data.DB }

// region: load

// ListAuthors is what a request for authors can say.
type ListAuthors struct {
	data.Paging
	Include tenon.Opt[string] `query:"include" enum:"books"`
}

func (l library) authors(ctx context.Context, in *ListAuthors) (out *data.Listed[Author], err error) {
	err = l.db.Read(ctx, func(ctx context.Context, v *data.View) error {
		list, err := authors.Where().OrderBy(authorName.Asc()).List(ctx, v, in.Paging)
		if err != nil {
			return err
		}
		if !in.Include.Set {
			out = list.Map(func(a AuthorRow) Author { return Author{Name: a.Name} })
			return nil
		}
		written, err := authorBooks.Load(ctx, v, list.Items)
		if err != nil {
			return err
		}
		about, err := bookSubjects.Load(ctx, v, written.All())
		out = list.Map(func(a AuthorRow) Author {
			return Author{a.Name, tenon.Some(views(written.Of(a), about))}
		})
		return err
	})
	return out, err
}

func views(rows []BookRow, about data.LoadedMany[BookRow, SubjectRow, int64]) []Book {
	views := make([]Book, len(rows))
	for i, b := range rows {
		views[i] = Book{Title: b.Title, Subjects: []string{}}
		for _, s := range about.Of(b) {
			views[i].Subjects = append(views[i].Subjects, s.Name)
		}
	}
	return views
}

// endregion: load

// region: query

// AuthorYears is what a request for the years of an author supplies.
type AuthorYears struct {
	Name string `query:"name"`
}

// Years are those in which books of an author came out.
type Years struct {
	Years []int `json:"years"`
}

func (l library) years(ctx context.Context, in *AuthorYears) (*Years, error) {
	var out Years
	err := l.db.Read(ctx, func(ctx context.Context, v *data.View) error {
		author, err := authors.Where(authorName.Is(in.Name)).One(ctx, v)
		if err != nil {
			return err
		}
		out.Years, err = data.All[int](ctx, v,
			data.SQL("SELECT DISTINCT year FROM books WHERE author_id = ? ORDER BY year LIMIT 100", author.ID))
		return err
	})
	if errors.Is(err, data.ErrNoRows) {
		return nil, errNoAuthor
	}
	return &out, err
}

// endregion: query

var errNoAuthor = problem.Define(http.StatusNotFound, "author-not-found", "There is no such author.")

// region: write

// NewBook is a book of an author who may be new, too.
type NewBook struct {
	Title  string `json:"title" minLength:"1" maxLength:"200"`
	Year   int    `json:"year" minimum:"1450" maximum:"2100"`
	Author string `json:"author" minLength:"1" maxLength:"100"`
}

// CreateBook is what a request for a new book supplies.
type CreateBook struct {
	Tx   *data.Tx `dep:""` // committed when the handler succeeds, else rolled back
	Book NewBook  `body:""`
}

func (l library) create(ctx context.Context, in *CreateBook) (*Book, error) {
	author, err := authors.Where(authorName.Is(in.Book.Author)).One(ctx, in.Tx)
	if errors.Is(err, data.ErrNoRows) {
		author.ID, err = authors.Insert(ctx, in.Tx, AuthorRow{Name: in.Book.Author})
	}
	if err != nil {
		return nil, err
	}
	_, err = books.Insert(ctx, in.Tx, BookRow{AuthorID: author.ID, Title: in.Book.Title, Year: in.Book.Year})
	return &Book{Title: in.Book.Title, Subjects: []string{}}, err
}

// endregion: write

// region: violations

var errBookKnown = problem.Define(http.StatusConflict, "book-known", "The book is in the library.")

var bookViolations = data.Violations{
	"books_title_key": {Problem: errBookKnown, Pointer: "/title", Message: "is a title of this author"},
}

// endregion: violations

// region: app

func newApp(db *data.DB) *tenon.App {
	app := tenon.New(tenon.Config{Title: "Library", Version: "1.0.0"}, tenon.Fails(data.ErrUnavailable, data.ErrUnknown))
	app.Provide(db.Tx)
	l := library{db}
	app.Get("/authors", l.authors, data.Budget(4))
	app.Get("/years", l.years, tenon.Fails(errNoAuthor))
	app.Post("/books", l.create, data.Fails(bookViolations))
	return app
}

// endregion: app

// region: indexes

// indexes is a check of what the library is searched by.
func indexes(db *data.DB) check.Check {
	return data.CheckIndexes(db, data.Indexes{
		Offered: []data.Offer{authors.OffersOrder(data.Keys{"name": authorName}), books.Offers(bookYear)},
		Without: map[string]string{
			"books.year":               "an author has few",
			"book_subjects.subject_id": "nobody asks for the books of a subject",
		},
	})
}

// endregion: indexes

//go:embed migrations/*.sql
var migrations embed.FS

// region: open

func open(ctx context.Context, file string) (*data.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return data.Open(ctx, "sqlite:"+file, data.Config{Migrations: files}) // or "postgres://user:password@host/name?sslmode=verify-full"
}

// endregion: open

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "library")
	if err != nil {
		return err
	}
	db, err := open(ctx, filepath.Join(dir, "library.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	for _, found := range check.Run(&check.Subject{}, []check.Check{indexes(db)}) {
		log.Printf("%s: %s", found.Where, found.What)
	}
	return tenon.Serve(ctx, newApp(db), tenon.ServerConfig{Addr: "127.0.0.1:8080"})
}
