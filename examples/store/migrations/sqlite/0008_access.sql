-- +goose Up
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'user' CONSTRAINT users_role_check CHECK (role IN ('admin', 'editor', 'user', 'guest'));
ALTER TABLE users ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
DROP INDEX orders_request_key_key;
CREATE UNIQUE INDEX `orders_user_id_request_key_key` ON `orders` (`user_id`, `request_key`);

-- +goose Down
ALTER TABLE users DROP COLUMN role;
ALTER TABLE users DROP COLUMN active;
DROP INDEX orders_user_id_request_key_key;
CREATE UNIQUE INDEX `orders_request_key_key` ON `orders` (`request_key`);
