-- +goose Up
CREATE TABLE users (
	id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- keys are not used again
	name          TEXT        NOT NULL CONSTRAINT users_name_check CHECK (length(name) BETWEEN 1 AND 100),
	email         TEXT        NOT NULL CONSTRAINT users_email_check CHECK (email = lower(email)),
	age           BIGINT      NOT NULL CONSTRAINT users_age_check CHECK (age BETWEEN 1 AND 149),
	password_hash TEXT        NOT NULL,
	created_at    TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_name ON users (name);

-- +goose Down
DROP TABLE users;
