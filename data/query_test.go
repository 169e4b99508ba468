package data_test

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// TestSD091RunTimeTextDoesNotCompile proves by the compiler that SQL text and names cannot come from run time.
func TestSD091RunTimeTextDoesNotCompile(t *testing.T) {
	t.Parallel()
	if out, err := compile(t, "./testdata/constant"); err != nil {
		t.Fatalf("the program with constants does not compile: %s", out)
	}
	out, err := compile(t, "./testdata/runtime")
	if err == nil {
		t.Fatal("the program with run-time strings compiles")
	}
	for line := 12; line <= 17; line++ {
		if !strings.Contains(out, fmt.Sprintf("main.go:%d:", line)) {
			t.Errorf("line %d compiles:\n%s", line, out)
		}
	}
}

func compile(t *testing.T, dir string) (out string, err error) {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), "go", "build", "-o", t.TempDir(), dir).CombinedOutput()
	return string(text), err
}

func TestTable(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.FixedZone("", 5*3600+1800))
		for i, name := range []string{"Ada", "Bob", "Cid", "Bob", "100%", "100 percent", `a_b\c`} {
			insert(t, db, userRow{ID: 99, Name: name, Email: strconv.Itoa(i), Age: 30 - i%2, CreatedAt: at})
		}
		ids := func(s data.Selection[userRow], limit, offset int) (ids []int64) {
			rows := read(t, db, func(ctx context.Context, v *data.View) ([]userRow, error) {
				rows, _, err := s.Page(ctx, v, limit, offset)
				return rows, err
			})
			for _, row := range rows {
				ids = append(ids, row.ID)
			}
			return ids
		}
		for _, tt := range []struct {
			name string
			got  []int64
			want []int64
		}{
			{"keys are made by the database, and rows come in their order", ids(users.Where(), 10, 0), []int64{1, 2, 3, 4, 5, 6, 7}},
			{"a page holds no more than its limit", ids(users.Where(), 2, 3), []int64{4, 5}},
			{"a page past the end is empty", ids(users.Where(), 2, 7), nil},
			{"a value that is equal", ids(users.Where(userName.Is("Bob")), 10, 0), []int64{2, 4}},
			{"all conditions hold", ids(users.Where(userName.Is("Bob"), userID.Is(4), data.Cond{}), 10, 0), []int64{4}},
			{"one of several values", ids(users.Where(userID.In(3, 1, 99)), 10, 0), []int64{1, 3}},
			{"one of no values", ids(users.Where(userID.In()), 10, 0), nil},
			{"the key ends the order", ids(users.Where(userID.In(1, 2, 3, 4)).OrderBy(userAge.Asc()), 10, 0), []int64{2, 4, 1, 3}},
			{"a descending order", ids(users.Where(userID.In(1, 2, 3, 4)).OrderBy(userID.Desc()), 10, 0), []int64{4, 3, 2, 1}},
			{"a percent sign is no wildcard", ids(users.Where(userName.Contains("0%")), 10, 0), []int64{5}},
			{"an underscore and a backslash are no wildcards", ids(users.Where(userName.HasPrefix(`a_b\`)), 10, 0), []int64{7}},
			{"a prefix is at the front", ids(users.Where(userName.HasPrefix("da")), 10, 0), nil},
			{"SQL in a value is a value", ids(users.Where(userName.Is("' OR '1'='1")), 10, 0), nil},
		} {
			if !reflect.DeepEqual(tt.got, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
			}
		}

		row := read(t, db, func(ctx context.Context, v *data.View) (userRow, error) {
			return users.Where(userEmail.Is("0")).One(ctx, v)
		})
		if !row.CreatedAt.Equal(at) || row.CreatedAt.Location() != time.UTC {
			t.Errorf("time %v comes back as %v, want the same instant in UTC", at, row.CreatedAt)
		}
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			_, err := users.Where(userEmail.Is("nobody")).One(ctx, v)
			return err
		})
		if !errors.Is(err, data.ErrNoRows) {
			t.Errorf("no row: %v, want ErrNoRows", err)
		}
	})
}

func TestPageCountsAndRefusesNonsense(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1}, userRow{Name: "b", Email: "b", Age: 2})
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			rows, total, err := users.Where(userAge.Is(2)).Page(ctx, v, 10, 0)
			if err != nil || total != 1 || len(rows) != 1 {
				t.Errorf("page: %d rows of %d, %v", len(rows), total, err)
			}
			rows, total, err = users.Where(userAge.Is(3)).Page(ctx, v, 10, 0)
			if err != nil || total != 0 || rows == nil || len(rows) != 0 {
				t.Errorf("empty page: %v of %d, %v, want a slice that is not nil", rows, total, err)
			}
			for _, bad := range [][2]int{{0, 0}, {-1, 0}, {1, -1}} {
				if _, _, err := users.Where().Page(ctx, v, bad[0], bad[1]); err == nil {
					t.Errorf("limit %d, offset %d: no error", bad[0], bad[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		id := insert(t, db, userRow{Name: "a", Email: "a", Age: 1}, userRow{Name: "b", Email: "b", Age: 2})
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			for _, want := range []int64{1, 0} {
				if n, err := users.Where(userID.Is(id)).Delete(ctx, tx); err != nil || n != want {
					t.Errorf("deleted %d, %v, want %d", n, err, want)
				}
			}
			if _, err := users.Where().Delete(ctx, tx); err == nil {
				t.Error("a delete without conditions: no error")
			}
			return nil
		})
		if err != nil || count(t, db) != 1 {
			t.Errorf("%d rows are left, %v, want 1", count(t, db), err)
		}
	})
}

func TestRowsAndColumnsMustFit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1})
		err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			type short struct{ ID int64 }
			if _, err := data.All[short](ctx, v, data.SQL("SELECT id, name FROM users")); err == nil {
				t.Error("a column without a field: no error")
			}
			row, err := data.One[short](ctx, v, data.SQL("SELECT id FROM users"))
			if err != nil || row.ID != 1 {
				t.Errorf("row %+v, %v", row, err)
			}
			at, err := data.One[time.Time](ctx, v, data.SQL("SELECT created_at FROM users"))
			if err != nil || !at.IsZero() {
				t.Errorf("time %v, %v", at, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestStatementsReturnRows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		at := time.Date(2026, 3, 1, 0, 0, 0, 1000, time.UTC)
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			row, err := data.One[userRow](ctx, tx,
				data.SQL("INSERT INTO users (name, email, age, created_at) VALUES (?, ?, ?, ?) RETURNING *", "a", "b", 3, at))
			if want := (userRow{ID: 1, Name: "a", Email: "b", Age: 3, CreatedAt: at}); row != want {
				t.Errorf("row %+v, want %+v", row, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAndLeavesTheQueryAsItIs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1}, userRow{Name: "b", Email: "b", Age: 2})
		base := data.SQL("SELECT COUNT(*) FROM users WHERE age > ?", 0)
		narrow, wide := base.And("AND name = ?", "a"), base.And("AND name <> ?", "c")
		for _, tt := range []struct {
			query data.Query
			want  int
		}{{base, 2}, {narrow, 1}, {wide, 2}} {
			got := read(t, db, func(ctx context.Context, v *data.View) (int, error) { return data.One[int](ctx, v, tt.query) })
			if got != tt.want {
				t.Errorf("%v: %d, want %d", tt.query, got, tt.want)
			}
		}
	})
}

func FuzzEscapeLike(f *testing.F) {
	for _, s := range []string{"", "%", "_", `\`, `\%`, "a%b_c", "é", "' OR 1=1 --", "\x00"} {
		f.Add(s)
	}
	db := open(f)
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) {
			return // it is not stored
		}
		// Text matches itself, and a wildcard in it matches no other character.
		query := data.SQL(`SELECT (?1 LIKE ?2 ESCAPE '\') + 2 * (?3 LIKE ?2 ESCAPE '\')`, s, data.EscapeLike(s), strings.Map(widen, s))
		got := read(t, db, func(ctx context.Context, v *data.View) (int, error) { return data.One[int](ctx, v, query) })
		want := 1
		if strings.Map(widen, s) == s {
			want = 3
		}
		if !strings.Contains(s, "%") && !strings.Contains(s, "_") {
			return
		}
		if got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	})
}

func widen(r rune) rune {
	if r == '%' || r == '_' {
		return 'x'
	}
	return r
}
