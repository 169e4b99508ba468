-- +goose Up
CREATE TABLE posts (
	id      INTEGER PRIMARY KEY,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
	slug    TEXT NOT NULL,
	locale  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX posts_slug_fold ON posts (lower(slug), locale);
CREATE TABLE tags (name TEXT NOT NULL, locale TEXT NOT NULL, UNIQUE (name, locale)) STRICT;
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counters VALUES ('writes', 0);

-- +goose Down
DROP TABLE counters;
DROP TABLE tags;
DROP TABLE posts;
