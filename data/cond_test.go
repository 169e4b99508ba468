package data_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/problem"
)

// textMigrations have texts that are found in several ways, with an index of words on each kind of database.
var textMigrations = fstest.MapFS{
	"sqlite/0001_texts.sql": {Data: []byte(`-- +goose Up
CREATE TABLE texts (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (body, content='texts', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
INSERT INTO texts (body) VALUES ('Oak boards'), ('A board of oak?'), ('Crème brûlée'), ('creme'), ('$1 off');
INSERT INTO words (words) VALUES ('rebuild');
`)},
	"postgres/0001_texts.sql": {Data: []byte(`-- +goose Up
CREATE EXTENSION unaccent;
CREATE TABLE texts (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL);
CREATE INDEX texts_words ON texts USING gin (to_tsvector('simple', body));
INSERT INTO texts (body) VALUES ('Oak boards'), ('A board of oak?'), ('Crème brûlée'), ('creme'), ('$1 off');
`)},
}

type textRow struct {
	ID   int64
	Body string
}

var (
	texts    = data.NewTable[textRow]("texts", "id")
	textBody = data.NewColumn[string]("body")
)

// TestDR07SearchesOfEachKind finds rows by a part, a beginning, the whole, a pattern, words, and words without their accents. What has no condition of its own
// is one in SQL, which keeps the list, its total and its cursors.
func TestDR07SearchesOfEachKind(t *testing.T) {
	t.Parallel()
	datatest.Each(t, textMigrations, func(t *testing.T, db *data.DB) {
		postgres := strings.HasSuffix(t.Name(), "postgres")
		words := func(text string) data.Cond {
			if postgres {
				return data.Condition("to_tsvector('simple', unaccent(body)) @@ plainto_tsquery('simple', unaccent(?))", text)
			}
			return data.Condition("id IN (SELECT rowid FROM words WHERE words MATCH ?)", text)
		}
		pattern := func(text string) data.Cond {
			if postgres {
				return data.Condition("body ~ ?", "^"+text)
			}
			return data.Condition("body GLOB ?", text+"*")
		}
		for _, tt := range []struct {
			name string
			cond data.Cond
			want string
		}{
			{"a part", data.Search(tenon.Some("BOARD"), textBody), "Oak boards|A board of oak?"},
			{"a beginning", textBody.HasPrefix("oak"), "Oak boards"},
			{"the whole", textBody.Is("creme"), "creme"},
			{"a pattern", pattern("[AO]"), "Oak boards|A board of oak?"},
			{"words", words("oak board"), "A board of oak?"},
			{"words without their accents", words("creme"), "Crème brûlée|creme"},
			{"signs that mean something in SQL", data.Condition("body LIKE '$1 %' OR body = ? OR body = '?'", "creme"), "creme|$1 off"},
			{"with other conditions", data.And(words("creme"), data.Not(data.Condition("body = ?", "creme"))), "Crème brûlée"},
			{"or others", data.Or(data.Condition("id = ?", 1), data.Condition("id BETWEEN ? AND ?", 4, 5)), "Oak boards|creme|$1 off"},
			{"none", data.Condition("1 = 0"), ""},
		} {
			var walked []string
			cursor := ""
			for {
				l := read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[textRow], error) {
					return texts.Where(tt.cond).List(ctx, v, from(cursor, 1))
				})
				for _, row := range l.Items {
					walked = append(walked, row.Body)
				}
				if cursor = l.Next.Value; cursor == "" {
					break
				}
			}
			n := read(t, db, func(ctx context.Context, v *data.View) (int64, error) { return texts.Where(tt.cond).Count(ctx, v) })
			if got := strings.Join(walked, "|"); got != tt.want || int(n) != len(walked) {
				t.Errorf("%s: %q of %d, want %q", tt.name, got, n, tt.want)
			}
		}
		// A cursor is of the values of its condition.
		next := read(t, db, func(ctx context.Context, v *data.View) (*data.Listed[textRow], error) {
			return texts.Where(data.Condition("id > ?", 1)).List(ctx, v, from("", 1))
		}).Next.Value
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			_, err := texts.Where(data.Condition("id > ?", 2)).List(ctx, v, from(next, 1))
			return err
		})
		if p, ok := errors.AsType[*problem.Error](err); !ok || p.Status() != 422 {
			t.Errorf("the cursor of another value: %v", err)
		}
	})
	err := caught(func() error { data.Condition("id = ? OR body = '?'", 1, 2); return nil })
	if want := `panic: data: the condition "id = ? OR body = '?'" has 1 places for values, and 2 values`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
