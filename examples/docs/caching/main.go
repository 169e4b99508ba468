// Command caching is the program of the page "Caching": a shop whose answers are kept until what they are made of changes.
package main

import (
	"context"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cache"
	"github.com/tenon-go/tenon/problem"
)

// region: app

func newApp(now func() time.Time) (*tenon.App, error) {
	kept, err := cache.New(cache.Config{Now: now})
	if err != nil {
		return nil, err
	}
	s := &shop{prices: map[string]int{"oak": 40, "ash": 35}}
	app := tenon.New(tenon.Config{Title: "Shop", Version: "1.0.0"}, cache.Use(kept))

	app.Get("/stats", s.stats, cache.For(300*time.Second), cache.Public(), cache.Tag("boards"))
	app.Get("/boards/{name}", s.board, tenon.Fails(ErrNoBoard),
		cache.For(time.Minute), cache.Tag("board/{name}"),
		cache.StaleWhileRevalidate(10*time.Second), cache.StaleIfError(time.Hour))
	app.Put("/boards/{name}", s.price, cache.Invalidates("boards", "board/{name}"))
	return app, app.Compile()
}

// endregion: app

// region: memo

func newRates() (*cache.Memo[string, float64], error) {
	return cache.NewMemo(cache.MemoConfig[string, float64]{
		Load: askBank, // func(ctx context.Context, currency string) (float64, error)
		TTL:  time.Hour,
	})
}

// endregion: memo

func askBank(_ context.Context, currency string) (float64, error) {
	if currency != "EUR" {
		return 0, problem.NotFound("")
	}
	return 1, nil
}

// ErrNoBoard is answered where there is no board of a name.
var ErrNoBoard = problem.Define(http.StatusNotFound, "no-board", "There is no such board.")

// Board is a board with its price.
type Board struct {
	Name  string `json:"name"`
	Price int    `json:"price"`
}

// Stats are all boards in a few numbers.
type Stats struct {
	Boards   int `json:"boards"`
	Sum      int `json:"sum"`
	Computed int `json:"computed" doc:"How often this was computed."`
}

type shop struct {
	mu       sync.Mutex
	prices   map[string]int
	computed int
}

func (s *shop) stats(context.Context, *struct{}) (*Stats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.computed++
	all := &Stats{Boards: len(s.prices), Computed: s.computed}
	for _, price := range s.prices {
		all.Sum += price
	}
	return all, nil
}

// Named is what a request for one board supplies.
type Named struct {
	Name string `path:"name" maxLength:"40"`
}

func (s *shop) board(_ context.Context, in *Named) (*Board, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	price, ok := s.prices[in.Name]
	if !ok {
		return nil, ErrNoBoard
	}
	return &Board{in.Name, price}, nil
}

// Priced is a price for a board.
type Priced struct {
	Named

	Body struct {
		Price int `json:"price" minimum:"1"`
	} `body:""`
}

func (s *shop) price(_ context.Context, in *Priced) (*Board, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prices[in.Name] = in.Body.Price
	return &Board{in.Name, in.Body.Price}, nil
}

func main() {
	app, err := newApp(time.Now)
	if err != nil {
		log.Fatal(err)
	}
	if err := tenon.Serve(context.Background(), app, tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
