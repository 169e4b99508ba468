package data_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/problem"
)

var userCreatedAt = data.NewColumn[time.Time]("created_at")

// instant reads a time as a request does: each has a *time.Location of its own where the offset has no place.
func instant(tb testing.TB, text string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

// TestSD044CursorsOfTimesWithAnOffset walks a list that is filtered by times. Each request reads the times anew, and a cursor is bound to the instant, not to
// how it was said or where the process keeps it.
func TestSD044CursorsOfTimesWithAnOffset(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		for _, name := range []string{"a", "b", "c"} {
			insert(t, db, userRow{Name: name, Email: name, Age: 20, CreatedAt: instant(t, "2026-01-02T00:00:00Z")})
		}
		first, second := "2026-01-01T05:30:00+05:30", "2026-01-01T02:00:00+02:00" // the same instant
		for _, tt := range []struct {
			name   string
			filter func(text string) data.Cond
		}{
			{"greater", func(text string) data.Cond {
				return data.Ordered[time.Time]{Gt: tenon.Some(instant(t, text))}.On(userCreatedAt)
			}},
			{"not one of several", func(text string) data.Cond {
				return data.Not(data.Ordered[time.Time]{In: tenon.Some(data.Values[time.Time]{instant(t, text)})}.On(userCreatedAt))
			}},
			{"by a pointer", func(text string) data.Cond {
				at := instant(t, text)
				return data.NewColumn[*time.Time]("created_at").Greater(&at)
			}},
			{"in SQL by hand", func(text string) data.Cond { return data.Condition("created_at > ?", instant(t, text)) }},
		} {
			walk := func(text, cursor string) *data.Listed[userRow] {
				return part(t, db, users.Where(tt.filter(text)), from(cursor, 2))
			}
			next := walk(first, "").Next.Value
			if got := names(walk(first, next)); got != "c" {
				t.Errorf("%s: the second page is %q, want c", tt.name, got)
			}
			if got := names(walk(second, next)); got != "c" {
				t.Errorf("%s: the second page, with another offset, is %q, want c", tt.name, got)
			}
			err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				_, err := users.Where(tt.filter("2026-01-01T00:00:01Z")).List(ctx, v, from(next, 2))
				return err
			})
			if err == nil {
				t.Errorf("%s: the cursor opens for another instant", tt.name)
			}
		}
	})
}

// TestSD044CursorsOfTimesOfReplicas goes on with a cursor that another process made.
func TestSD044CursorsOfTimesOfReplicas(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, migrations(t))
	cfg := data.Config{CursorSecret: []byte(strings.Repeat("0123456789abcdef", 2))}
	one, two := datatest.Open(t, dsn, cfg), datatest.Open(t, dsn, cfg)
	fill(t, one, "abc")
	which := func() data.Selection[userRow] {
		return users.Where(userCreatedAt.Less(instant(t, "2026-01-01T05:30:00+05:30")))
	}
	next := part(t, one, which(), from("", 2)).Next.Value
	if got := names(part(t, two, which(), from(next, 2))); got != "c" {
		t.Errorf("the other replica goes on with %q, want c", got)
	}
}

// TestSD044AnEmptyPartLeadsBack deletes all that came before, or after, a place: the part is empty, and leads to what is still there.
func TestSD044AnEmptyPartLeadsBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdef")
		s := users.Where().OrderBy(userName.Asc())
		second := part(t, db, s, from(part(t, db, s, from("", 2)).Next.Value, 2))
		remove := func(which data.Cond) {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := users.Where(which).Delete(ctx, tx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		remove(userName.AtMost("b"))
		before := part(t, db, s, from(second.Prev.Value, 2))
		if names(before) != "" || before.Prev.Set || before.Next.Value == "" {
			t.Fatalf("the part before is %+v, want nothing and a way on", before)
		}
		on := part(t, db, s, from(before.Next.Value, 2))
		if names(on) != "cd" || !on.Next.Set || on.Prev.Set {
			t.Errorf("after nothing comes %+v, want c and d, the first part", on)
		}
		remove(userName.AtLeast("e"))
		after := part(t, db, s, from(second.Next.Value, 1))
		if names(after) != "" || after.Next.Set || after.Prev.Value == "" {
			t.Fatalf("the part after is %+v, want nothing and a way back", after)
		}
		back := part(t, db, s, from(after.Prev.Value, 1))
		if names(back) != "d" || back.Next.Set || !back.Prev.Set {
			t.Errorf("before nothing comes %+v, want d, the last part", back)
		}
		remove(userName.AtLeast("a"))
		for _, cursor := range []string{"", before.Next.Value, after.Prev.Value} {
			if l := part(t, db, s, from(cursor, 2)); names(l) != "" || l.Next.Set || l.Prev.Set {
				t.Errorf("of an empty list %+v, want no way anywhere", l)
			}
		}
	})
}

// TestSD044AColumnThatMayBeMissingOrdersNoWalk refuses to walk in the order of a column without NOT NULL: rows without a value would be left out.
func TestSD044AColumnThatMayBeMissingOrdersNoWalk(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		list := func(s data.Selection[person], p data.Paging) error {
			return db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				_, err := s.List(ctx, v, p)
				return err
			})
		}
		for _, tt := range []struct {
			name   string
			order  data.Order
			there  data.Cond
			column string
		}{
			{"a pointer", personBoss.Asc(), personBoss.IsNotNull(), "boss_id"},
			{"a sql.Null", personMentor.Desc(), data.And(personMentor.IsNotNull(), personMentor.Greater(0)), "mentor_id"},
		} {
			err := list(people.Where().OrderBy(tt.order), from("", 2))
			if _, fault := errors.AsType[*problem.Error](err); err == nil || fault || !strings.Contains(err.Error(), "the column "+tt.column+" of the order") {
				t.Errorf("%s: %v, want an error that names %s", tt.name, err, tt.column)
			}
			if err := list(people.Where(tt.there).OrderBy(tt.order), from("", 2)); err != nil {
				t.Errorf("%s, where it is there: %v", tt.name, err)
			}
			if err := list(people.Where().OrderBy(tt.order), data.Paging{Size: 2}); err != nil {
				t.Errorf("%s, by pages: %v", tt.name, err)
			}
		}
	})
}
