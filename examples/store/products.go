package store

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
	"github.com/tenon-go/tenon/problem"
)

// The problems of products.
var (
	ErrProductNotFound = problem.Define(http.StatusNotFound, "product-not-found", "There is no such product.")
	ErrProductOrdered  = problem.Define(http.StatusConflict, "product-ordered", "The product is part of orders, which are kept. Set its stock to 0 instead.")
)

// NewProduct is a product as it is offered.
type NewProduct struct {
	Name     Label     `json:"name" transform:"nfc" minLength:"1" maxLength:"200" doc:"Shown to everybody. Not only white space." example:"Chisel"`
	Price    Price     `json:"price" doc:"In dollars, exact, with at most 4 decimal places." example:"19.99"`
	Discount *Discount `json:"discount" doc:"Part of the price that is taken off, with at most 4 decimal places. It leaves $1 or more." example:"0.15"`
	Stock    int       `json:"stock" minimum:"0" maximum:"1000000" default:"0" doc:"How many there are to order." example:"12"`
}

// ValidateNeeds names what Validate reads: it runs only when both are valid by themselves.
func (*NewProduct) ValidateNeeds() []string { return []string{"price", "discount"} }

// Validate checks the price after the discount.
func (p *NewProduct) Validate(context.Context) error { return checkFinal(p.Price, p.Discount) }

// row is the product as it is stored, before it has an id.
func (p *NewProduct) row(now time.Time) productRow {
	return productRow{Name: string(p.Name), Price: p.Price, Discount: p.Discount, Stock: p.Stock, Version: 1, CreatedAt: instant(now)}
}

// Label is a text that is there to be seen.
type Label string

// Validate refuses one that nobody can see.
func (l Label) Validate(context.Context) error { return notBlank("", string(l)) }

// ProductView is a product as everybody sees it.
type ProductView struct {
	ID        int64     `json:"id" doc:"Names the product." example:"7"`
	Name      string    `json:"name" doc:"Shown to everybody." example:"Chisel"`
	Price     Price     `json:"price" doc:"In dollars, exact, with at most 4 decimal places." example:"19.99"`
	Discount  *Discount `json:"discount" doc:"The part of the price that is taken off, or null." example:"0.15"`
	Stock     int       `json:"stock" minimum:"0" doc:"How many there are to order." example:"12"`
	CreatedAt time.Time `json:"created_at" doc:"When the product was added, in UTC." example:"2026-03-01T12:00:00Z"`
}

// productRow is a row of the table products.
type productRow struct {
	ID        int64     `db:"id"`
	Name      string    `db:"name" index:"+id"`
	Price     Price     `db:"price" type:"NUMERIC" exclusiveMinimum:"0" index:"+id"`
	Discount  *Discount `db:"discount" type:"NUMERIC" minimum:"0" maximum:"1" index:"+id"`
	Stock     int       `db:"stock" minimum:"0" default:"0" index:"+id"`
	Version   int64     `db:"version" default:"1" minimum:"1"`
	CreatedAt time.Time `db:"created_at" index:"+id"`
}

func (r productRow) view() ProductView {
	return ProductView{ID: r.ID, Name: r.Name, Price: r.Price, Discount: r.Discount, Stock: r.Stock, CreatedAt: r.CreatedAt}
}

// answer is the product with the tag of its version.
func (r productRow) answer() *productAnswer { return &productAnswer{ETag: r.etag(), Product: r.view()} }

func (r productRow) etag() tenon.ETag { return tenon.NewETag(strconv.FormatInt(r.Version, 10)) }

// changed tells that the product is now as it is.
func (r productRow) changed(name string) (string, ProductChange) {
	view := r.view()
	return name, ProductChange{ID: &view.ID, Product: &view}
}

// productAnswer is one product.
type productAnswer struct {
	ETag    tenon.ETag  `header:"ETag" doc:"Names the version of the product, for If-Match and If-None-Match. An order makes a new one."`
	Product ProductView `body:""`
}

var (
	productTable     = data.NewTable[productRow]("products", "id")
	productID        = data.NewColumn[int64]("id")
	productName      = data.NewColumn[string]("name")
	productPrice     = data.NewColumn[decimal.Decimal]("price")
	productDiscount  = data.NewColumn[decimal.Decimal]("discount")
	productStock     = data.NewColumn[int]("stock")
	productCreatedAt = data.NewColumn[time.Time]("created_at")
)

// products is the resource /products.
type products struct {
	db    *database
	now   func() time.Time
	feed  *feed
	still still
}

func (s *products) routes(g *tenon.Group) {
	g = g.Group("/products", tenon.Tags("products"))
	seen, written := auth.Public("a shop shows what it sells"), auth.Or(auth.Role(roleAdmin), byKey(scopeProducts))
	changes := cache.Invalidates(stockTag)
	g.Post("", s.create, written, changes, tenon.Summary("Create a product"), tenon.Description("Add a product. Its price is kept exactly as it was sent."))
	g.Get("", s.list, seen, data.Budget(2), tenon.Summary("List products"),
		tenon.Description("Products that the filters leave, one part at a time; in the order in which they were added, unless order says otherwise."))
	g.Get("/events", s.changes, seen, tenon.Fails(ErrTooManyListeners), tenon.Summary("Follow products"),
		tenon.Description("What happens to products, as it happens: created, changed, deleted, or missed, after which the list must be read again."))
	g.Get("/export", s.export, seen, tenon.Summary("Export products"), tenon.Description("All products in the order of their ids, one on each line."))
	g.Get("/{id}", s.get, seen, tenon.Fails(ErrProductNotFound), tenon.Summary("Get a product"), tenon.Description("One product by id."))
	g.Patch("/{id}", s.change, written, changes, tenon.Fails(ErrProductNotFound), tenon.Summary("Change a product"),
		tenon.Description("Changes what the body holds and leaves the rest. If-Match names the version that the caller has seen."))
	g.Delete("/{id}", s.delete, written, changes, tenon.Fails(ErrProductNotFound, ErrProductOrdered), tenon.Summary("Delete a product"),
		tenon.Description("Deletes a product that nobody has ordered for good. If-Match names the version that the caller has seen."))
}

// createProduct is a request to add a product.
type createProduct struct {
	byUser
	Product NewProduct `body:""`
}

func (s *products) create(ctx context.Context, in *createProduct) (*productAnswer, error) {
	row := in.Product.row(s.now())
	err := s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if err = s.still(ctx, tx, in.Caller); err != nil {
			return err
		}
		row.ID, err = productTable.Insert(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.feed.tell(row.changed(productCreated))
	return row.answer(), nil
}

// productPath is a request for one product.
type productPath struct {
	ID int64 `path:"id" doc:"Id of the product."`
}

func (s *products) get(ctx context.Context, in *productPath) (*productAnswer, error) {
	row, err := productTable.Where(productID.Is(in.ID)).One(ctx, s.db)
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrProductNotFound
	}
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}

// deleteProduct is a request to delete one product as the caller has last seen it, with the transaction of the request.
type deleteProduct struct {
	productPath
	tenon.IfMatch
	Tx *data.Tx `dep:""`
}

// delete tells of a product only once it is gone for good.
func (s *products) delete(ctx context.Context, in *deleteProduct) (*tenon.NoContent, error) {
	this := productTable.Where(productID.Is(in.ID))
	row, err := this.One(ctx, in.Tx)
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrProductNotFound
	}
	if err != nil {
		return nil, err
	}
	if err := in.Check(row.etag()); err != nil {
		return nil, err
	}
	if _, err := this.Delete(ctx, in.Tx); err != nil {
		if data.IsForeignKey(err) {
			err = ErrProductOrdered
		}
		return nil, err
	}
	in.Tx.AfterCommit(func(context.Context) { s.feed.tell(productDeleted, ProductChange{ID: &in.ID}) })
	return nil, nil
}
