package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/decimal"
)

// demoUsers is how many users FillDemo adds: three pages of ten.
const demoUsers = 25

// FillDemo adds users, posts, products and orders to look at. Rows that are there already stay as they are, so it may run at every start.
// Nobody knows the password of the users.
func FillDemo(ctx context.Context, db *data.DB) error {
	hash, err := hashed(ctx, tenon.NewSecret(rand.Text()))
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
		for _, p := range demoProducts() {
			if err := addProduct(ctx, tx, p, now); err != nil {
				return err
			}
		}
		return addPosts(ctx, tx, now)
	})
	if err == nil {
		err = addOrders(ctx, db)
	}
	if err != nil {
		return fmt.Errorf("store: demo: %w", err)
	}
	return nil
}

// addPosts adds posts of the first users, unless there are posts.
func addPosts(ctx context.Context, tx *data.Tx, now time.Time) error {
	there, err := postTable.Where().Count(ctx, tx)
	if err != nil || there > 0 {
		return err
	}
	for i, title := range []string{"On joints", "Why wood moves", "Sharpening", "A bench", "Glue or pegs", "Measure twice"} {
		user, err := userTable.Where(userEmail.Is(fmt.Sprintf("user%d@example.com", i%3+1))).One(ctx, tx)
		if err != nil {
			return err
		}
		post := postRow{UserID: user.ID, Title: title, Body: "There is more to say about this.", CreatedAt: now}
		if _, err := postTable.Insert(ctx, tx, post); err != nil {
			return err
		}
	}
	return nil
}

// addOrders adds orders of the first users. Their keys make each of them once.
func addOrders(ctx context.Context, db *data.DB) error {
	s := &orders{db: &database{db}, now: time.Now, feed: newFeed("demo")}
	for i, names := range [][]string{{"Tenon saw", "Mallet"}, {"Mallet"}, {"Tenon saw"}} {
		in := &createOrder{Key: tenon.Some(fmt.Sprintf("demo-%d", i+1))}
		err := db.Read(ctx, func(ctx context.Context, v *data.View) error {
			user, err := userTable.Where(userEmail.Is(fmt.Sprintf("user%d@example.com", i+1))).One(ctx, v)
			if err != nil {
				return err
			}
			if in.Caller, err = auth.NewPrincipal(auth.Identity{Subject: subject(user.ID)}); err != nil {
				return err
			}
			for _, name := range names {
				product, err := productTable.Where(productName.Is(name)).One(ctx, v)
				if err != nil {
					return err
				}
				in.Order.Lines = append(in.Order.Lines, NewLine{ProductID: product.ID, Quantity: i + 1})
			}
			return nil
		})
		if err != nil {
			return err
		}
		if _, err := s.create(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func demoProducts() []NewProduct {
	price := func(text string) Price { return Price{decimal.MustParse(text)} }
	off := func(text string) *Discount { return &Discount{decimal.MustParse(text)} }
	return []NewProduct{
		{Name: "Chisel", Price: price("19.99"), Discount: off("0.15"), Stock: 12},
		{Name: "Mallet", Price: price("24.50"), Stock: 8},
		{Name: "Tenon saw", Price: price("89.00"), Discount: off("0.3"), Stock: 5},
		{Name: "Pencil", Price: price("1.20"), Stock: 100},
	}
}

// addProduct adds a product that keeps the rules of the API, unless there is one of its name.
func addProduct(ctx context.Context, tx *data.Tx, p NewProduct, now time.Time) error {
	if err := p.Validate(ctx); err != nil {
		return fmt.Errorf("product %s: %w", p.Name, err)
	}
	there, err := productTable.Where(productName.Is(string(p.Name))).Count(ctx, tx)
	if err != nil || there > 0 {
		return err
	}
	_, err = productTable.Insert(ctx, tx, p.row(now))
	return err
}
