package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
	"github.com/tenon-go/tenon/problem"
)

// createOrder is a request to order products.
type createOrder struct {
	byUser
	Key   tenon.Opt[string] `header:"Idempotency-Key" minLength:"1" maxLength:"100" doc:"Random, the same whenever this user sends the order." example:"5f1c"`
	Order NewOrder          `body:""`
}

// create takes the stock by one UPDATE for each product, which the constraint guards: two orders of one product wait for each other, and none
// has to run again.
func (s *orders) create(ctx context.Context, in *createOrder) (view *OrderView, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if in.Key.Set {
			if view, err = again(ctx, tx, in); !errors.Is(err, ErrOrderNotFound) {
				return err
			}
		}
		view, err = s.place(ctx, tx, in)
		return err
	}, sql.LevelReadCommitted)
	if data.IsUnique(err, "orders_user_id_request_key_key") { // the same request came twice at once, and the other was first
		err = s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
			view, err = again(ctx, v, in)
			return err
		})
	}
	return view, err
}

// again is the order that the same user made by a request with the same key.
func again(ctx context.Context, q data.Querier, in *createOrder) (*OrderView, error) {
	view, err := whole(ctx, q, orderTable.Where(orderUserID.Is(in.id()), orderRequestKey.Is(in.Key.Value)))
	if err != nil {
		return nil, err
	}
	asked := func(l OrderLineView) NewLine { return NewLine{ProductID: l.ProductID, Quantity: l.Quantity} }
	if !slices.Equal(each(view.Lines.Value, asked), in.Order.Lines) {
		return nil, ErrKeyUsed
	}
	return view, nil
}

func (s *orders) place(ctx context.Context, tx *data.Tx, in *createOrder) (*OrderView, error) {
	ctx = data.AllowRepeats(ctx, "takes the stock of each line by itself, to say which one is too much")
	lines, err := s.take(ctx, tx, in.Order.Lines)
	if err != nil {
		return nil, err
	}
	row := orderRow{UserID: in.id(), Status: orderOpen, RequestKey: orNull(in.Key), CreatedAt: instant(s.now())}
	if row.Total, err = total(lines); err != nil {
		return nil, err
	}
	if row.ID, err = orderTable.Insert(ctx, tx, row); err != nil {
		return nil, callerGone(err)
	}
	for _, line := range lines {
		line.OrderID = row.ID
		if _, err := lineTable.Insert(ctx, tx, line); err != nil {
			return nil, err
		}
	}
	view := row.view()
	view.Lines = tenon.Some(each(lines, lineRow.view))
	return &view, nil
}

// take takes what is ordered out of the stock. It goes by the ids of the products, so that two orders never wait for each other in a circle.
func (s *orders) take(ctx context.Context, tx *data.Tx, ordered []NewLine) ([]lineRow, error) {
	turns := make([]int, len(ordered))
	for i := range turns {
		turns[i] = i
	}
	slices.SortFunc(turns, func(i, j int) int { return cmp.Compare(ordered[i].ProductID, ordered[j].ProductID) })
	lines := make([]lineRow, len(ordered))
	for _, i := range turns {
		line := ordered[i]
		product, err := data.One[productRow](ctx, tx, data.SQL(`UPDATE products SET stock = stock - ?, version = version + 1 WHERE id = ?
			RETURNING id, name, price, discount, stock, version, created_at`, line.Quantity, line.ProductID))
		switch {
		case errors.Is(err, data.ErrNoRows):
			return nil, problem.Invalid(problem.Fault{In: "body", Pointer: "/lines/" + strconv.Itoa(i) + "/product_id",
				Code: "unknown-product", Message: "must be the id of a product"})
		case data.IsCheck(err, "products_stock_check"):
			return nil, ErrOutOfStock.With(MissingStock{Line: i, ProductID: line.ProductID})
		case err != nil:
			return nil, err
		}
		price, err := final(product.Price, product.Discount)
		if err != nil {
			return nil, err
		}
		lines[i] = lineRow{ProductID: product.ID, Quantity: line.Quantity, UnitPrice: Amount{price.Round(2)}}
		tx.AfterCommit(func(context.Context) { s.feed.tell(product.changed(productChanged)) })
	}
	return lines, nil
}

// total is what lines cost together.
func total(lines []lineRow) (sum Amount, err error) {
	for _, line := range lines {
		cost, err := line.UnitPrice.Mul(decimal.Int(int64(line.Quantity)))
		if err != nil {
			return sum, err
		}
		if sum.Decimal, err = sum.Add(cost); err != nil {
			return sum, err
		}
	}
	return sum, nil
}
