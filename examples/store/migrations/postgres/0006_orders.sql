-- +goose Up
CREATE TABLE orders (
	id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_id     BIGINT NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users (id) ON DELETE RESTRICT,
	status      TEXT NOT NULL CONSTRAINT orders_status_check CHECK (status IN ('open', 'cancelled')),
	total       NUMERIC NOT NULL CONSTRAINT orders_total_check CHECK (total > 0),
	request_key TEXT,
	created_at  TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX orders_request_key_key ON orders (request_key);
CREATE INDEX orders_user_id ON orders (user_id, id);
CREATE INDEX orders_status ON orders (status, id);
CREATE INDEX orders_total ON orders (total, id);
CREATE INDEX orders_created_at ON orders (created_at, id);

CREATE TABLE order_lines (
	id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	order_id   BIGINT NOT NULL CONSTRAINT order_lines_order_id_fkey REFERENCES orders (id) ON DELETE CASCADE,
	product_id BIGINT NOT NULL CONSTRAINT order_lines_product_id_fkey REFERENCES products (id) ON DELETE RESTRICT,
	quantity   BIGINT NOT NULL CONSTRAINT order_lines_quantity_check CHECK (quantity > 0),
	unit_price NUMERIC NOT NULL CONSTRAINT order_lines_unit_price_check CHECK (unit_price > 0)
);
CREATE UNIQUE INDEX order_lines_order_id_product_id_key ON order_lines (order_id, product_id);
CREATE INDEX order_lines_product_id ON order_lines (product_id);

-- +goose Down
DROP TABLE order_lines;
DROP TABLE orders;
