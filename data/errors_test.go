package data_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
)

func TestConstraintErrors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "taken@example.com", Age: 1})
		post := func(id, user int64, slug string) data.Query {
			return data.SQL("INSERT INTO posts (id, user_id, slug, locale) VALUES (?, ?, ?, 'en')", id, user, slug)
		}
		for _, tt := range []struct {
			name  string
			query data.Query
			is    func(error) bool
			text  string
		}{
			{"a named unique index", data.SQL("INSERT INTO users (name, email, age, created_at) VALUES ('b', 'taken@example.com', 1, '2026-01-01')"),
				func(err error) bool { return data.IsUnique(err, "users_email_key") }, "data: unique constraint users_email_key violated"},
			{"a unique constraint without a name", data.SQL("INSERT INTO tags VALUES ('a', 'en'), ('a', 'en')"),
				func(err error) bool { return data.IsUnique(err, "tags_name_locale_key") }, "data: unique constraint tags_name_locale_key violated"},
			{"a unique index on an expression", post(3, 1, "FIRST"),
				func(err error) bool { return data.IsUnique(err, "posts_slug_fold") }, "data: unique constraint posts_slug_fold violated"},
			{"a primary key of a row number", post(1, 1, "other"),
				func(err error) bool { return data.IsUnique(err, "posts_pkey") }, "data: unique constraint posts_pkey violated"},
			{"a primary key of text", data.SQL("INSERT INTO counters VALUES ('writes', 1)"),
				func(err error) bool { return data.IsUnique(err, "counters_pkey") }, "data: unique constraint counters_pkey violated"},
			{"a check", data.SQL("INSERT INTO users (name, email, age, created_at) VALUES ('b', 'b', 0, '2026-01-01')"),
				func(err error) bool { return data.IsCheck(err, "users_age_check") }, "data: check constraint users_age_check violated"},
			{"a row that is missing", post(4, 404, "x"), data.IsForeignKey, "data: foreign key constraint"},
			{"a row that is referred to", data.SQL("DELETE FROM users"), data.IsForeignKey, "data: foreign key constraint"},
			{"a value that is missing", data.SQL("INSERT INTO users (name, email, age, created_at) VALUES (NULL, 'b', 1, '2026-01-01')"), func(err error) bool {
				v, ok := errors.AsType[*data.ConstraintError](err)
				return ok && v.Kind == data.NotNull && v.Table == "users" && v.Columns[0] == "name"
			}, "data: not null constraint users.name violated"},
		} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				if _, err := tx.Exec(ctx, post(1, 1, "first")); err != nil {
					t.Error(err)
				}
				_, err := tx.Exec(ctx, tt.query)
				return err
			})
			if !tt.is(err) || !strings.HasPrefix(err.Error(), tt.text) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.text)
			}
			if data.IsUnique(err, "other_name") || data.IsCheck(err, "other_name") {
				t.Errorf("%s: %v is taken for another constraint", tt.name, err)
			}
			if strings.Contains(err.Error(), "taken@") {
				t.Errorf("%s: %v shows a value", tt.name, err)
			}
		}
	})
}

func TestInsertReportsConstraints(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		insert(t, db, userRow{Name: "a", Email: "a", Age: 1})
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := users.Insert(ctx, tx, userRow{Name: "b", Email: "a", Age: 1})
			return err
		})
		if !data.IsUnique(err, "users_email_key") {
			t.Errorf("error is %v, want users_email_key", err)
		}
	})
}

func TestOtherErrorsAreNotConstraints(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, data.SQL("INSERT INTO nowhere VALUES (1)"))
			return err
		})
		if err == nil || data.IsForeignKey(err) || data.IsUnique(err, "") {
			t.Errorf("error is %v, want a plain one", err)
		}
	})
}
