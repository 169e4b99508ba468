-- +goose Up
CREATE TABLE posts (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id    INTEGER NOT NULL CONSTRAINT posts_user_id_fkey REFERENCES users (id) ON DELETE RESTRICT,
	title      TEXT NOT NULL CONSTRAINT posts_title_check CHECK (length(title) BETWEEN 1 AND 200),
	body       TEXT NOT NULL,
	created_at DATETIME NOT NULL
);
CREATE INDEX posts_user_id ON posts (user_id, id);
CREATE INDEX posts_title ON posts (title, id);
CREATE INDEX posts_created_at ON posts (created_at, id);

-- +goose Down
DROP TABLE posts;
