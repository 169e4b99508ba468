package data_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestSD044CursorsWalkInTheOrderOfALocale walks, filters and turns back in the order of a locale, which PostgreSQL has and SQLite has not: there text is ordered by
// its bytes. Where a cursor stands and how rows are ordered is the same either way.
func TestSD044CursorsWalkInTheOrderOfALocale(t *testing.T) {
	t.Parallel()
	type wordRow struct {
		ID   int64
		Text string
	}
	words, text := data.NewTable[wordRow]("words", "id"), data.NewColumn[string]("text")
	const form = "-- +goose Up\nCREATE TABLE words (id %s, text TEXT %s NOT NULL);\nCREATE INDEX words_text ON words (text, id);\n"
	files := fstest.MapFS{
		"sqlite/0001_words.sql":   {Data: fmt.Appendf(nil, form, "INTEGER PRIMARY KEY", "")},
		"postgres/0001_words.sql": {Data: fmt.Appendf(nil, form, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", `COLLATE "de-x-icu"`)},
	}
	datatest.Each(t, files, func(t *testing.T, db *data.DB) {
		for word := range strings.FieldsSeq("Zebra apfel Öl Apfel zebra ol a-b ab Ab apfel") {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := words.Insert(ctx, tx, wordRow{Text: word})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		want := "Ab Apfel Zebra a-b ab apfel apfel ol zebra Öl"
		if strings.HasSuffix(t.Name(), "postgres") {
			want = "a-b ab Ab apfel apfel Apfel ol Öl zebra Zebra"
		}
		for _, size := range []int{1, 3} {
			list := func(cursor string) (*data.Listed[wordRow], string) {
				l := read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[wordRow], error) {
					return words.Where(text.AtLeast("A")).OrderBy(text.Asc()).List(ctx, v, data.Paging{Cursor: tenon.Some(cursor), Size: size})
				})
				var all strings.Builder
				for _, w := range l.Items {
					all.WriteString(" " + w.Text)
				}
				return l, all.String()
			}
			l, last := list("")
			forth := []string{last}
			for l.Next.Set {
				l, last = list(l.Next.Value)
				forth = append(forth, last)
			}
			back := []string{last}
			for l.Prev.Set {
				l, last = list(l.Prev.Value)
				back = append(back, last)
			}
			slices.Reverse(back)
			if strings.Join(forth, "") != " "+want || !slices.Equal(back, forth) {
				t.Errorf("%d at a time: forth%s, back%s, want %s", size, forth, back, want)
			}
		}
	})
}
