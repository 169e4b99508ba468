package migrate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// TestAL07TypesChangeWithRows gives columns with values another type, and takes it back.
func TestAL07TypesChangeWithRows(t *testing.T) {
	t.Parallel()
	type before struct {
		ID    int64   `db:"id"`
		Text  string  `db:"text"`
		Small *int32  `db:"small"`
		Named *string `db:"named"`
		Word  string  `db:"word"`
	}
	type after struct {
		ID    int64  `db:"id"`
		Text  int64  `db:"text"`
		Small int64  `db:"small"`
		Named string `db:"named" maxLength:"9"`
		Word  int64  `db:"word"`
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			first, second := []data.Model{data.NewTable[before]("t", "id")}, []data.Model{data.NewTable[after]("t", "id")}
			s.must(first, "new", "first")
			s.must(first, "up")
			must(t, s.db, "INSERT INTO t (text, small, named, word) VALUES ('1', 2, 'three', 'four'), ('5', NULL, NULL, 'sixes')")
			s.must(second, "new", "second", "--fill", "t.text=CAST(text AS BIGINT)", "--fill", "t.small=7", "--fill", "t.named='none'", "--fill", "t.word=length(word)")
			s.must(second, "up")
			found(t, s.db, "SELECT text || ' ' || small || ' ' || named || ' ' || word FROM t ORDER BY id", "1 2 three 4", "5 7 none 5")
			s.must(second, "down")
			found(t, s.db, "SELECT text || ' ' || small || ' ' || named || ' ' || word FROM t ORDER BY id", "1 2 three 4", "5 7 none 5")
		})
	}
}

// TestAL07TypesThatLoseAreAskedFor changes types that do not take every value, and columns that may be NULL no more.
func TestAL07TypesThatLoseAreAskedFor(t *testing.T) {
	t.Parallel()
	type before struct {
		ID    int64      `db:"id"`
		Price float64    `db:"price"`
		At    *time.Time `db:"at"`
		Code  string     `db:"code" type:"VARCHAR(10)"`
		State *string    `db:"state"`
		Count *int32     `db:"count"`
	}
	type whole struct {
		ID    int64      `db:"id"`
		Price int64      `db:"price"`
		At    *time.Time `db:"at"`
		Code  string     `db:"code" type:"VARCHAR(10)"`
		State *string    `db:"state"`
		Count *int32     `db:"count"`
	}
	type after struct {
		ID    int64      `db:"id"`
		Price float64    `db:"price"`
		At    *time.Time `db:"at"`
		Code  string     `db:"code" type:"VARCHAR(5)"`
		State string     `db:"state" default:"draft"`
		Count int64      `db:"count" default:"3"`
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, engine)
			first := []data.Model{data.NewTable[before]("t", "id")}
			s.must(first, "new", "first")
			s.must(first, "up")
			must(t, s.db, "INSERT INTO t (price, code, state) VALUES (1.5, 'abcde', NULL), (2.5, 'abcde', 'open')")
			got := s.run([]data.Model{data.NewTable[whole]("t", "id")}, "new", "whole")
			if got.code == 0 || !strings.Contains(got.errs, "t.price changes from ") || !strings.Contains(got.errs, "--fill t.price=SQL") {
				t.Errorf("a type that rounds: %+v", got)
			}
			second := []data.Model{data.NewTable[after]("t", "id")}
			s.must(second, "new", "second")
			s.must(second, "up")
			found(t, s.db, "SELECT price || ' ' || code || ' ' || state || ' ' || count FROM t ORDER BY id", "1.5 abcde draft 3", "2.5 abcde open 3")
		})
	}
}
