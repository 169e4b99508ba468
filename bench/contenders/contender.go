// Package contenders holds the same service several times over: written by hand, and with each framework as its own
// manual does it. Every contender answers the requests of package work alike; the tests of this package say so.
package contenders

import "net/http"

// Contender is one way to write the service.
type Contender struct {
	Name   string // as in the table
	Module string // whose version the table names; "" is the standard library
	New    func() http.Handler
}

// All lists the contenders; the first is the measure of the others.
func All() []Contender {
	return []Contender{
		{"hand-written", "", Hand},
		{"tenon", "github.com/tenon-go/tenon", Tenon},
		{"chi + playground", "github.com/go-chi/chi/v5", Chi},
		{"gin", "github.com/gin-gonic/gin", Gin},
		{"echo v5", "github.com/labstack/echo/v5", Echo},
		{"huma v2", "github.com/danielgtaylor/huma/v2", Huma},
	}
}
