package storage

import (
	"encoding/json/v2"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// Statements counts what a list of N users with their posts runs: 4 statements, of which two ask for the session and the role of the caller, however many users
// there are.
func Statements(tb testing.TB, e Engine) {
	tb.Helper()
	db := patient(tb, e.fresh(tb))
	h := signedIn(tb, db, inside(tb, db))
	for _, n := range []int{2, 10, 100} {
		filled(tb, db,
			data.SQL(`WITH RECURSIVE n(i) AS (SELECT (SELECT COUNT(*) + 1 FROM users) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
				INSERT INTO users (name, email, age, password_hash, created_at) SELECT 'u', 'u' || i, 20, '-', CURRENT_TIMESTAMP FROM n`, n),
			data.SQL(`INSERT INTO posts (user_id, title, body, created_at)
				SELECT u.id, 'a', '', u.created_at FROM users u, (SELECT 1 UNION ALL SELECT 2) AS two
				WHERE NOT EXISTS (SELECT 1 FROM posts WHERE user_id = u.id)`))
		ctx, tally := data.NewTally(tb.Context())
		var list struct {
			Items []struct {
				Posts []struct{} `json:"posts"`
			} `json:"items"`
		}
		body := fetched(tb, ctx, h, "/api/v1/users?include=posts&size=100&cursor=")
		if err := json.Unmarshal(body, &list, json.RejectUnknownMembers(false)); err != nil || len(list.Items) != n || len(list.Items[n-1].Posts) != 2 {
			tb.Fatalf("%d users are wanted: %v, %s", n, err, body)
		}
		tb.Logf("%s: %d users with %d posts take %d statements", e, n, 2*n, tally.Statements())
		if tally.Statements() != 4 {
			tb.Errorf("%s: %d users with their posts take %d statements, want 4", e, n, tally.Statements())
		}
	}
}

// Deep walks through a list of products by cursors, a hundred on each page, to its last page, and compares the time of that page with the first one's, for
// several orders. Where factor is more than 0, one may take that many times as long as the other.
func Deep(tb testing.TB, e Engine, pages int, factor float64) {
	tb.Helper()
	db := patient(tb, e.fresh(tb))
	begin := time.Now()
	filled(tb, db, data.SQL(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO products (name, price, discount, stock, created_at) SELECT 'Product ' || (i % 5000), (i % 1000) + 1, NULL, i % 50,
		CURRENT_TIMESTAMP FROM n`, pages*100))
	filled(tb, db, data.SQL("ANALYZE"))
	tb.Logf("%s: %d products, after %v", e, pages*100, time.Since(begin).Round(time.Second))
	h := inside(tb, db)
	for _, order := range []string{"", "&order=name", "&order=-price"} {
		base := "/api/v2/products?size=100" + order + "&cursor="
		last := base + url.QueryEscape(walked(tb, h, base, pages))
		deep, first, ratio := compare(tb, 51, 1, newLoad(tb, h, last), newLoad(tb, h, base))
		tb.Logf("%s: products%s: page 1 takes %v, page %d takes %v: %.2fx", e, order, first, pages, deep, ratio)
		if factor > 0 && (ratio > factor || ratio < 1/factor) {
			tb.Errorf("%s: products%s: page %d takes %.2f times as long as page 1, want %gx at most", e, order, pages, ratio, factor)
		}
	}
}

// walked is the cursor of a page.
func walked(tb testing.TB, h http.Handler, base string, page int) (cursor string) {
	tb.Helper()
	for range page - 1 {
		body := fetched(tb, tb.Context(), h, base+url.QueryEscape(cursor)+"&fields=id")
		var part struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(body, &part, json.RejectUnknownMembers(false)); err != nil || part.Next == "" {
			tb.Fatalf("the list ends early: %v, %s", err, body)
		}
		cursor = part.Next
	}
	return cursor
}
