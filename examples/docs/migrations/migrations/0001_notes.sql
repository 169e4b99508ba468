-- +goose Up
CREATE TABLE notes (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	heading    TEXT     NOT NULL CONSTRAINT notes_heading_check CHECK (length(heading) BETWEEN 1 AND 100),
	created_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE notes;
