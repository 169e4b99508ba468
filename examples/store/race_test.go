package store_test

import (
	"encoding/json/v2"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
)

// patient runs a test on each kind of database, with room to wait for as long as a busy machine takes.
func patient(t *testing.T, test func(t *testing.T, db *data.DB)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { t.Helper(); return "sqlite:" + filepath.Join(t.TempDir(), "store.db") },
		"postgres": func(t *testing.T) string { t.Helper(); return datatest.PostgresURL(t, store.Migrations()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, datatest.Open(t, url(t), data.Config{
				Migrations: store.Migrations(), BusyTimeout: time.Minute,
				Postgres: data.PostgresConfig{Connections: 20, Acquire: time.Minute, Statement: time.Minute, Lock: time.Minute, Idle: time.Minute},
			}))
		})
	}
}

// answers sends requests over real connections, all at once, and returns the bodies of the answers by status.
func answers(t *testing.T, url string, bodies []string, header http.Header) map[int][]string {
	t.Helper()
	var mu sync.Mutex
	got := map[int][]string{}
	var group sync.WaitGroup
	for _, body := range bodies {
		group.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header = header.Clone()
			r.Header.Set("Content-Type", "application/json")
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			got[answer.StatusCode] = append(got[answer.StatusCode], string(text))
		})
	}
	group.Wait()
	return got
}

// TestStockNeverFallsBelowZero lets 100 orders race for 30 pieces, half of them with the lines the other way around.
func TestStockNeverFallsBelowZero(t *testing.T) {
	t.Parallel()
	patient(t, func(t *testing.T, db *data.DB) {
		app := newApp(t, db)
		server := httptest.NewServer(app)
		defer server.Close()
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/products", `{"name":"Rare","price":10,"stock":30}`).Status(201)
		s.Post("/api/v2/products", `{"name":"Plenty","price":1,"stock":1000}`).Status(201)
		orders := make([]string, 100)
		for i := range orders {
			rare, plenty := `{"product_id":1,"quantity":1}`, `{"product_id":2,"quantity":2}`
			if i%2 == 0 {
				rare, plenty = plenty, rare
			}
			orders[i] = `{"lines":[` + rare + `,` + plenty + `]}`
		}
		got := answers(t, server.URL+"/api/v2/orders", orders, http.Header{"Authorization": {signed(t, 1, "user")}})
		if len(got[201]) != 30 || len(got[409]) != 70 {
			t.Fatalf("%d orders were taken and %d refused, want 30 and 70: %v", len(got[201]), len(got[409]), got)
		}
		for _, body := range got[409] {
			var problem struct {
				Code      string `json:"code"`
				ProductID int64  `json:"product_id"`
			}
			if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.Code != "out-of-stock" || problem.ProductID != 1 {
				t.Errorf("refused with %s", body)
			}
		}
		stock(t, s, 0, 1000-2*30)
		s.Get("/api/v2/orders").At("/total", "30")
	})
}

// TestOneKeyMakesOneOrder sends an order many times at once, as a client does that does not wait for answers.
func TestOneKeyMakesOneOrder(t *testing.T) {
	t.Parallel()
	patient(t, func(t *testing.T, db *data.DB) {
		app := newApp(t, db)
		server := httptest.NewServer(app)
		defer server.Close()
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/products", `{"name":"Saw","price":10,"stock":30}`).Status(201)
		orders := make([]string, 20)
		for i := range orders {
			orders[i] = `{"lines":[{"product_id":1,"quantity":1}]}`
		}
		got := answers(t, server.URL+"/api/v2/orders", orders, http.Header{"Idempotency-Key": {"k"}, "Authorization": {signed(t, 1, "user")}})
		if len(got[201]) != len(orders) {
			t.Fatalf("the answers are %v", got)
		}
		for _, body := range got[201] {
			if body != got[201][0] {
				t.Errorf("%s and %s", body, got[201][0])
			}
		}
		stock(t, s, 29)
	})
}

// TestOneCancellationGivesBack cancels one order many times at once.
func TestOneCancellationGivesBack(t *testing.T) {
	t.Parallel()
	patient(t, func(t *testing.T, db *data.DB) {
		app := newApp(t, db)
		server := httptest.NewServer(app)
		defer server.Close()
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/products", `{"name":"Saw","price":10,"stock":3}`).Status(201)
		s.Post("/api/v2/orders", `{"lines":[{"product_id":1,"quantity":2}]}`).Status(201)
		got := answers(t, server.URL+"/api/v2/orders/1/cancel", make([]string, 20), http.Header{"Authorization": {signed(t, 1, "user")}})
		if len(got[200]) != 1 || len(got[200])+len(got[409])+len(got[503]) != 20 {
			t.Errorf("the answers are %v", got)
		}
		stock(t, s, 3)
	})
}
