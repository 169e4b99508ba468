-- +goose Up
-- What lists are filtered and ordered by has an index, with the key behind it as the order of a list has.
CREATE INDEX users_age ON users (age, id);
CREATE INDEX users_created_at ON users (created_at, id);
CREATE INDEX products_name ON products (name, id);
CREATE INDEX products_price ON products (CAST(price AS REAL), id);
CREATE INDEX products_discount ON products (CAST(discount AS REAL), id);
CREATE INDEX products_stock ON products (stock, id);
CREATE INDEX products_created_at ON products (created_at, id);

-- +goose Down
DROP INDEX products_created_at;
DROP INDEX products_stock;
DROP INDEX products_discount;
DROP INDEX products_price;
DROP INDEX products_name;
DROP INDEX users_created_at;
DROP INDEX users_age;
