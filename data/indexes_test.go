package data_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
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

// TestSD132EachUseOfAColumnHasItsIndex offers columns to filter, order and look for text by.
func TestSD132EachUseOfAColumnHasItsIndex(t *testing.T) {
	t.Parallel()
	datatest.Each(t, nil, func(t *testing.T, db *data.DB) {
		statements := []data.Query{
			data.SQL("CREATE TABLE wares (id INTEGER PRIMARY KEY, price TEXT NOT NULL, cost TEXT NOT NULL, name TEXT NOT NULL, note TEXT, weight INTEGER)"),
			data.SQL("CREATE INDEX wares_name ON wares (name, id)"), data.SQL("CREATE INDEX wares_note ON wares (note)"),
			data.SQL("CREATE INDEX wares_weight ON wares (weight)"), data.SQL("CREATE INDEX wares_cost ON wares (cost)"),
		}
		lite := strings.HasSuffix(t.Name(), "sqlite")
		if lite {
			statements = append(statements, data.SQL(`CREATE INDEX "wares_price" ON "wares" (CAST("price" AS REAL) DESC, id)`))
		} else {
			statements = append(statements, data.SQL("CREATE INDEX wares_price ON wares (price)"), data.SQL("CREATE EXTENSION pg_trgm"),
				data.SQL("CREATE INDEX wares_words ON wares USING gin (note gin_trgm_ops, name gin_trgm_ops)"))
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			for _, s := range statements {
				if _, err := tx.Exec(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wares := data.NewTable[struct{ ID int64 }]("wares", "id")
		name, note, weight := data.NewColumn[string]("name"), data.NewColumn[string]("note"), data.NewColumn[int]("weight")
		price, cost := data.NewColumn[number]("price"), data.NewColumn[number]("cost")
		cfg := data.Indexes{Offered: []data.Offer{
			wares.Offers(price, weight, note), wares.OffersOrder(data.Keys{"name": name, "weight": weight, "cost": cost}), wares.OffersText(name, note),
		}, Without: map[string]string{"wares.note": "it is not about text"}}
		want := "wares.weight: clients may order by it, and it may be NULL: a walk by cursor is refused"
		if lite { // which compares decimals by another term than the column, and finds no text by an index
			want = "wares.cost: clients may filter or order by it, and no index begins with it\n" + want +
				"\nwares.name: clients may look for text in it, and every row is read for that\nwares.note: clients may look for text in it, and every row is read for that"
		}
		found := func() string {
			var places []string
			for _, f := range check.Run(&check.Subject{}, []check.Check{data.CheckIndexes(db, cfg)}) {
				places = append(places, f.Where+": "+f.What)
			}
			return strings.Join(places, "\n")
		}
		if got := found(); got != want {
			t.Errorf("found\n%s\nwant\n%s", got, want)
		}
		cfg.Scans = map[string]string{"wares.name": "few", "wares.note": "few"}
		cfg.Without = map[string]string{"wares.cost": "few", "wares.weight": "none lacks it"}
		if got := found(); got != "" {
			t.Errorf("of what is accepted %s", got)
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
