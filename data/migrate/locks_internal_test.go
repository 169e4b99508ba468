package migrate

import (
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// TestN14LocksOfStatements shows what statements do to tables that are there, on a server. The statements are those that the documentation of PostgreSQL
// says to lock a table while it is read or written (ALTER TABLE, CREATE INDEX, Explicit Locking), and that strong_migrations and Squawk warn of; and
// those that these name as the way around.
func TestN14LocksOfStatements(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"0001_tables.sql": {Data: []byte(`-- +goose Up
CREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT, name VARCHAR(50) NOT NULL DEFAULT '', age INTEGER CONSTRAINT aged CHECK (age IS NOT NULL),
	city TEXT, born TIMESTAMP, price NUMERIC(10,2), small SMALLINT, data JSON, kind VARCHAR(20));
CREATE TABLE posts (id BIGINT PRIMARY KEY, user_id BIGINT, title TEXT, slug TEXT, votes INTEGER DEFAULT 0);
CREATE UNIQUE INDEX posts_slug ON posts (slug);
ALTER TABLE posts ADD CONSTRAINT posts_votes_check CHECK (votes >= 0) NOT VALID;
ALTER TABLE posts ADD CONSTRAINT posts_user_fkey FOREIGN KEY (user_id) REFERENCES users NOT VALID;
CREATE TABLE logs (id BIGINT PRIMARY KEY, line TEXT);
CREATE MATERIALIZED VIEW lines AS SELECT line FROM logs;
`)}}
	b, err := open(postgresEngine, datatest.PostgresURL(t, files), data.Config{Migrations: files})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.close() }()
	for _, tt := range []struct{ sql, table, want string }{
		{"CREATE INDEX posts_title ON posts (title)", "posts", indexes},
		{"CREATE UNIQUE INDEX users_email ON users (email)", "users", indexes},
		{"CREATE INDEX users_lower ON users (lower(email))", "users", indexes},
		{"CREATE INDEX posts_new ON posts (id) WHERE votes > 10", "posts", indexes},
		{"CREATE INDEX users_data ON users USING gin ((data::jsonb))", "users", indexes},
		{"ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)", "users", indexes},
		{"ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD PRIMARY KEY (id, user_id)", "posts", reads},
		{"ALTER TABLE users ADD COLUMN code TEXT UNIQUE", "users", indexes},
		{"ALTER TABLE users ADD EXCLUDE USING btree (email WITH =)", "users", indexes},
		{"REINDEX TABLE posts", "posts", compares},
		{"ALTER TABLE users ALTER COLUMN small TYPE BIGINT", "users", rewrites},
		{"ALTER TABLE users ALTER COLUMN age TYPE TEXT", "users", rewrites},
		{"ALTER TABLE users ALTER COLUMN price TYPE NUMERIC(10,4)", "users", rewrites},
		{"ALTER TABLE users ALTER COLUMN data TYPE JSONB", "users", rewrites},
		{"ALTER TABLE users ALTER COLUMN born TYPE TIMESTAMPTZ USING born AT TIME ZONE 'Asia/Kolkata'", "users", rewrites},
		{"ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(10)", "users", rewrites},
		{"ALTER TABLE users ADD COLUMN token UUID DEFAULT gen_random_uuid()", "users", rewrites},
		{"ALTER TABLE users ADD COLUMN at TIMESTAMPTZ DEFAULT clock_timestamp()", "users", rewrites},
		{"ALTER TABLE users ADD COLUMN number BIGSERIAL", "users", rewrites},
		{"ALTER TABLE users ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY", "users", rewrites},
		{"ALTER TABLE users ADD COLUMN twice INTEGER GENERATED ALWAYS AS (age * 2) STORED", "users", rewrites},
		{"ALTER TABLE logs SET UNLOGGED", "logs", rewrites},
		{"CLUSTER posts USING posts_slug", "posts", rewrites},
		{"TRUNCATE posts", "posts", rewrites},
		{"REFRESH MATERIALIZED VIEW lines", "lines", rewrites},
		{"ALTER TABLE users ALTER COLUMN email SET NOT NULL", "users", reads},
		{"ALTER TABLE users ADD CONSTRAINT users_small_check CHECK (small > 0)", "users", reads},
		{"ALTER TABLE users ADD COLUMN rank INTEGER CHECK (rank > 0)", "users", reads},
		{"ALTER TABLE posts ADD CONSTRAINT posts_owner_fkey FOREIGN KEY (user_id) REFERENCES users", "posts", compares},
		{"LOCK TABLE posts; SELECT count(*) FROM posts", "posts", reads},
		{"LOCK TABLE posts IN SHARE MODE; SELECT count(*) FROM posts", "posts", compares},
		{"ALTER TABLE posts ADD COLUMN shown BOOLEAN; UPDATE posts SET shown = TRUE", "posts", reads},
		{"UPDATE posts SET votes = 0 WHERE votes IS NULL", "posts", changes},
		{"DELETE FROM posts WHERE title = ''", "posts", changes},

		{"CREATE TABLE tags (id BIGINT PRIMARY KEY, name TEXT UNIQUE); CREATE INDEX tags_name ON tags (lower(name))", "", ""},
		{"CREATE TABLE likes (post_id BIGINT REFERENCES posts, user_id BIGINT REFERENCES users)", "", ""},
		{"ALTER TABLE users ADD COLUMN note TEXT", "", ""},
		{"ALTER TABLE users ADD COLUMN flags INTEGER NOT NULL DEFAULT 0", "", ""},
		{"ALTER TABLE users ADD COLUMN since TIMESTAMPTZ NOT NULL DEFAULT now()", "", ""},
		{"ALTER TABLE users ALTER COLUMN city SET DEFAULT 'Ghent'", "", ""},
		{"ALTER TABLE users ALTER COLUMN name DROP NOT NULL", "", ""},
		{"ALTER TABLE users ALTER COLUMN age SET NOT NULL", "", ""}, // the check that was validated says it
		{"ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(100)", "", ""},
		{"ALTER TABLE users ALTER COLUMN kind TYPE TEXT", "", ""},
		{"ALTER TABLE users ALTER COLUMN price TYPE NUMERIC(12,2)", "", ""},
		{"ALTER TABLE users ADD CONSTRAINT users_small_check CHECK (small > 0) NOT VALID", "", ""},
		{"ALTER TABLE posts VALIDATE CONSTRAINT posts_votes_check", "", ""},
		{"ALTER TABLE posts ADD CONSTRAINT posts_owner_fkey FOREIGN KEY (user_id) REFERENCES users NOT VALID", "", ""},
		{"ALTER TABLE posts ADD CONSTRAINT posts_slug_key UNIQUE USING INDEX posts_slug", "", ""},
		{"ALTER TABLE posts RENAME COLUMN title TO heading", "", ""},
		{"ALTER TABLE posts RENAME TO articles", "", ""},
		{"ALTER TABLE posts DROP COLUMN title", "", ""},
		{"ALTER TABLE posts DROP CONSTRAINT posts_votes_check", "", ""},
		{"DROP INDEX posts_slug", "", ""},
		{"DROP TABLE posts", "", ""},
		{"UPDATE posts SET votes = 0 WHERE id = 1", "", ""},
		{"INSERT INTO posts (id) VALUES (1)", "", ""},
		{"CREATE VIEW titles AS SELECT title FROM posts", "", ""},
	} {
		found, err := b.held(t.Context(), migration.File{Up: tt.sql})
		if err != nil {
			t.Errorf("%s: %v", tt.sql, err)
			continue
		}
		got := hold{}
		for _, h := range found {
			if h.table == tt.table || tt.table == "" {
				got = h
			}
		}
		if got.does != tt.want || got.table != tt.table {
			t.Errorf("%s:\n  %+v\n  want %s %s", tt.sql, found, tt.table, tt.want)
		}
	}
}
