package work

import (
	_ "embed"
	"net/http"
)

//go:embed order.json
var order string

// Load is one row of the table: a request and the status that answers it.
type Load struct {
	ID     string // W1 to W7
	Name   string
	Method string
	Target string
	Body   string
	Status int
}

// Loads lists the rows in the order of the table.
func Loads() []Load {
	return []Load{
		{"W1", "plaintext", http.MethodGet, "/plaintext", "", http.StatusOK},
		{"W2", "GET by id", http.MethodGet, "/users/42", "", http.StatusOK},
		{"W3", "validated POST", http.MethodPost, "/users", GoodUser, http.StatusCreated},
		{"W4", "three faults", http.MethodPost, "/users", BadUser, http.StatusUnprocessableEntity},
		{"W5", "page of 100", http.MethodGet, "/users?page=2&size=100", "", http.StatusOK},
		{"W7", "2 KB nested order", http.MethodPost, "/orders", Order(), http.StatusCreated},
	}
}

// GoodUser and BadUser are the bodies of W3 and W4; each member of BadUser breaks a rule.
const (
	GoodUser = `{"name":"Grace Hopper","email":"grace.hopper@example.com","age":37}`
	BadUser  = `{"name":"","email":"grace.hopper","age":150}`
)

// Plaintext is the answer to W1.
const Plaintext = "Hello, World!"

// Order is the body of W7: 1,950 bytes, 20 members, two nested objects and ten items.
func Order() string { return order }
