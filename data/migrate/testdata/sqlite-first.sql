-- +goose Up
CREATE TABLE users (
	id    INTEGER PRIMARY KEY AUTOINCREMENT,
	name  TEXT NOT NULL CONSTRAINT users_name_check CHECK (length(name) BETWEEN 1 AND 100),
	email TEXT NOT NULL CONSTRAINT users_email_check CHECK (email = lower(email))
);
CREATE INDEX users_name ON users (name);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE TABLE posts (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id    INTEGER  NOT NULL CONSTRAINT posts_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
	heading    TEXT     NOT NULL,
	state      TEXT     NOT NULL DEFAULT 'draft' CONSTRAINT posts_state_check CHECK (state IN ('draft', 'public')),
	price      TEXT     CONSTRAINT posts_price_check CHECK (CAST(price AS REAL) >= 0),
	created_at DATETIME NOT NULL
);
CREATE INDEX posts_user_id ON posts (user_id);
CREATE INDEX posts_recent ON posts (created_at DESC);
CREATE TABLE tags (
	post_id INTEGER NOT NULL CONSTRAINT tags_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
	name    TEXT    NOT NULL,
	id      INTEGER PRIMARY KEY AUTOINCREMENT
);
CREATE UNIQUE INDEX tags_key ON tags (post_id, name);

-- +goose Down
DROP TABLE tags;
DROP TABLE posts;
DROP TABLE users;
