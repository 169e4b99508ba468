package store

import (
	"context"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/data"
)

// StatsView is the shop in a few numbers.
type StatsView struct {
	Products int64 `json:"products" db:"products" minimum:"0" doc:"How many products there are." example:"12"`
	InStock  int64 `json:"in_stock" db:"in_stock" minimum:"0" doc:"How many of them can be ordered." example:"9"`
	Items    int64 `json:"items" db:"items" minimum:"0" doc:"How many items are in stock, of all products together." example:"240"`
}

// stockTag is of answers that are made of what products there are, and how many of each.
const stockTag = "stock"

// stats is the resource /stats.
type stats struct{ db *database }

func (s *stats) routes(g *tenon.Group) {
	g.Get("/stats", s.get, auth.Public("a shop shows what it sells"), cache.For(300*time.Second), cache.Public(), cache.Tag(stockTag),
		tenon.Tags("products"), tenon.Summary("Get the shop in a few numbers"),
		tenon.Description("How much there is to buy. It is kept for five minutes, or until a product or its stock changes."))
}

func (s *stats) get(ctx context.Context, _ *struct{}) (*StatsView, error) {
	view, err := data.One[StatsView](ctx, s.db, data.SQL(`SELECT COUNT(*) AS products, COALESCE(SUM(CASE WHEN stock > 0 THEN 1 ELSE 0 END), 0) AS in_stock,
		COALESCE(SUM(stock), 0) AS items FROM products`))
	return &view, err
}
