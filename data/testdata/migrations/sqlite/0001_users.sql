-- +goose Up
CREATE TABLE users (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	name       TEXT NOT NULL,
	email      TEXT NOT NULL,
	age        INTEGER NOT NULL CONSTRAINT users_age_check CHECK (age > 0),
	created_at DATETIME NOT NULL
);
CREATE UNIQUE INDEX users_email_key ON users (email);

-- +goose Down
DROP TABLE users;
