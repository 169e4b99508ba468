// Package migrate is the command with which a service brings the tables of its database up to date, and writes the migrations that its
// models ask for:
//
//	cli.Service[Settings]{
//		…
//		Commands: []cli.Command[Settings]{migrate.Command(func(s *Settings) migrate.Config {
//			return migrate.Config{Source: s.Database, Data: data.Config{Migrations: files}}
//		})},
//	}
//
// A service that opens its database with data.Open applies its migrations at the start; it needs this package for everything else: to see
// how the database stands, to take migrations back, to print the SQL for somebody who runs it by hand.
package migrate

import (
	"context"
	"io"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
)

// Config says what is migrated.
type Config struct {
	// Source is the data source name of the database, as data.Open takes it. Required.
	Source string
	// Data are the settings with which the service opens it; Data.Migrations are the files. Required.
	Data data.Config
	// Models are the tables of the program, which new and check compare with the migrations. Default none.
	Models []data.Model
	// Dir is the folder of the files in the source, to which new adds one. Default "migrations".
	Dir string
	// Dev is the URL of a PostgreSQL server on which new and check may make databases, and drop them again. The flag --dev wins. Default none.
	Dev string
}

// Command makes the command migrate of a service. from says what is migrated by the settings, once they are read.
func Command[C any](from func(*C) Config) cli.Command[C] {
	return cli.Command[C]{
		Name: "migrate", Help: "Bring the tables of the database up to date, or back.",
		Commands: []cli.Command[C]{
			command[C, create]("new", "Write the migration that the models ask for.", from),
			command[C, status]("status", "Show which migrations are in the database.", from),
			command[C, up]("up", "Apply the migrations that the database lacks.", from),
			command[C, down]("down", "Take the newest migration back, or all that are newer than --to.", from),
			command[C, check]("check", "Fail where the models, the migrations and the database differ.", from),
			command[C, locks]("locks", "Fail where migrations make others wait for as long as a table is large.", from),
			command[C, script]("sql", "Print the SQL of the migrations that the database lacks.", from),
		},
	}
}

// work is what a command does.
type work interface {
	run(ctx context.Context, p *place) error
}

// place is where a command works.
type place struct {
	Config

	in  io.Reader
	out io.Writer
}

// step is a command of a service; W is its flags and its work.
type step[C, W any] struct {
	Work W `embed:""`

	from func(*C) Config
}

func command[C, W any](name, help string, from func(*C) Config) cli.Command[C] {
	return cli.Command[C]{Name: name, Help: help, New: func() cli.Runner[C] { return &step[C, W]{from: from} }}
}

// Run does the work.
func (s *step[C, W]) Run(ctx context.Context, session *cli.Session[C]) error {
	return any(&s.Work).(work).run(ctx, &place{s.from(session.Config), session.Stdin, session.Stdout})
}
