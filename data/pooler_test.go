package data_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestThroughPgBouncer works through a pool in transaction mode, where each transaction may have another session: more clients than sessions write, walk by cursors,
// violate constraints and are told plans.
func TestThroughPgBouncer(t *testing.T) {
	t.Parallel()
	pool := datatest.StartPooler(t, datatest.PostgresURL(t, migrations(t)))
	if _, err := data.Open(t.Context(), pool, data.Config{}); err == nil || !strings.Contains(err.Error(), "unsupported startup parameter") {
		t.Errorf("without Pooler: %v, want that the pool refuses the settings", err)
	}
	pooled := data.PostgresConfig{Pooler: true, Connections: 16, Replicas: 100}
	db := datatest.Open(t, pool, data.Config{Migrations: migrations(t), Postgres: pooled})
	explains(t, db)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			name := fmt.Sprint("n", i)
			for j := range 10 {
				insert(t, db, userRow{Name: name, Email: fmt.Sprint(i, " ", j), Age: 20 + j})
			}
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := users.Insert(ctx, tx, userRow{Name: name, Email: fmt.Sprint(i, " 0"), Age: 1})
				return err
			})
			if !data.IsUnique(err, "users_email_key") {
				t.Errorf("a second row with a key: %v", err)
			}
			s := users.Where(userName.Is(name), userAge.AtLeast(22)).OrderBy(userAge.Desc())
			seen := 0
			for cursor, more := "", true; more; {
				l := part(t, db, s, from(cursor, 3))
				seen += len(l.Items)
				cursor, more = l.Next.Value, l.Next.Set
			}
			if seen != 8 {
				t.Errorf("a walk sees %d rows, want 8", seen)
			}
		})
	}
	group.Wait()

	files := fstest.MapFS{"0003_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id BIGINT PRIMARY KEY);\n")}}
	for _, name := range []string{"0001_users.sql", "0002_posts.sql"} {
		text, err := fs.ReadFile(migrations(t), "postgres/"+name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	if _, err := data.Open(t.Context(), pool, data.Config{Migrations: files, Postgres: pooled}); err == nil || !strings.Contains(err.Error(), "keeps no lock") {
		t.Errorf("with a migration that is pending: %v, want that it is not applied through a pool", err)
	}
}
