package data_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// TestSQ14StatementsAreLoggedWithoutValues looks at what the log says of statements at the level DEBUG.
func TestSQ14StatementsAreLoggedWithoutValues(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "test.db"), "postgres": datatest.PostgresURL(t, nil)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			level := new(slog.LevelVar)
			logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))
			db := datatest.Open(t, dsn, data.Config{Migrations: migrations(t), Logger: logger})
			insert(t, db, userRow{Name: "a", Email: "hidden", Age: 1})
			if strings.Contains(log.String(), "INSERT") {
				t.Errorf("the log says %s", log.String())
			}
			level.Set(slog.LevelDebug)
			insert(t, db, userRow{Name: "b", Email: "secret", Age: 1})
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := users.Insert(ctx, tx, userRow{Name: "b", Email: "secret", Age: 1})
				return err
			})
			if !data.IsUnique(err, "users_email_key") {
				t.Error(err)
			}
			text := log.String()
			for _, want := range []string{"msg=statement", "INSERT INTO users", "took=", "at=data/data_test.go:", "at=data/ran_test.go:", "failed=false", "failed=true"} {
				if !strings.Contains(text, want) {
					t.Errorf("the log lacks %s: %s", want, text)
				}
			}
			if strings.Contains(text, "secret") {
				t.Errorf("the log tells a value: %s", text)
			}
		})
	}
}
