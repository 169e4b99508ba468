package data_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/tenon-go/tenon/data"
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
