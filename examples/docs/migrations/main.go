// Command notes is the program of the page on migrations: its row has changed since the last one was written.
package main

import (
	"context"
	"os"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/migrate"
)

// region: rows

// NoteRow is a row of the table notes.
type NoteRow struct {
	ID        int64     `db:"id"`
	Title     string    `db:"title" minLength:"1" maxLength:"200" unique:""`
	State     string    `db:"state" enum:"draft,public" default:"draft"`
	Stars     *int      `db:"stars" minimum:"1" maximum:"5"`
	CreatedAt time.Time `db:"created_at" index:"notes_recent desc"`
}

// CommentRow is a row of the table comments.
type CommentRow struct {
	ID     int64  `db:"id"`
	NoteID int64  `db:"note_id" references:"notes" onDelete:"cascade" index:"+id"`
	Text   string `db:"text" maxLength:"1000"`
}

var (
	notes    = data.NewTable[NoteRow]("notes", "id")
	comments = data.NewTable[CommentRow]("comments", "id")
)

// endregion: rows
// region: service

// Settings are what an operator can say.
type Settings struct {
	cli.Server

	DB string `default:"sqlite:notes.db" doc:"The database: sqlite:FILE or postgres://…"`
}

func service() cli.Service[Settings] {
	files := os.DirFS("migrations") // a service that is shipped embeds them
	return cli.Service[Settings]{
		Name: "notes",
		Build: func(_ context.Context, s *Settings) (*tenon.App, error) {
			app := tenon.New(tenon.Config{Title: "Notes", Version: "1.0.0", Logger: s.Logger})
			app.Singleton(func(ctx context.Context, _ *struct{}) (*data.DB, error) {
				return data.Open(ctx, s.DB, data.Config{Migrations: files}) // when it starts; applies what the database lacks
			})
			app.Provide(transaction, tenon.Fails(data.ErrUnavailable, data.ErrUnknown))
			return app, nil
		},
		Commands: []cli.Command[Settings]{migrate.Command(func(s *Settings) migrate.Config {
			return migrate.Config{Source: s.DB, Data: data.Config{Migrations: files}, Models: []data.Model{notes, comments}}
		})},
	}
}

// transaction is that of a request.
func transaction(ctx context.Context, in *struct {
	DB *data.DB `dep:""`
},
) (*data.Tx, error) {
	return in.DB.Tx(ctx, &struct{}{})
}

func main() { cli.Main(service()) }

// endregion: service
