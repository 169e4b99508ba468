-- +goose Up
-- The version counts the changes of a user; it is what their ETag names.
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CONSTRAINT users_version_check CHECK (version >= 1);

-- +goose Down
ALTER TABLE users DROP COLUMN version;
