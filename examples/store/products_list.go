package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
)

// listProducts is a request for a part of the products.
type listProducts struct {
	data.Paging
	data.Ordering[productKeys]
	tenon.Fields[ProductView]
	Search    tenon.Opt[string]             `query:"search" maxLength:"100" doc:"Text in the name, whatever the case of its letters."`
	ID        data.Exact[int64]             `query:"id" style:"deepObject" doc:"By id: id[in]=1,2."`
	Name      data.Text                     `query:"name" style:"deepObject" doc:"By name: name[contains]=saw."`
	Price     data.Ordered[decimal.Decimal] `query:"price" style:"deepObject" doc:"By price before the discount, exact: price[range]=10,19.99."`
	Discount  data.Ordered[decimal.Decimal] `query:"discount" style:"deepObject" doc:"By discount: discount[isnull]=false."`
	Stock     data.Ordered[int]             `query:"stock" style:"deepObject" doc:"By stock: stock[gt]=0."`
	CreatedAt data.Ordered[time.Time]       `query:"created_at" style:"deepObject" doc:"By when they were added: created_at[lt]=2026-03-01T00:00:00Z."`
}

// productKeys are the columns that products can be ordered by. The discount is not among them: it may be missing.
type productKeys struct{}

// Keys names the columns.
func (productKeys) Keys() data.Keys {
	return data.Keys{"id": productID, "name": productName, "price": productPrice, "stock": productStock, "created_at": productCreatedAt}
}

func (s *products) list(ctx context.Context, in *listProducts) (*data.Listed[tenon.Sparse[ProductView]], error) {
	var list *data.Listed[productRow]
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		list, err = productTable.Where(in.ID.On(productID), in.Name.On(productName), in.Price.On(productPrice), in.Discount.On(productDiscount),
			in.Stock.On(productStock), in.CreatedAt.On(productCreatedAt), data.Search(in.Search, productName)).
			OrderBy(in.Terms()...).List(ctx, v, in.Paging)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list.Map(func(r productRow) tenon.Sparse[ProductView] { return in.Pick(r.view()) }), nil
}
