package migration

import (
	"context"
	"errors"

	"github.com/pressly/goose/v3/database"
)

// record is goose's store, which also remembers names and sums. All of it happens in the transaction of the migration.
type record struct {
	database.Store

	engine Engine
	set    *Set
}

// TableExists reports whether goose's table is there.
func (r *record) TableExists(ctx context.Context, db database.DBTxConn) (bool, error) {
	return r.engine.has(ctx, db, VersionTable)
}

// Insert remembers that a migration was applied.
func (r *record) Insert(ctx context.Context, db database.DBTxConn, req database.InsertRequest) error {
	if f := r.set.Find(req.Version); f != nil { // goose's own number 0 is none
		if err := errors.Join(r.engine.sound(ctx, db), r.keep(ctx, db, f)); err != nil {
			return err
		}
	}
	return r.Store.Insert(ctx, db, req)
}

// Delete forgets a migration that was taken back.
func (r *record) Delete(ctx context.Context, db database.DBTxConn, version int64) error {
	if err := r.engine.sound(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `DELETE FROM `+RecordTable+` WHERE version = $1`, version); err != nil {
		return err
	}
	return r.Store.Delete(ctx, db, version)
}

// keep writes the record of a file.
func (r *record) keep(ctx context.Context, db database.DBTxConn, f *File) error {
	_, err := db.ExecContext(ctx, `INSERT INTO `+RecordTable+` (version, name, sum, breaking) VALUES ($1, $2, $3, $4)
		ON CONFLICT (version) DO UPDATE SET name = excluded.name, sum = excluded.sum, breaking = excluded.breaking`,
		f.Number, f.Name, f.Sum, f.Breaking)
	return err
}

// kept is what is remembered of a migration.
type kept struct{ name, sum, breaking string }

// records reads what is remembered.
func (r *record) records(ctx context.Context, db database.DBTxConn) (map[int64]kept, error) {
	all := map[int64]kept{}
	if there, err := r.engine.has(ctx, db, RecordTable); err != nil || !there {
		return all, err
	}
	rows, err := db.QueryContext(ctx, `SELECT version, name, sum, breaking FROM `+RecordTable)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		var k kept
		if err := rows.Scan(&version, &k.name, &k.sum, &k.breaking); err != nil {
			return nil, err
		}
		all[version] = k
	}
	return all, rows.Err()
}

// applied reads which migrations are in the database.
func (r *record) applied(ctx context.Context, db database.DBTxConn) (map[int64]bool, error) {
	applied := map[int64]bool{}
	if there, err := r.TableExists(ctx, db); err != nil || !there {
		return applied, err
	}
	list, err := r.ListMigrations(ctx, db) // the newest row first
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		if _, known := applied[m.Version]; !known && m.Version > 0 {
			applied[m.Version] = m.IsApplied
		}
	}
	return applied, nil
}
