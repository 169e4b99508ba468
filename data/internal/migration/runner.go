package migration

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Runner applies the migrations of a set to a database, and takes them back. The caller sees to it that one does so at a time.
type Runner struct {
	db     *sql.DB
	set    *Set
	record *record
}

// NewRunner makes a runner. db need not hold anything yet.
func NewRunner(db *sql.DB, e Engine, set *Set) (*Runner, error) {
	store, err := database.NewStore(e.dialect(), VersionTable)
	if err != nil {
		return nil, err
	}
	return &Runner{db, set, &record{store, e, set}}, nil
}

// Status tells of every migration that the files or the database know. It changes nothing.
func (r *Runner) Status(ctx context.Context) (Status, error) {
	applied, err := r.record.applied(ctx, r.db)
	if err != nil {
		return nil, err
	}
	records, err := r.record.records(ctx, r.db)
	if err != nil {
		return nil, err
	}
	return status(r.set, applied, records), nil
}

// Up applies what the database lacks, up to a number.
func (r *Runner) Up(ctx context.Context, to int64) (done []Migration, err error) {
	now, err := r.Status(ctx)
	if err == nil {
		err = now.Refusal()
	}
	if err != nil {
		return nil, err
	}
	if err := r.adopt(ctx, now); err != nil {
		return nil, err
	}
	pending := now.In(Pending)
	pending = slices.DeleteFunc(pending, func(m Migration) bool { return m.Number > to })
	if len(pending) == 0 {
		return nil, nil
	}
	return r.run(func(p *goose.Provider) ([]*goose.MigrationResult, error) {
		return p.UpTo(ctx, min(to, math.MaxInt64-1))
	})
}

// Down takes back what is newer than a number, the newest first.
func (r *Runner) Down(ctx context.Context, to int64) (done []Migration, err error) {
	now, err := r.Status(ctx)
	if err != nil {
		return nil, err
	}
	faults := []error{now.Refusal()}
	for _, m := range now.In(Applied) {
		if f := r.set.Find(m.Number); m.Number > to && f.Down == "" {
			faults = append(faults, noDown(f))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if err := r.adopt(ctx, now); err != nil {
		return nil, err
	}
	return r.run(func(p *goose.Provider) ([]*goose.MigrationResult, error) { return p.DownTo(ctx, to) })
}

// Stamp remembers what the database lacks, up to a number, as applied, and runs nothing of it.
func (r *Runner) Stamp(ctx context.Context, to int64) (done []Migration, err error) {
	now, err := r.Status(ctx)
	if err == nil {
		err = errors.Join(now.Refusal(), r.adopt(ctx, now))
	}
	if err != nil {
		return nil, err
	}
	there, err := r.record.TableExists(ctx, r.db)
	if err != nil {
		return nil, err
	}
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if !there {
		err = errors.Join(r.record.CreateVersionTable(ctx, tx), r.record.Store.Insert(ctx, tx, database.InsertRequest{}))
	}
	for _, m := range now.In(Pending) {
		if m.Number <= to && err == nil {
			done = append(done, m)
			err = r.record.Insert(ctx, tx, database.InsertRequest{Version: m.Number})
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return nil, err
	}
	return done, nil
}

// Accept remembers the file of an applied migration as it is now.
func (r *Runner) Accept(ctx context.Context, number int64) error {
	f := r.set.Find(number)
	applied, err := r.record.applied(ctx, r.db)
	switch {
	case err != nil:
		return err
	case f == nil:
		return fmt.Errorf("there is no file with the number %d", number)
	case !applied[number]:
		return fmt.Errorf("%s is not applied", f.Name)
	}
	return errors.Join(r.create(ctx), r.record.keep(ctx, r.db, f))
}

// adopt remembers the files of migrations that were applied before anybody kept sums, as they are now.
func (r *Runner) adopt(ctx context.Context, now Status) error {
	if err := r.create(ctx); err != nil {
		return err
	}
	for _, m := range now {
		if m.State == Applied && !m.Recorded {
			if err := r.record.keep(ctx, r.db, r.set.Find(m.Number)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Runner) create(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, createRecords)
	return err
}

// run lets goose work, and tells what it did.
func (r *Runner) run(work func(p *goose.Provider) ([]*goose.MigrationResult, error)) (done []Migration, err error) {
	p, err := goose.NewProvider(goose.DialectCustom, r.db, r.set.FS, goose.WithStore(r.record),
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, err
	}
	results, err := work(p)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		results = partial.Applied
		err = fmt.Errorf("%s: %w", r.set.Find(partial.Failed.Source.Version).Name, partial.Err)
	}
	for _, result := range results {
		f := r.set.Find(result.Source.Version)
		m := Migration{Number: f.Number, Name: f.Name, State: Applied, Breaking: f.Breaking}
		if result.Direction == "down" {
			m.State = Pending
		}
		done = append(done, m)
	}
	return done, err
}
