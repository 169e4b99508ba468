-- +goose Up
-- Price and discount are exact, and keep the zeros at the end as they were submitted.
CREATE TABLE products (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name       TEXT        NOT NULL,
	price      NUMERIC     NOT NULL CONSTRAINT products_price_check CHECK (price > 0),
	discount   NUMERIC              CONSTRAINT products_discount_check CHECK (discount BETWEEN 0 AND 1),
	created_at TIMESTAMPTZ NOT NULL
);

-- +goose Down
DROP TABLE products;
