package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
)

// listOrders is a request for a part of the orders.
type listOrders struct {
	data.Paging
	data.Ordering[orderKeys]
	tenon.Fields[OrderView]
	tenon.Include[OrderView]
	Whose     auth.WhoseOf[orderRow]        `dep:""`
	Search    tenon.Opt[string]             `query:"search" maxLength:"100" doc:"Text in the Idempotency-Key, whatever the case of its letters."`
	ID        data.Exact[int64]             `query:"id" style:"deepObject" doc:"By id: id[in]=1,2."`
	UserID    data.Exact[int64]             `query:"user_id" style:"deepObject" doc:"By who ordered: user_id[eq]=7."`
	Status    data.Exact[OrderStatus]       `query:"status" style:"deepObject" doc:"By how far they are: status[eq]=open."`
	Total     data.Ordered[decimal.Decimal] `query:"total" style:"deepObject" doc:"By what they cost, exact: total[gte]=100."`
	CreatedAt data.Ordered[time.Time]       `query:"created_at" style:"deepObject" doc:"By when they were made: created_at[gte]=2026-03-01T00:00:00Z."`
}

// orderKeys are the columns that orders can be ordered by.
type orderKeys struct{}

// Keys names the columns.
func (orderKeys) Keys() data.Keys {
	return data.Keys{"id": orderID, "user_id": orderUserID, "status": orderStatus, "total": orderTotal, "created_at": orderCreatedAt}
}

func (s *orders) list(ctx context.Context, in *listOrders) (*data.Listed[tenon.Sparse[OrderView]], error) {
	var list *data.Listed[orderRow]
	var lines data.LoadedMany[orderRow, lineRow, int64]
	var users data.LoadedOne[orderRow, userRow, int64]
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		list, err = orderTable.Where(of(orderUserID, in.Whose.Whose), in.ID.On(orderID), in.UserID.On(orderUserID), in.Status.On(orderStatus),
			in.Total.On(orderTotal), in.CreatedAt.On(orderCreatedAt), data.Search(in.Search, orderRequestKey)).OrderBy(in.Terms()...).List(ctx, v, in.Paging)
		if err == nil && in.Wants("lines") {
			lines, err = orderLines.Load(ctx, v, list.Items)
		}
		if err == nil && in.Wants("user") {
			users, err = orderUser.Load(ctx, v, list.Items)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list.Map(func(r orderRow) tenon.Sparse[OrderView] {
		view := r.view()
		if in.Wants("lines") {
			view.Lines = tenon.Some(each(lines.Of(r), lineRow.view))
		}
		if user, ok := users.Of(r); ok {
			view.User = tenon.Some(user.view())
		}
		return in.Pick(view)
	}), nil
}
