package store

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon/data"
)

// cancelOrder is a request to cancel one order, in the transaction of the request.
type cancelOrder struct {
	orderPath
	Tx *data.Tx `dep:""`
}

// cancel asks for the state that it changes in the statement that changes it, so that of two cancellations one gives back.
func (s *orders) cancel(ctx context.Context, in *cancelOrder) (*OrderView, error) {
	_, err := data.One[int64](ctx, in.Tx, data.SQL(`UPDATE orders SET status = 'cancelled' WHERE id = ? AND status = 'open' RETURNING id`, in.ID))
	if err != nil && !errors.Is(err, data.ErrNoRows) {
		return nil, err
	}
	cancelled := err == nil
	view, err := whole(ctx, in.Tx, orderTable.Where(orderID.Is(in.ID)))
	if err != nil {
		return nil, err
	}
	if !cancelled {
		return nil, ErrOrderCancelled
	}
	given, err := data.All[productRow](ctx, in.Tx, data.SQL(`UPDATE products SET version = version + 1,
			stock = stock + (SELECT l.quantity FROM order_lines l WHERE l.order_id = ? AND l.product_id = products.id)
		WHERE id IN (SELECT product_id FROM order_lines WHERE order_id = ?)
		RETURNING id, name, price, discount, stock, version, created_at`, in.ID, in.ID))
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
