package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// demoUsers is how many users FillDemo adds: three pages of ten.
const demoUsers = 25

// FillDemo adds users and products to look at. Rows that are there already stay as they are, so it may run at every start.
// Nobody knows the password of the users.
func FillDemo(ctx context.Context, db *data.DB) error {
	hash, err := newHasher().hash(ctx, tenon.NewSecret(rand.Text()))
	if err != nil {
		return fmt.Errorf("store: demo: %w", err)
	}
	now := instant(time.Now())
	err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		names := []string{"Ada", "Barbara", "Claude", "Donald", "Edsger"}
		for i := range demoUsers {
			name := names[i%len(names)]
			query := data.SQL(`INSERT INTO users (name, email, age, password_hash, created_at) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (email) DO NOTHING`, name, fmt.Sprintf("user%d@example.com", i+1), 20+i, hash, now)
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		for _, p := range []struct{ name, price, discount string }{
			{"Chisel", "19.99", "0.15"}, {"Mallet", "24.50", ""}, {"Tenon saw", "89.00", "0.3"}, {"Pencil", "0.90", ""},
		} {
			query := data.SQL(`INSERT INTO products (name, price, discount, created_at) SELECT ?1, ?2, nullif(?3, ''), ?4
				WHERE NOT EXISTS (SELECT 1 FROM products WHERE name = ?1)`, p.name, p.price, p.discount, now)
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: demo: %w", err)
	}
	return nil
}
