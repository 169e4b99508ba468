package migrate_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// TestAL02TimesThatSQLWrites lets SQL write the times of rows, as a default and for rows that were there, and walks through these rows by their time: they
// are as those that a program writes.
func TestAL02TimesThatSQLWrites(t *testing.T) {
	t.Parallel()
	type before struct {
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	type after struct {
		ID   int64     `db:"id"`
		Name string    `db:"name"`
		At   time.Time `db:"at" default:"(now())"`
		Seen time.Time `db:"seen" index:""`
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			first, second := []data.Model{data.NewTable[before]("t", "id")}, []data.Model{data.NewTable[after]("t", "id")}
			s.must(first, "new", "first")
			s.must(first, "up")
			must(t, s.db, "INSERT INTO t (name) VALUES ('a'), ('b')")
			s.must(second, "new", "second", "--fill", "t.seen=CURRENT_TIMESTAMP")
			s.must(second, "up")
			s.must(second, "check")
			db, err := data.Open(t.Context(), s.db, data.Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			table := data.NewTable[after]("t", "id")
			var rows []after
			err = db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) (err error) {
				if rows, err = data.All[after](ctx, tx, data.SQL("SELECT id, name, at, seen FROM t ORDER BY id")); err != nil {
					return err
				}
				_, err = table.Insert(ctx, tx, after{Name: "c", At: rows[0].At, Seen: rows[0].Seen})
				return err
			})
			if err != nil || len(rows) != 2 || time.Since(rows[0].At) > time.Hour || time.Since(rows[1].Seen) > time.Hour {
				t.Fatalf("%+v, %v", rows, err)
			}
			for _, column := range []string{"at", "seen"} {
				found(t, s.db, "SELECT CAST(COUNT(DISTINCT "+column+") AS TEXT) FROM t", "1")
			}
		})
	}
}
