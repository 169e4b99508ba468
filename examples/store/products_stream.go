package store

import (
	"context"
	"iter"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// productEvents is the answer of changes.
type productEvents struct {
	Body iter.Seq2[tenon.Event[ProductChange], error] `body:"text/event-stream"`
}

// followProducts is a request for the changes of products.
type followProducts struct {
	Last string `header:"Last-Event-ID" default:"" maxLength:"100" doc:"The last event that was received; what came after it is sent again."`
}

func (s *products) changes(ctx context.Context, in *followProducts) (*productEvents, error) {
	return &productEvents{s.feed.after(ctx, in.Last)}, nil
}

// productLines is the answer of export.
type productLines struct {
	Body iter.Seq2[ProductView, error] `body:"application/x-ndjson"`
}

// exportPage is how many products are read at once. No transaction is open while they are sent.
const exportPage = 500

func (s *products) export(ctx context.Context, _ *struct{}) (*productLines, error) {
	ctx = data.AllowRepeats(ctx, "reads part by part, so that no transaction is open while they are sent")
	return &productLines{func(yield func(ProductView, error) bool) {
		last := int64(0)
		for {
			var rows []productRow
			err := s.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
				rows, err = data.All[productRow](ctx, v, data.SQL(`SELECT id, name, price, discount, stock, version, created_at FROM products
					WHERE id > ? ORDER BY id LIMIT ?`, last, exportPage))
				return err
			})
			if err != nil {
				yield(ProductView{}, err)
				return
			}
			for _, row := range rows {
				last = row.ID
				if !yield(row.view(), nil) {
					return
				}
			}
			if len(rows) < exportPage {
				return
			}
		}
	}}, nil
}
