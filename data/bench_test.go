package data_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

func BenchmarkRowByKey(b *testing.B) {
	db := open(b)
	insert(b, db, userRow{Name: "a", Email: "a", Age: 1})
	byTable := func(ctx context.Context, v *data.View) error {
		_, err := users.Where(userID.Is(1)).One(ctx, v)
		return err
	}
	byText := func(ctx context.Context, v *data.View) error {
		_, err := data.One[userRow](ctx, v, data.SQL("SELECT id, name, email, age, created_at FROM users WHERE id = ?", 1))
		return err
	}
	nothing := func(context.Context, *data.View) error { return nil }
	for _, bb := range []struct {
		name string
		read func(context.Context, *data.View) error
	}{{"nothing", nothing}, {"text", byText}, {"table", byTable}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := db.Read(b.Context(), bb.read); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkInsertDurably(b *testing.B) {
	db := open(b)
	for i := 0; b.Loop(); i++ {
		insert(b, db, userRow{Name: "a", Email: strconv.Itoa(i), Age: 1})
	}
}

// BenchmarkAlarm compares a statement of a request, whose repeats are counted, with one of no request.
func BenchmarkAlarm(b *testing.B) {
	db := open(b)
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/", func(ctx context.Context, _ *struct{}) (*tenon.NoContent, error) {
		for _, bb := range []struct {
			name string
			ctx  func() context.Context
		}{
			{"without", b.Context},
			{"within", func() context.Context { return data.AllowRepeats(ctx, "it is measured") }},
			{"again", func() context.Context { return ctx }},
		} {
			b.Run(bb.name, func(b *testing.B) {
				b.ReportAllocs()
				ctx := bb.ctx()
				err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
					for b.Loop() {
						if _, err := data.One[int](ctx, v, data.SQL("SELECT 1")); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			})
		}
		return nil, nil
	})
	tenontest.New(b, app, tenontest.Config{IgnoreFindings: true}).Get("/")
}
