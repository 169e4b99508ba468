package tenon_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/tenontest"
)

type shelfView struct {
	ID    int                    `json:"id"`
	Name  string                 `json:"name"`
	Books tenon.Opt[[]string]    `json:"books"`
	Owner tenon.Opt[shelfOwner]  `json:"owner"`
	Key   string                 `json:"key" writeOnly:"true"`
	Place struct{ Row, Col int } `json:"place"`
}

type shelfOwner struct {
	Name string `json:"name"`
}

type listShelves struct {
	page.Query
	tenon.Fields[shelfView]
	tenon.Include[shelfView]
}

func shelves(t *testing.T) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	view := func(in *listShelves) shelfView {
		v := shelfView{ID: 1, Name: "a"}
		v.Place.Row = 3
		if in.Wants("books") {
			v.Books = tenon.Some([]string{"b"})
		}
		return v
	}
	app.Get("/shelves", func(_ context.Context, in *listShelves) (*page.Of[tenon.Sparse[shelfView]], error) {
		return page.New(in.Query, []shelfView{view(in)}, 1).Map(in.Pick), nil
	})
	app.Get("/shelf", func(_ context.Context, in *listShelves) (*tenon.Sparse[shelfView], error) {
		one := in.Pick(view(in))
		return &one, nil
	})
	return tenontest.New(t, app)
}

func TestSparseFieldsAndIncludes(t *testing.T) {
	t.Parallel()
	s := shelves(t)
	for query, want := range map[string]string{
		"":                           `{"id":1,"name":"a","place":{"Row":3,"Col":0}}`,
		"?fields=id":                 `{"id":1}`,
		"?fields=place,id":           `{"id":1,"place":{"Row":3,"Col":0}}`,
		"?include=books":             `{"id":1,"name":"a","books":["b"],"place":{"Row":3,"Col":0}}`,
		"?fields=name&include=books": `{"name":"a","books":["b"]}`,
		"?include=owner&fields=name": `{"name":"a"}`,
	} {
		s.Get("/shelf" + query).Status(200).Text(want)
		s.Get("/shelves"+query).Status(200).At("/items", "["+want+"]")
	}
	for query, fault := range map[string][2]string{
		"fields=": {"/fields", "minItems"}, "fields=books": {"/fields/0", "enum"}, "fields=id,key": {"/fields/1", "enum"}, "fields=ID": {"/fields/0", "enum"},
		"fields=id,id": {"/fields", "uniqueItems"}, "fields=id&fields=name": {"/fields", "duplicate"},
		"include=id": {"/include/0", "enum"}, "include=books,": {"/include/1", "enum"},
	} {
		s.Get("/shelf?"+query).Status(422).Fault("query", fault[0], fault[1])
	}
}

func TestSparseIsDescribed(t *testing.T) {
	t.Parallel()
	document := shelves(t).Get("/openapi.json").Status(200)
	document.At("/components/schemas/SparseShelfView", `{"type":"object","properties":{"id":{"type":"integer","format":"int64"},"name":{"type":"string"},`+
		`"books":{"type":"array","items":{"type":"string"}},"owner":{"$ref":"#/components/schemas/ShelfOwner"},"place":"<<any>>"}}`).
		At("/paths/~1shelf/get/parameters/2/schema/items/enum", `["id","name","place"]`).
		At("/paths/~1shelf/get/parameters/3/schema/items/enum", `["books","owner"]`)
}

func TestSparseIsRefusedWhereItHasNoMeaning(t *testing.T) {
	t.Parallel()
	type noOptional struct {
		ID int `json:"id"`
	}
	app := tenon.New(tenon.Config{})
	app.Post("/a", func(context.Context, *struct {
		Body tenon.Sparse[shelfOwner] `body:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	})
	app.Get("/b", func(context.Context, *struct{}) (*tenon.Sparse[int], error) { return nil, nil })
	app.Get("/c", func(context.Context, *struct{ tenon.Include[noOptional] }) (*shelfOwner, error) { return nil, nil })
	err := app.Compile()
	for _, want := range []string{"is for answers", "not of int", "returns no values"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want a fault with %q", err, want)
		}
	}
}
