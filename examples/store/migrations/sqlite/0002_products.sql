-- +goose Up
-- Price and discount are decimal text, as exact as they were submitted. Arithmetic on them belongs into the program.
CREATE TABLE products (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	name       TEXT     NOT NULL,
	price      TEXT     NOT NULL CONSTRAINT products_price_check CHECK (CAST(price AS REAL) > 0),
	discount   TEXT              CONSTRAINT products_discount_check CHECK (CAST(discount AS REAL) BETWEEN 0 AND 1),
	created_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE products;
