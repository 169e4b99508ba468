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

// Direct is a contender that does not stand on net/http. Its ServeHTTP is for the tests; Prepare returns what serves one request
// over and over as the contender's own server would, with a request and an answer that are used again, and returns the status.
type Direct interface {
	http.Handler
	Prepare(method, target, body string) (serve func() int)
}

// All lists the contenders; the first is the measure of the others.
func All() []Contender {
	return []Contender{
		{"hand-written", "", Hand},
		{"tenon", "github.com/tenon-go/tenon", Tenon},
		{"chi + playground", "github.com/go-chi/chi/v5", Chi},
		{"gin", "github.com/gin-gonic/gin", Gin},
		{"echo v5", "github.com/labstack/echo/v5", Echo},
		{"fiber v3", "github.com/gofiber/fiber/v3", Fiber},
		{"huma v2", "github.com/danielgtaylor/huma/v2", Huma},
		{"fuego", "github.com/go-fuego/fuego", Fuego},
		{"ogen", "github.com/ogen-go/ogen", Ogen},
	}
}
