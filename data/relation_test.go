package data_test

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

type (
	person struct {
		ID       int64
		Name     string
		BossID   *int64
		MentorID sql.Null[int64]
	}
	profile struct {
		ID       int64
		PersonID int64
		Bio      string
		Stars    int64
	}
	note struct {
		ID       int64
		PersonID int64
		Title    string
	}
	label struct {
		ID   int64
		Name string
	}
)

var (
	people   = data.NewTable[person]("people", "id")
	profiles = data.NewTable[profile]("profiles", "id")
	notes    = data.NewTable[note]("notes", "id")
	labels   = data.NewTable[label]("labels", "id")

	personBoss    = data.NewColumn[int64]("boss_id")
	personMentor  = data.NewColumn[int64]("mentor_id")
	profilePerson = data.NewColumn[int64]("person_id")
	notePerson    = data.NewColumn[int64]("person_id")
	noteTitle     = data.NewColumn[string]("title")
	labelName     = data.NewColumn[string]("name")
	pairNote      = data.NewColumn[int64]("note_id")
	pairLabel     = data.NewColumn[int64]("label_id")

	personNotes   = data.NewMany(people, notes, notePerson)
	personProfile = data.NewOne(people, profiles, profilePerson)
	noteAuthor    = data.NewRef(notes, notePerson, people)
	noteLabels    = data.NewThrough(notes, labels, "note_labels", pairNote, pairLabel)
	personTeam    = data.NewMany(people, people, personBoss)
	personsBoss   = data.NewRef(people, personBoss, people)
	personsMentor = data.NewRef(people, personMentor, people)
)

//go:embed testdata/relations
var relations embed.FS

func eachRelated(t *testing.T, test func(t *testing.T, db *data.DB)) {
	t.Helper()
	files, err := fs.Sub(relations, "testdata/relations")
	if err != nil {
		t.Fatal(err)
	}
	datatest.Each(t, files, test)
}

// staff makes a boss with n people below, who have 0, 1, 2, 3, 0 … notes; even notes have the labels b and a, the first ones twice.
func staff(t *testing.T, db *data.DB, n int) []person {
	t.Helper()
	var all []person
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		f := filler{ctx: ctx, tx: tx}
		boss := add(&f, people, person{Name: "boss"})
		b, a := add(&f, labels, label{Name: "b"}), add(&f, labels, label{Name: "a"})
		for i := range n {
			id := add(&f, people, person{Name: fmt.Sprint("p", i), BossID: &boss, MentorID: sql.Null[int64]{V: boss, Valid: i%2 == 0}})
			if i%2 == 0 {
				add(&f, profiles, profile{PersonID: id, Bio: fmt.Sprint("bio", i)})
			}
			for j := range i % 4 {
				at := add(&f, notes, note{PersonID: id, Title: fmt.Sprint("n", i, ".", 9-j)})
				if j%2 == 0 {
					f.pair(at, b, a, a)
				}
			}
		}
		rows, err := data.All[person](ctx, tx, data.SQL("SELECT id, name, boss_id, mentor_id FROM people ORDER BY id"))
		all = rows
		return errors.Join(f.err, err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

type filler struct {
	ctx context.Context //nolint:containedctx // of one test
	tx  *data.Tx
	err error
}

func add[R any](f *filler, t data.Table[R], row R) int64 {
	id, err := t.Insert(f.ctx, f.tx, row)
	f.err = errors.Join(f.err, err)
	return id
}

func (f *filler) pair(note int64, labels ...int64) {
	for _, l := range labels {
		_, err := f.tx.Exec(f.ctx, data.SQL("INSERT INTO note_labels VALUES (?, ?)", note, l))
		f.err = errors.Join(f.err, err)
	}
}

// TestSD130SQ04StatementsAreOnePerRelation reads people with what belongs to them: the number of statements does not depend on how many there are.
func TestSD130SQ04StatementsAreOnePerRelation(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 10, 100} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			eachRelated(t, func(t *testing.T, db *data.DB) {
				staff(t, db, n)
				ctx, tally := data.NewTally(t.Context())
				steps := func(want int) {
					t.Helper()
					if got := tally.Statements(); got != want {
						t.Errorf("%d statements so far, want %d", got, want)
					}
				}
				err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
					list, err := people.Where(personBoss.IsNotNull()).List(ctx, v, data.Paging{Size: 100, Cursor: tenon.Some("")})
					steps(1)
					written, err2 := personNotes.Load(ctx, v, list.Items)
					steps(2)
					_, err3 := noteLabels.Load(ctx, v, written.All())
					steps(2 + min(n-1, 1)) // the first person has no notes
					bosses, err4 := personsBoss.Load(ctx, v, list.Items)
					if len(list.Items) != n || len(bosses.All()) != 1 {
						t.Errorf("%d people of %d bosses, want %d of 1", len(list.Items), len(bosses.All()), n)
					}
					return errors.Join(err, err2, err3, err4)
				})
				if err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestSQ03RelationsAreLoaded loads each kind of relation for the same people.
func TestSQ03RelationsAreLoaded(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		all := staff(t, db, 8)
		one, two, three, none := all[2], all[3], all[4], all[5]
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			titles := func(r data.ToMany[person, note, int64], p person) string {
				loaded, err := r.Load(ctx, v, all)
				if err != nil {
					t.Error(err)
				}
				return join(loaded.Of(p), func(n note) string { return n.Title })
			}
			written, err := personNotes.Load(ctx, v, all)
			named, err2 := noteLabels.OrderBy(labelName.Asc()).Load(ctx, v, written.All())
			topLabel, err3 := noteLabels.OrderBy(labelName.Desc()).Limit(1).Load(ctx, v, written.All())
			authors, err4 := noteAuthor.Load(ctx, v, written.All())
			team, err5 := personTeam.Limit(2).Load(ctx, v, all)
			bios, err6 := personProfile.Load(ctx, v, all)
			mentors, err7 := personsMentor.Load(ctx, v, all)
			labelled := func(l data.LoadedMany[note, label, int64], n note) string {
				return join(l.Of(n), func(l label) string { return l.Name })
			}
			author, ok := authors.Of(written.Of(two)[1])
			bio, hasBio := bios.Of(two)
			_, oddBio := bios.Of(one)
			mentor, hasMentor := mentors.Of(all[1])
			_, hasNone := mentors.Of(all[0])
			for _, tt := range []struct{ name, got, want string }{
				{"many, by their key", titles(personNotes, three), "n3.9 n3.8 n3.7"},
				{"many, in an order", titles(personNotes.OrderBy(noteTitle.Asc()), three), "n3.7 n3.8 n3.9"},
				{"many, the first ones", titles(personNotes.OrderBy(noteTitle.Asc()).Limit(2), three), "n3.7 n3.8"},
				{"many, with a condition", titles(personNotes.Where(noteTitle.Contains(".9")), three), "n3.9"},
				{"many, with two conditions", titles(personNotes.Where(noteTitle.Contains(".9")).Where(noteTitle.HasPrefix("n2")), three), ""},
				{"many, the first ones that a condition leaves", titles(personNotes.Where(noteTitle.IsNot("n3.9")).Limit(1), three), "n3.8"},
				{"many, where there is none", titles(personNotes, none), ""},
				{"through pairs, each once", labelled(named, written.Of(three)[0]), "a b"},
				{"through pairs, the first ones", labelled(topLabel, written.Of(three)[2]), "b"},
				{"through pairs, where there is none", labelled(named, written.Of(three)[1]), ""},
				{"a reference", fmt.Sprintf("%s %t", author.Name, ok), "p2 true"},
				{"a reference that may be missing", fmt.Sprintf("%s %t %t", mentor.Name, hasMentor, hasNone), "boss true false"},
				{"one to one", fmt.Sprintf("%s %t %t", bio.Bio, hasBio, oddBio), "bio2 true false"},
				{"itself", join(team.Of(all[0]), func(p person) string { return p.Name }), "p0 p1"},
				{"all", join(written.All(), func(n note) string { return n.Title }),
					"n1.9 n2.9 n2.8 n3.9 n3.8 n3.7 n5.9 n6.9 n6.8 n7.9 n7.8 n7.7"},
			} {
				if tt.got != tt.want {
					t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
				}
			}
			return errors.Join(err, err2, err3, err4, err5, err6, err7)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func join[T any](rows []T, text func(T) string) string {
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = text(r)
	}
	return strings.Join(texts, " ")
}

// TestSQ04ManyRowsAreLoadedInBatches loads for more rows than one statement names.
func TestSQ04ManyRowsAreLoadedInBatches(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		staff(t, db, 3)
		ctx, tally := data.NewTally(t.Context())
		err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
			of := make([]person, 5000)
			for i := range of {
				of[i].ID = int64(1 + i%2500)
			}
			loaded, err := personNotes.Load(ctx, v, of)
			if got := join(loaded.All(), func(n note) string { return n.Title }); got != "n1.9 n2.9 n2.8" {
				t.Errorf("loaded %q", got)
			}
			return err
		})
		if err != nil || tally.Statements() != 3 {
			t.Errorf("%d statements for 2500 keys, %v, want 3", tally.Statements(), err)
		}
	})
}

// TestDF01FiltersAcrossRelations finds rows by what belongs to them.
func TestDF01FiltersAcrossRelations(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		staff(t, db, 4)
		personName := data.NewColumn[string]("name")
		for _, tt := range []struct {
			name string
			cond data.Cond
			want string
		}{
			{"many", personNotes.Has(), "p1 p2 p3"},
			{"many, with a condition", personNotes.Has(noteTitle.Contains(".8")), "p2 p3"},
			{"many, with one of the relation", personNotes.Where(noteTitle.HasPrefix("n3")).Has(noteTitle.Contains(".8")), "p3"},
			{"none", data.Not(personNotes.Has()), "boss p0"},
			{"one", personProfile.Has(), "p0 p2"},
			{"a reference to the same table", personsBoss.Has(personName.Is("boss")), "p0 p1 p2 p3"},
			{"many of the same table", personTeam.Has(personName.Is("p3")), "boss"},
			{"through others", personNotes.Has(noteLabels.Has(labelName.Is("a")), noteTitle.Contains(".7")), "p3"},
			{"and back", personNotes.Has(noteAuthor.Has(personName.Is("p1"))), "p1"},
			{"one of two", data.Or(personProfile.Has(), personName.Is("p3")), "p0 p2 p3"},
			{"a wildcard is a character", personNotes.Has(noteTitle.Contains("%")), ""},
		} {
			got := read(t, db, func(ctx context.Context, v *data.View) (string, error) {
				list, err := people.Where(tt.cond).List(ctx, v, data.Paging{Size: 10})
				if err != nil {
					return "", err
				}
				return join(list.Items, func(p person) string { return p.Name }), nil
			})
			if got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

// TestSQ04NothingIsLoadedUnasked asks nothing, and what was not loaded is empty.
func TestSQ04NothingIsLoadedUnasked(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		ctx, tally := data.NewTally(t.Context())
		err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
			loaded, err := personNotes.Load(ctx, v, nil)
			_, err2 := personsBoss.Load(ctx, v, []person{{ID: 1}, {ID: 2}}) // nobody has one
			if rows := loaded.Of(person{ID: 1}); rows == nil || len(rows) != 0 {
				t.Errorf("nothing loaded is %#v, want an empty slice", rows)
			}
			return errors.Join(err, err2)
		})
		if err != nil || tally.Statements() != 0 {
			t.Errorf("%d statements, %v", tally.Statements(), err)
		}
		var many data.LoadedMany[person, note, int64]
		var one data.LoadedOne[person, profile, int64]
		if _, ok := one.Of(person{}); ok || many.Of(person{}) != nil {
			t.Error("what was not loaded has rows")
		}
	})
}

// TestRelationsAreValues changes copies of a relation, which stays as it is.
func TestRelationsAreValues(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		all := staff(t, db, 4)
		base := personNotes.Where(noteTitle.Contains("n"))
		nine, eight := base.Where(noteTitle.Contains(".9")), base.Where(noteTitle.Contains(".8"))
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			a, err := nine.Load(ctx, v, all)
			b, err2 := eight.Load(ctx, v, all)
			c, err3 := base.Load(ctx, v, all)
			if len(a.All()) != 3 || len(b.All()) != 2 || len(c.All()) != 6 {
				t.Errorf("%d, %d and %d rows, want 3, 2 and 6", len(a.All()), len(b.All()), len(c.All()))
			}
			rows := a.Of(all[4])
			_ = append(rows, note{Title: "mine"})
			if i := slices.IndexFunc(a.All(), func(n note) bool { return n.Title == "mine" }); i >= 0 {
				t.Error("what a caller appends changes the rows of others")
			}
			return errors.Join(err, err2, err3)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestRelationsThatDoNotFit panics where they are declared.
func TestRelationsThatDoNotFit(t *testing.T) {
	t.Parallel()
	type bare struct{ Name string }
	for _, tt := range []struct {
		name    string
		declare func()
		want    string
	}{
		{"rows without their key", func() { data.NewMany(data.NewTable[bare]("people", "id"), notes, notePerson) },
			"data: a relation of people is found by its column id, for which data_test.bare has no field"},
		{"a column without a field", func() { data.NewRef(notes, data.NewColumn[int64]("owner"), people) },
			"data: a relation of notes is found by its column owner, for which data_test.note has no field"},
		{"a column of another type", func() { data.NewRef(notes, data.NewColumn[int64]("title"), people) },
			"data: a relation of notes is found by its column title, which is a string in data_test.note, want int64, *int64 or sql.Null[int64]"},
	} {
		err := caught(func() error { tt.declare(); return nil })
		if err == nil || err.Error() != "panic: "+tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
