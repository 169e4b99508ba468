package store

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// changeProduct is a request to change one product as the caller has last seen it.
type changeProduct struct {
	byUser
	productPath
	tenon.IfMatch
	Change ProductPatch `body:""`
}

// ProductPatch holds what changes of a product; what is absent stays as it is.
type ProductPatch struct {
	Name     tenon.Opt[Label]                `json:"name" transform:"nfc" minLength:"1" maxLength:"200" doc:"Not only white space." example:"Paring chisel"`
	Price    tenon.Opt[Price]                `json:"price" doc:"In dollars, exact, with at most 4 decimal places." example:"24.99"`
	Discount tenon.Opt[tenon.Null[Discount]] `json:"discount" doc:"Part of the price that is taken off; null is none. It leaves $1 or more." example:"0.1"`
	Stock    tenon.Opt[int]                  `json:"stock" minimum:"0" maximum:"1000000" doc:"How many there are to order." example:"20"`
}

// to is the row as it is after the change. The price and the discount must fit each other, whichever of them changes.
func (c *ProductPatch) to(row productRow) (productRow, error) {
	row.Name = string(c.Name.Or(Label(row.Name)))
	row.Price = c.Price.Or(row.Price)
	row.Stock = c.Stock.Or(row.Stock)
	if c.Discount.Set {
		row.Discount = nil
		if c.Discount.Value.Valid {
			row.Discount = &c.Discount.Value.Value
		}
	}
	row.Version++
	if fault, ok := errors.AsType[problem.Fault](checkFinal(row.Price, row.Discount)); ok {
		fault.In = "body"
		return row, problem.Invalid(fault)
	}
	return row, nil
}

// change compares the version and writes the next one in a single transaction: of two changes of one version the second finds another.
func (s *products) change(ctx context.Context, in *changeProduct) (*productAnswer, error) {
	var row productRow
	err := s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if err = s.still(ctx, tx, in.Caller); err != nil {
			return err
		}
		if row, err = productTable.Where(productID.Is(in.ID)).One(ctx, tx); err != nil {
			return err
		}
		if err = in.Check(row.etag()); err != nil {
			return err
		}
		if row, err = in.Change.to(row); err != nil {
			return err
		}
		tx.AfterCommit(func(context.Context) { s.feed.tell(row.changed(productChanged)) })
		_, err = tx.Exec(ctx, data.SQL(`UPDATE products SET name = ?, price = ?, discount = ?, stock = ?, version = ? WHERE id = ?`,
			row.Name, row.Price, row.Discount, row.Stock, row.Version, row.ID))
		return err
	})
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrProductNotFound
	}
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}
