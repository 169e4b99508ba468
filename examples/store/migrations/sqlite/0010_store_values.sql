-- +goose Up
CREATE TABLE store_values (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	key        BLOB    NOT NULL,
	value      BLOB    NOT NULL,
	expires_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX store_values_key_key ON store_values (key);
CREATE INDEX store_values_expires_at ON store_values (expires_at);

-- +goose Down
DROP TABLE store_values;
