-- +goose Up
CREATE TABLE store_values (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	key        BYTEA  NOT NULL,
	value      BYTEA  NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX store_values_key_key ON store_values (key);
CREATE INDEX store_values_expires_at ON store_values (expires_at);

-- +goose Down
DROP TABLE store_values;
