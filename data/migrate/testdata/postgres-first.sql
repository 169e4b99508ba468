-- +goose Up
CREATE TABLE users (
	id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name  TEXT NOT NULL CONSTRAINT users_name_check CHECK (length(name) BETWEEN 1 AND 100),
	email TEXT NOT NULL CONSTRAINT users_email_check CHECK (email = lower(email))
);
CREATE INDEX users_name ON users (name);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE TABLE posts (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_id    BIGINT        NOT NULL CONSTRAINT posts_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
	heading    TEXT          NOT NULL,
	state      TEXT          NOT NULL DEFAULT 'draft' CONSTRAINT posts_state_check CHECK (state IN ('draft', 'public')),
	price      NUMERIC(12,2) CONSTRAINT posts_price_check CHECK (price >= 0),
	created_at TIMESTAMPTZ   NOT NULL
);
CREATE INDEX posts_user_id ON posts (user_id);
CREATE INDEX posts_recent ON posts (created_at DESC);
CREATE TABLE tags (
	post_id BIGINT NOT NULL CONSTRAINT tags_post_id_fkey REFERENCES posts (id) ON DELETE CASCADE,
	name    TEXT   NOT NULL,
	id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
CREATE UNIQUE INDEX tags_key ON tags (post_id, name);

-- +goose Down
DROP TABLE tags;
DROP TABLE posts;
DROP TABLE users;
