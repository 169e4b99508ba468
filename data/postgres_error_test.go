package data_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/problem"
)

// TestSQ11RestrictOfPostgreSQL18 raises what newer servers say of ON DELETE RESTRICT: a code of its own, and other words than for NO ACTION.
func TestSQ11RestrictOfPostgreSQL18(t *testing.T) {
	t.Parallel()
	db := datatest.Postgres(t, migrations(t))
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL(`DO $$ BEGIN
			RAISE EXCEPTION 'update or delete on table "users" violates RESTRICT setting of foreign key constraint "posts_user_id_fkey" on table "posts"'
			USING ERRCODE = '23001', CONSTRAINT = 'posts_user_id_fkey', TABLE = 'posts', DETAIL = 'Key (id)=(1) is referenced from table "posts".';
		END $$`))
		return err
	})
	v, ok := errors.AsType[*data.ConstraintError](err)
	if !ok || v.Kind != data.ForeignKey || !v.InUse || v.Name != "posts_user_id_fkey" || v.Table != "posts" || !data.IsForeignKey(err) {
		t.Fatalf("%#v, want a row that is in use", err)
	}
	if p, ok := errors.AsType[*problem.Error](err); !ok || p.Status() != http.StatusConflict {
		t.Errorf("it is the problem %v, want 409", p)
	}
}

// TestSQ11TextTooLongForAnIndex writes text that no index can hold. SQLite has no such limit.
func TestSQ11TextTooLongForAnIndex(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		random := make([]byte, 5_000)
		_, _ = rand.Read(random) // it never fails
		text := hex.EncodeToString(random)
		add := func(name, email string) error {
			return db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := users.Insert(ctx, tx, userRow{Name: name, Email: email, Age: 1})
				return err
			})
		}
		for _, tt := range []struct{ name, user, email, at string }{
			{"of 4 kB, beside another that no index holds", text[:4_000], text[:4_000], "users.email"},
			{"of 10 kB", "a", text, "users.email"},
			{"of 10 kB, one of two", text, text, ""},
		} {
			err := add(tt.user, tt.email)
			if strings.HasSuffix(t.Name(), "sqlite") {
				if (err != nil) != data.IsUnique(err, "users_email_key") {
					t.Error(err)
				}
				continue
			}
			v, ok := errors.AsType[*data.ConstraintError](err)
			if !ok || v.Kind != data.Value || v.Name != tt.at || strings.Contains(err.Error(), text[:20]) {
				t.Errorf("%s: %v, want that the value does not fit %s", tt.name, err, tt.at)
				continue
			}
			if p, ok := errors.AsType[*problem.Error](err); !ok || p.Status() != http.StatusUnprocessableEntity || tt.at != "" && p.Faults()[0].Pointer != "/email" {
				t.Errorf("%s: it is the problem %v, want 422 at /email", tt.name, p)
			}
		}
		if err := add(text, "short"); err != nil {
			t.Errorf("what is in no index: %v", err)
		}
	})
}
