-- +goose Up
-- The constraint keeps the stock from falling below zero, however many orders take from it at once. The version counts the changes of a
-- product; it is what its ETag names.
ALTER TABLE products ADD COLUMN stock BIGINT NOT NULL DEFAULT 0 CONSTRAINT products_stock_check CHECK (stock >= 0);
ALTER TABLE products ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CONSTRAINT products_version_check CHECK (version >= 1);

-- +goose Down
ALTER TABLE products DROP COLUMN version;
ALTER TABLE products DROP COLUMN stock;
