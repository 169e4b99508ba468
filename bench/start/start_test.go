// Package start_test measures what a service pays before its first request.
package start_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

type (
	item struct {
		ID        int64     `json:"id"`
		Name      string    `json:"name"`
		Price     float64   `json:"price"`
		Tags      []string  `json:"tags"`
		CreatedAt time.Time `json:"created_at"`
	}
	newItem struct {
		Name  string   `json:"name" minLength:"1" maxLength:"100"`
		Price float64  `json:"price" minimum:"0"`
		Tags  []string `json:"tags" maxItems:"10"`
	}
	byID struct {
		ID int64 `path:"id" minimum:"1"`
	}
	change struct {
		ID   int64   `path:"id" minimum:"1"`
		Item newItem `body:""`
	}
)

func list(context.Context, *page.Query) (*page.Of[item], error) { return &page.Of[item]{}, nil }
func get(context.Context, *byID) (*item, error)                 { return &item{}, nil }
func create(context.Context, *newItem) (*item, error)           { return &item{}, nil }
func replace(context.Context, *change) (*item, error)           { return &item{}, nil }
func remove(context.Context, *byID) (*tenon.NoContent, error)   { return &tenon.NoContent{}, nil }

// app registers groups of 20 operations: four resources, each with list, get, create, replace and remove.
func app(groups int) *tenon.App {
	notFound := problem.Define(404, "item-not-found", "There is no such item.")
	a := tenon.New(tenon.Config{Title: "Many"})
	for g := range groups {
		group := a.Group(fmt.Sprintf("/groups/%d", g), tenon.Tags(fmt.Sprintf("group %d", g)))
		for r := range 4 {
			path := fmt.Sprintf("/items%d", r)
			group.Get(path, list)
			group.Post(path, create)
			group.Get(path+"/{id}", get, tenon.Fails(notFound))
			group.Put(path+"/{id}", replace, tenon.Fails(notFound))
			group.Delete(path+"/{id}", remove, tenon.Fails(notFound))
		}
	}
	return a
}

// BenchmarkStart registers and compiles 1,000 operations in 50 groups, their document included.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := app(50).Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStartNested registers and compiles 1,000 operations in 50 groups of which each stands in the one before.
func BenchmarkStartNested(b *testing.B) {
	notFound := problem.Define(404, "item-not-found", "There is no such item.")
	b.ReportAllocs()
	for b.Loop() {
		a := tenon.New(tenon.Config{Title: "Nested"})
		group := a.Group("/g0")
		for g := range 50 {
			if g > 0 {
				group = group.Group(fmt.Sprintf("/g%d", g), tenon.Tags(fmt.Sprintf("group %d", g)))
			}
			for r := range 20 {
				group.Get(fmt.Sprintf("/items%d/{id}", r), get, tenon.Fails(notFound))
			}
		}
		if err := a.Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenAPI writes the document of 500 operations.
func BenchmarkOpenAPI(b *testing.B) {
	a := app(25)
	if err := a.Compile(); err != nil {
		b.Fatal(err)
	}
	for _, form := range []struct {
		name  string
		write func() ([]byte, error)
	}{
		{"json", a.OpenAPI().JSON},
		{"yaml", a.OpenAPI().YAML},
	} {
		b.Run(form.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := form.write(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestManyOperationsCompile keeps the benchmark's app right.
func TestManyOperationsCompile(t *testing.T) {
	t.Parallel()
	if err := app(1).Compile(); err != nil {
		t.Fatal(err)
	}
}
