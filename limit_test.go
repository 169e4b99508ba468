package tenon_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// TestLimitsStandInTheDocument holds the bounds that always apply against what the document says of them.
func TestLimitsStandInTheDocument(t *testing.T) {
	t.Parallel()
	type basket struct {
		Names  []string       `json:"names"`
		Counts map[string]int `json:"counts"`
	}
	for _, tt := range []struct {
		name           string
		limits         tenon.Limits
		items, message string
		most           int
	}{
		{name: "the defaults", most: 1000, items: "1000",
			message: "At most 1048576 bytes. Arrays and objects nest at most 32 deep and have at most 100000 items and members in all, " +
				"and a string without maxLength has at most 65536 bytes."},
		{name: "of the app", limits: tenon.Limits{Body: 4096, Depth: 4, Items: 5, StringBytes: 100, Total: 90}, most: 5, items: "5",
			message: "At most 4096 bytes. Arrays and objects nest at most 4 deep and have at most 90 items and members in all, " +
				"and a string without maxLength has at most 100 bytes."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			app := tenon.New(tenon.Config{Limits: tt.limits})
			app.Put("/x", func(context.Context, *basket) (*tenon.NoContent, error) { return nil, nil })
			s := tenontest.New(t, app)
			list := func(n int) string {
				return `{"names":[` + strings.TrimSuffix(strings.Repeat(`"a",`, n), ",") + `],"counts":{}}`
			}
			s.Put("/x", list(tt.most)).Status(204)
			s.Put("/x", list(tt.most+1)).Status(422).At("/errors/0/code", `"maxItems"`)
			doc := s.Get("/openapi.json").Status(200)
			doc.At("/components/schemas/Basket/properties/names/maxItems", tt.items)
			doc.At("/components/schemas/Basket/properties/counts/maxProperties", tt.items)
			doc.At("/paths/~1x/put/requestBody/description", `"`+tt.message+`"`)
		})
	}
}
