package data_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
)

// TestSD132ColumnsWithoutAnIndex finds what clients and foreign keys search by, on both kinds of database.
func TestSD132ColumnsWithoutAnIndex(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL("CREATE INDEX people_name ON people (name) WHERE boss_id IS NULL"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		personID, personName := data.NewColumn[int64]("id"), data.NewColumn[string]("name")
		offered := []data.Offer{people.Offers(personID, personName, personBoss), notes.Offers(noteTitle)}
		for _, tt := range []struct {
			name string
			cfg  data.Indexes
			want string
		}{
			{"foreign keys", data.Indexes{}, `note_labels.label_id: it is a foreign key, and no index begins with it
people.mentor_id: it is a foreign key, and no index begins with it`},
			{"what is accepted", data.Indexes{Without: map[string]string{"people.mentor_id": "few", "note_labels.label_id": "few"}}, ""},
			{"what clients may ask for, where an index of a part does not help", data.Indexes{Offered: offered, Without: map[string]string{"note_labels.label_id": "few"}},
				`people.name: clients may filter or order by it, and no index begins with it
notes.title: clients may filter or order by it, and no index begins with it
people.mentor_id: it is a foreign key, and no index begins with it`},
		} {
			var got []string
			for _, f := range check.Run(&check.Subject{}, []check.Check{data.CheckIndexes(db, tt.cfg)}) {
				if f.Code != "D001" || f.Severity != check.Warning || f.Fix == "" {
					t.Errorf("%s: %+v", tt.name, f)
				}
				got = append(got, f.Where+": "+f.What)
			}
			if strings.Join(got, "\n") != tt.want {
				t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), tt.want)
			}
		}
	})
}

// TestIndexesThatCannotBeRead are a finding, too.
func TestIndexesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	db, err := data.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"), data.Config{Migrations: migrations(t)})
	if err != nil {
		t.Fatal(err)
	}
	found := check.Run(&check.Subject{}, []check.Check{data.CheckIndexes(db, data.Indexes{})})
	if len(found) != 1 || found[0].Where != "posts.user_id" {
		t.Errorf("found %v, want the key of posts", found)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	found = check.Run(&check.Subject{}, []check.Check{data.CheckIndexes(db, data.Indexes{})})
	if len(found) != 1 || found[0].Where != "database" || !strings.HasPrefix(found[0].What, "the indexes cannot be read: ") {
		t.Errorf("found %v, want that the database is closed", found)
	}
}
