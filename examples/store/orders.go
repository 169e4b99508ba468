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

// The problems of orders.
var (
	ErrOrderNotFound  = problem.Define(http.StatusNotFound, "order-not-found", "There is no such order.")
	ErrOrderCancelled = problem.Define(http.StatusConflict, "order-cancelled", "The order is cancelled already.")
	ErrKeyUsed        = problem.Define(http.StatusConflict, "idempotency-key-used", "Another order was sent with this Idempotency-Key.")
	ErrOutOfStock     = problem.Define(http.StatusConflict, "out-of-stock", "There is not enough in stock for a line of the order; nothing was ordered.").
				Members[MissingStock]()
)

// MissingStock says which line of an order asks for more than there is.
type MissingStock struct {
	Line      int   `json:"line" minimum:"0" doc:"The line in the order, counted from 0." example:"0"`
	ProductID int64 `json:"product_id" doc:"The product of the line." example:"7"`
}

// OrderStatus is how far an order is.
type OrderStatus string

// What an order can be.
const (
	orderOpen      OrderStatus = "open"
	orderCancelled OrderStatus = "cancelled"
)

// Enum lists them.
func (OrderStatus) Enum() []OrderStatus { return []OrderStatus{orderOpen, orderCancelled} }

// NewOrder is what a user orders.
type NewOrder struct {
	Lines []NewLine `json:"lines" minItems:"1" maxItems:"100" doc:"What is ordered, each product once."`
}

// NewLine is a line of an order.
type NewLine struct {
	ProductID int64 `json:"product_id" minimum:"1" doc:"The product." example:"7"`
	Quantity  int   `json:"quantity" minimum:"1" maximum:"1000" doc:"How many of it." example:"2"`
}

// ValidateNeeds names what Validate reads.
func (*NewOrder) ValidateNeeds() []string { return []string{"lines"} }

// Validate refuses a product that stands in two lines.
func (o *NewOrder) Validate(context.Context) error {
	seen := map[int64]bool{}
	for i, line := range o.Lines {
		if seen[line.ProductID] {
			return problem.Fault{Pointer: "/lines/" + strconv.Itoa(i) + "/product_id", Code: "duplicate", Message: "must not be in two lines"}
		}
		seen[line.ProductID] = true
	}
	return nil
}

// OrderView is an order as who ordered sees it, and admins.
type OrderView struct {
	ID        int64                      `json:"id" doc:"Names the order." example:"3"`
	UserID    int64                      `json:"user_id" doc:"Who ordered." example:"7"`
	Status    OrderStatus                `json:"status" doc:"How far it is." example:"open"`
	Total     Amount                     `json:"total" doc:"What it costs, in dollars and whole cents." example:"33.98"`
	CreatedAt time.Time                  `json:"created_at" doc:"When it was ordered, in UTC." example:"2026-03-01T12:00:00Z"`
	Lines     tenon.Opt[[]OrderLineView] `json:"lines" doc:"What was ordered. In a list with include=lines."`
	User      tenon.Opt[UserView]        `json:"user" doc:"Who ordered, with include=user."`
}

// OrderLineView is a line of an order.
type OrderLineView struct {
	ProductID int64  `json:"product_id" doc:"The product." example:"7"`
	Quantity  int    `json:"quantity" doc:"How many of it." example:"2"`
	UnitPrice Amount `json:"unit_price" doc:"The price less the discount when it was ordered, rounded to cents, half to even." example:"16.99"`
}

// orderRow is a row of the table orders.
type orderRow struct {
	ID         int64       `db:"id"`
	UserID     int64       `db:"user_id" references:"users" onDelete:"restrict" index:"+id" unique:"orders_user_id_request_key_key"`
	Status     OrderStatus `db:"status" enum:"open,cancelled" index:"+id"`
	Total      Amount      `db:"total" type:"NUMERIC" exclusiveMinimum:"0" index:"+id"`
	RequestKey *string     `db:"request_key" unique:"orders_user_id_request_key_key"`
	CreatedAt  time.Time   `db:"created_at" index:"+id"`
}

// lineRow is a row of the table order_lines.
type lineRow struct {
	ID        int64  `db:"id"`
	OrderID   int64  `db:"order_id" references:"orders" onDelete:"cascade" unique:"order_lines_order_id_product_id_key+product_id"`
	ProductID int64  `db:"product_id" references:"products" onDelete:"restrict" index:""`
	Quantity  int    `db:"quantity" exclusiveMinimum:"0"`
	UnitPrice Amount `db:"unit_price" type:"NUMERIC" exclusiveMinimum:"0"`
}

func (r orderRow) view() OrderView {
	return OrderView{ID: r.ID, UserID: r.UserID, Status: r.Status, Total: r.Total, CreatedAt: r.CreatedAt}
}

func (r lineRow) view() OrderLineView {
	return OrderLineView{ProductID: r.ProductID, Quantity: r.Quantity, UnitPrice: r.UnitPrice}
}

var (
	orderTable      = data.NewTable[orderRow]("orders", "id")
	orderID         = data.NewColumn[int64]("id")
	orderUserID     = data.NewColumn[int64]("user_id")
	orderStatus     = data.NewColumn[OrderStatus]("status")
	orderTotal      = data.NewColumn[decimal.Decimal]("total")
	orderRequestKey = data.NewColumn[string]("request_key")
	orderCreatedAt  = data.NewColumn[time.Time]("created_at")

	lineTable   = data.NewTable[lineRow]("order_lines", "id")
	lineOrderID = data.NewColumn[int64]("order_id")

	orderLines = data.NewMany(orderTable, lineTable, lineOrderID)
	orderUser  = data.NewRef(orderTable, orderUserID, userTable)
)

// orders is the resource /orders.
type orders struct {
	db   *database
	now  func() time.Time
	feed *feed
}

func (s *orders) routes(g *tenon.Group) {
	g = g.Group("/orders", tenon.Tags("orders"), s.owned().Load(s.find))
	g.Post("", s.create, auth.Role(roleUser), cache.Invalidates(stockTag), tenon.Fails(ErrOutOfStock, ErrKeyUsed), tenon.Summary("Order products"),
		tenon.Description("Takes all lines out of the stock, or none. Sent again by the same user with the same Idempotency-Key, it answers the first order."))
	g.Get("", s.list, data.Budget(5), tenon.Summary("List orders"),
		tenon.Description("One's own orders, or those of all for admins, that the filters leave, one part at a time; "+
			"in the order in which they were made, unless order says otherwise."))
	g.Get("/{id}", s.get, tenon.Summary("Get an order"), tenon.Description("One order by id, with its lines: one's own, and any for admins."))
	g.Post("/{id}/cancel", s.cancel, auth.Role(roleUser), cache.Invalidates(stockTag), tenon.Status(http.StatusOK), tenon.Fails(ErrOrderCancelled),
		tenon.Summary("Cancel an order"),
		tenon.Description("Gives what was ordered back to the stock. The order is kept."))
}

// owned says that orders are of those who ordered, and that admins reach all.
func (s *orders) owned() auth.Objects[orderRow] {
	return auth.Objects[orderRow]{
		Name: "order", Owner: func(r *orderRow) string { return subject(r.UserID) }, All: auth.Role(roleAdmin), Missing: ErrOrderNotFound,
	}
}

// orderPath is a request for one order.
type orderPath struct {
	ID int64 `path:"id" doc:"Id of the order."`
}

// find loads an order for a caller who may see it.
func (s *orders) find(ctx context.Context, in *orderPath, whose auth.Whose) (*orderRow, error) {
	return one(ctx, s.db, orderTable.Where(orderID.Is(in.ID), of(orderUserID, whose)))
}

// ofOrder is a request about an order that the caller may see.
type ofOrder struct {
	Order auth.Owned[orderRow] `dep:""`
}

func (s *orders) get(ctx context.Context, in *ofOrder) (view *OrderView, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		view, err = withLines(ctx, v, *in.Order.Row())
		return err
	})
	return view, err
}

// whole is the order of a selection with its lines.
func whole(ctx context.Context, q data.Querier, which data.Selection[orderRow]) (*OrderView, error) {
	row, err := which.One(ctx, q)
	if errors.Is(err, data.ErrNoRows) {
		return nil, ErrOrderNotFound
	}
	if err != nil {
		return nil, err
	}
	return withLines(ctx, q, row)
}

// withLines is an order with its lines.
func withLines(ctx context.Context, q data.Querier, row orderRow) (*OrderView, error) {
	lines, err := orderLines.Load(ctx, q, []orderRow{row})
	if err != nil {
		return nil, err
	}
	view := row.view()
	view.Lines = tenon.Some(each(lines.Of(row), lineRow.view))
	return &view, nil
}
