package store

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon/data"
)

// cancelOrder is a request to cancel one order, in the transaction of the request.
type cancelOrder struct {
	ofOrder
	Tx *data.Tx `dep:""`
}

// cancel asks for the state that it changes in the statement that changes it, so that of two cancellations one gives back.
func (s *orders) cancel(ctx context.Context, in *cancelOrder) (*OrderView, error) {
	id := in.Order.Row().ID
	owner, only := ownerOf(in.Order.Whose())
	row, err := data.One[orderRow](ctx, in.Tx, data.SQL(`UPDATE orders SET status = 'cancelled' WHERE id = ? AND status = 'open' AND (user_id = ? OR NOT ?)
		RETURNING id, user_id, status, total, request_key, created_at`, id, owner, only))
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrOrderCancelled // there it is: it was loaded
	}
	if err != nil {
		return nil, err
	}
	view, err := withLines(ctx, in.Tx, row)
	if err != nil {
		return nil, err
	}
	given, err := data.All[productRow](ctx, in.Tx, data.SQL(`UPDATE products SET version = version + 1,
			stock = stock + (SELECT l.quantity FROM order_lines l WHERE l.order_id = ? AND l.product_id = products.id)
		WHERE id IN (SELECT product_id FROM order_lines WHERE order_id = ?)
		RETURNING id, name, price, discount, stock, version, created_at`, id, id))
	if err != nil {
		return nil, err
	}
	in.Tx.AfterCommit(func(context.Context) {
		for _, product := range given {
			s.feed.tell(product.changed(productChanged))
		}
	})
	return view, nil
}
