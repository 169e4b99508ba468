-- +goose Up
CREATE TABLE account_sessions (
	id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sid          TEXT        NOT NULL CONSTRAINT account_sessions_sid_check CHECK (length(sid) <= 64),
	subject      TEXT        NOT NULL CONSTRAINT account_sessions_subject_check CHECK (length(subject) <= 255),
	family       TEXT        NOT NULL CONSTRAINT account_sessions_family_check CHECK (length(family) <= 64),
	current_hash TEXT        NOT NULL CONSTRAINT account_sessions_current_hash_check CHECK (length(current_hash) <= 64),
	last_hash    TEXT        NOT NULL DEFAULT '' CONSTRAINT account_sessions_last_hash_check CHECK (length(last_hash) <= 64),
	nonce        TEXT        NOT NULL DEFAULT '' CONSTRAINT account_sessions_nonce_check CHECK (length(nonce) <= 64),
	client       TEXT        NOT NULL DEFAULT '' CONSTRAINT account_sessions_client_check CHECK (length(client) <= 200),
	address      TEXT        NOT NULL DEFAULT '' CONSTRAINT account_sessions_address_check CHECK (length(address) <= 64),
	created_at   TIMESTAMPTZ NOT NULL,
	rotated_at   TIMESTAMPTZ NOT NULL,
	expires_at   TIMESTAMPTZ NOT NULL,
	ended_at     TIMESTAMPTZ
);
CREATE UNIQUE INDEX account_sessions_sid_key ON account_sessions (sid);
CREATE INDEX account_sessions_subject ON account_sessions (subject, id);
CREATE UNIQUE INDEX account_sessions_family_key ON account_sessions (family);
CREATE INDEX account_sessions_expires_at ON account_sessions (expires_at);
CREATE TABLE account_attempts (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	bucket     TEXT        NOT NULL CONSTRAINT account_attempts_bucket_check CHECK (length(bucket) <= 64),
	tries      BIGINT      NOT NULL CONSTRAINT account_attempts_tries_check CHECK (tries >= 0),
	last_at    TIMESTAMPTZ NOT NULL,
	day_tries  BIGINT      NOT NULL CONSTRAINT account_attempts_day_tries_check CHECK (day_tries >= 0),
	day_since  TIMESTAMPTZ NOT NULL,
	not_before TIMESTAMPTZ NOT NULL,
	forget_at  TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_attempts_bucket_key ON account_attempts (bucket);
CREATE INDEX account_attempts_forget_at ON account_attempts (forget_at);
CREATE TABLE account_keys (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kid        TEXT        NOT NULL CONSTRAINT account_keys_kid_check CHECK (length(kid) <= 64),
	subject    TEXT        NOT NULL CONSTRAINT account_keys_subject_check CHECK (length(subject) <= 255),
	name       TEXT        NOT NULL CONSTRAINT account_keys_name_check CHECK (length(name) BETWEEN 1 AND 100),
	hash       TEXT        NOT NULL CONSTRAINT account_keys_hash_check CHECK (length(hash) <= 64),
	scopes     TEXT        NOT NULL CONSTRAINT account_keys_scopes_check CHECK (length(scopes) <= 4000),
	created_at TIMESTAMPTZ NOT NULL,
	expires_at TIMESTAMPTZ NOT NULL,
	ended_at   TIMESTAMPTZ
);
CREATE UNIQUE INDEX account_keys_kid_key ON account_keys (kid);
CREATE INDEX account_keys_subject ON account_keys (subject, id);
CREATE UNIQUE INDEX account_keys_hash_key ON account_keys (hash);
CREATE INDEX account_keys_expires_at ON account_keys (expires_at);

-- +goose Down
DROP TABLE account_attempts;
DROP TABLE account_keys;
DROP TABLE account_sessions;
