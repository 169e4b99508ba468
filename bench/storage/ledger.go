package storage

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// member is a member of a JSON object, as text; "" is none.
func member(body []byte, name string) string {
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		return ""
	}
	switch v := all[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatInt(int64(v), 10)
	}
	return ""
}

// What orders are made of.
const (
	plenty   = 1_000_000 // the stock of each product at the beginning
	goods    = 3         // products
	writers  = 8
	secret   = "correct horse battery"
	longWait = time.Minute
)

// order is one that a client sent.
type order struct {
	key, body string
	answer    []byte // of the 201; nil while none was read
}

// ledger is what clients know of a store.
type ledger struct {
	mu     sync.Mutex
	orders map[string]*order
	fresh  []*order // those since the last check
	sent   int
}

// newLedger makes the products that orders need.
func newLedger(tb testing.TB, p *process) *ledger {
	tb.Helper()
	must := func(path, body string) {
		if a := p.do(tb.Context(), http.MethodPost, path, body, nil); a.status != http.StatusCreated {
			tb.Fatalf("%s: %d %s %v", path, a.status, a.body, a.err)
		}
	}
	for i := range goods {
		must("/api/v2/products", fmt.Sprintf(`{"name":"Product %d","price":%d.5,"stock":%d}`, i, i+2, plenty))
	}
	return &ledger{orders: map[string]*order{}}
}

// next is a new order of two products, for several of which two writers meet.
func (l *ledger) next() *order {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent++
	first := rand.IntN(goods) //nolint:gosec // it is no secret
	o := &order{key: strconv.Itoa(l.sent), body: fmt.Sprintf(`{"lines":[{"product_id":%d,"quantity":%d},{"product_id":%d,"quantity":1}]}`,
		first+1, l.sent%3+1, (first+1)%goods+1)}
	l.orders[o.key] = o
	l.fresh = append(l.fresh, o)
	return o
}

// send sends an order once, and notes the answer where it was read as a whole.
func (l *ledger) send(ctx context.Context, p *process, o *order) answer {
	a := p.do(ctx, http.MethodPost, "/api/v2/orders", o.body, map[string]string{"Idempotency-Key": o.key})
	if a.status == http.StatusCreated {
		l.mu.Lock()
		defer l.mu.Unlock()
		o.answer = a.body
	}
	return a
}

// settle sends again what was not answered since the last check, and holds that each order, answered before or only now, is there as it was told.
func (l *ledger) settle(tb testing.TB, p *process) (acknowledged, again int) {
	tb.Helper()
	for _, o := range l.fresh {
		if told := o.answer; told == nil {
			again++
			if a := l.send(tb.Context(), p, o); a.status != http.StatusCreated {
				tb.Errorf("order %s, sent again: %d %s %v", o.key, a.status, a.body, a.err)
			}
			continue
		}
		acknowledged++
		a := p.get(tb.Context(), "/api/v2/orders/"+member(o.answer, "id"))
		if a.status != http.StatusOK || string(a.body) != string(o.answer) {
			tb.Errorf("order %s was acknowledged as %s and is %d %s", o.key, o.answer, a.status, a.body)
		}
	}
	l.fresh = nil
	return acknowledged, again
}

// stand is what the tables say of all orders together.
type stand struct {
	Orders    int64 `db:"orders"`
	Keys      int64 `db:"order_keys"`
	Halves    int64 `db:"halves"`    // orders without two lines
	Unmatched int64 `db:"unmatched"` // products whose stock is not what the orders left
}

// balance reads the tables: each order is whole, each key has one, and the stock is what they left. What a database can say of its file is asked too.
func (l *ledger) balance(tb testing.TB, dsn string) {
	tb.Helper()
	db, err := data.Open(tb.Context(), dsn, data.Config{Postgres: data.PostgresConfig{Connections: 1, Statement: longWait}})
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	var s stand
	var keys []string
	err = db.Read(tb.Context(), func(ctx context.Context, v *data.View) (err error) {
		s, err = data.One[stand](ctx, v, data.SQL(`SELECT (SELECT COUNT(*) FROM orders) AS orders,
			(SELECT COUNT(DISTINCT request_key) FROM orders) AS order_keys,
			(SELECT COUNT(*) FROM orders o WHERE (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) <> 2) AS halves,
			(SELECT COUNT(*) FROM products p WHERE p.stock <>
				? - (SELECT COALESCE(SUM(l.quantity), 0) FROM order_lines l WHERE l.product_id = p.id)) AS unmatched`, plenty))
		if err != nil {
			return err
		}
		keys, err = data.All[string](ctx, v, data.SQL("SELECT request_key FROM orders ORDER BY id"))
		if err == nil && isSQLite(dsn) {
			var said string
			if said, err = data.One[string](ctx, v, data.SQL("PRAGMA integrity_check")); said != "ok" {
				tb.Errorf("integrity_check: %s", said)
			}
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	if s.Orders != s.Keys || s.Halves != 0 || s.Unmatched != 0 {
		tb.Errorf("%d orders of %d keys, %d half done, %d products with another stock", s.Orders, s.Keys, s.Halves, s.Unmatched)
	}
	there := map[string]bool{}
	for _, key := range keys {
		there[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(l.orders)) {
		if l.orders[key].answer != nil && !there[key] {
			tb.Errorf("order %s was acknowledged and is lost", key)
		}
	}
}

func isSQLite(dsn string) bool { return len(dsn) > 7 && dsn[:7] == "sqlite:" }
