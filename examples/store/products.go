package store

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// ErrProductNotFound is answered for an id that no product has.
var ErrProductNotFound = problem.Define(http.StatusNotFound, "product-not-found", "There is no such product.")

// NewProduct is a product as it is offered.
type NewProduct struct {
	Name     string    `json:"name" minLength:"1" maxLength:"200" example:"Chisel"`
	Price    Price     `json:"price" doc:"In dollars, exact, with at most 4 decimal places." example:"19.99"`
	Discount *Discount `json:"discount" doc:"Part of the price that is taken off, with at most 4 decimal places. It leaves $1 or more." example:"0.15"`
}

// ValidateNeeds names what Validate reads: it runs only when both are valid by themselves.
func (*NewProduct) ValidateNeeds() []string { return []string{"price", "discount"} }

// Validate checks the price after the discount, which is the price itself when there is none.
func (p *NewProduct) Validate(context.Context) error {
	final := p.Price.Decimal
	if p.Discount != nil {
		rest, err := decimal.Int(1).Sub(p.Discount.Decimal)
		if err != nil {
			return err
		}
		if final, err = final.Mul(rest); err != nil {
			return err
		}
	}
	if final.Cmp(decimal.Int(1)) < 0 {
		return problem.Fault{Code: "final-price", Message: "Final price cannot be less than $1"}
	}
	return nil
}

// row is the product as it is stored, before it has an id.
func (p *NewProduct) row(now time.Time) productRow {
	return productRow{Name: p.Name, Price: p.Price, Discount: p.Discount, CreatedAt: instant(now)}
}

// ProductView is a product as everybody sees it.
type ProductView struct {
	ID        int64     `json:"id" example:"7"`
	Name      string    `json:"name" example:"Chisel"`
	Price     Price     `json:"price" doc:"In dollars, exact, with at most 4 decimal places." example:"19.99"`
	Discount  *Discount `json:"discount" doc:"The part of the price that is taken off, or null." example:"0.15"`
	CreatedAt time.Time `json:"created_at" doc:"When the product was added, in UTC." example:"2026-03-01T12:00:00Z"`
}

// productRow is a row of the table products.
type productRow struct {
	ID        int64     `db:"id"`
	Name      string    `db:"name"`
	Price     Price     `db:"price"`
	Discount  *Discount `db:"discount"`
	CreatedAt time.Time `db:"created_at"`
}

// view does not compile once the row has a column that the view has not.
func (r productRow) view() ProductView {
	return ProductView(r)
}

var (
	productTable = data.NewTable[productRow]("products", "id")
	productID    = data.NewColumn[int64]("id")
	productName  = data.NewColumn[string]("name")
)

// products is the resource /products.
type products struct {
	db   *data.DB
	now  func() time.Time
	feed *feed
}

func (s *products) routes(g *tenon.Group) {
	g = g.Group("/products", tenon.Tags("products"))
	g.Post("", s.create, tenon.Summary("Create a product"), tenon.Description("Add a product. Its price is kept exactly as it was sent."))
	g.Get("", s.list, tenon.Summary("List products"), tenon.Description("All products in the order in which they were added, one page at a time."))
	g.Get("/events", s.changes, tenon.Fails(ErrTooManyListeners), tenon.Summary("Follow products"),
		tenon.Description("What happens to products, as it happens: created, deleted, or missed, after which the list must be read again."))
	g.Get("/export", s.export, tenon.Summary("Export products"), tenon.Description("All products in the order of their ids, one on each line."))
	g.Get("/{id}", s.get, tenon.Fails(ErrProductNotFound), tenon.Summary("Get a product"), tenon.Description("One product by id."))
	g.Delete("/{id}", s.delete, tenon.Fails(ErrProductNotFound), tenon.Summary("Delete a product"), tenon.Description("Deletes a product for good."))
}

func (s *products) create(ctx context.Context, in *NewProduct) (*ProductView, error) {
	row := in.row(s.now())
	err := s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		row.ID, err = productTable.Insert(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	view := row.view()
	s.feed.tell(productCreated, ProductChange{ID: &view.ID, Product: &view})
	return &view, nil
}

// productPath is a request for one product.
type productPath struct {
	ID int64 `path:"id" doc:"Id of the product."`
}

func (s *products) get(ctx context.Context, in *productPath) (*ProductView, error) {
	var row productRow
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		row, err = productTable.Where(productID.Is(in.ID)).One(ctx, v)
		return err
	})
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrProductNotFound
	}
	if err != nil {
		return nil, err
	}
	view := row.view()
	return &view, nil
}

func (s *products) list(ctx context.Context, in *struct{ page.Query }) (*page.Of[ProductView], error) {
	var rows []productRow
	var total int64
	err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		rows, total, err = productTable.Where().Page(ctx, v, in.Limit(), in.Offset())
		return err
	})
	if err != nil {
		return nil, err
	}
	return page.New(in.Query, rows, total).Map(productRow.view), nil
}

// deleteProduct is a request to delete one product, with the transaction of the request.
type deleteProduct struct {
	productPath
	Tx *data.Tx `dep:""`
}

// delete tells of a product only once it is gone for good.
func (s *products) delete(ctx context.Context, in *deleteProduct) (*tenon.NoContent, error) {
	deleted, err := productTable.Where(productID.Is(in.ID)).Delete(ctx, in.Tx)
	if err == nil && deleted == 0 {
		return nil, ErrProductNotFound
	}
	in.Tx.AfterCommit(func(context.Context) { s.feed.tell(productDeleted, ProductChange{ID: &in.ID}) })
	return nil, err
}
