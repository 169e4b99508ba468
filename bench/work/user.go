// Package work is the work that every contender does: the answers' types, the data behind them, and the requests.
// It belongs to no framework.
package work

import (
	"strconv"
	"time"
)

// User is the answer to "GET by id" and "validated POST", and one item of a page.
type User struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Age       int       `json:"age"`
	CreatedAt time.Time `json:"created_at"`
}

// Page is the answer to "page of 100".
type Page struct {
	Items []User `json:"items"`
	Total int    `json:"total"`
	Page  int    `json:"page"`
	Size  int    `json:"size"`
	Pages int    `json:"pages"`
}

// Total is the number of users there are.
const Total = 250

// NewID is the id that everything created gets. It never changes, so that answers can be compared.
const NewID = 8_401

// Now is the one moment at which everything is created.
func Now() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// Store holds the users. It is read-only and safe for concurrent use; it stands for a database that costs nothing.
type Store struct{ users []User }

// NewStore makes Total users with the ids 1 to Total.
func NewStore() *Store {
	s := &Store{users: make([]User, Total)}
	for i := range s.users {
		n := strconv.Itoa(i + 1)
		s.users[i] = User{
			ID:        int64(i + 1),
			Name:      "Ada Lovelace " + n,
			Email:     "ada." + n + "@example.com",
			Age:       20 + i%60,
			CreatedAt: Now().Add(time.Duration(i) * time.Minute),
		}
	}
	return s
}

// User finds the user with an id.
func (s *Store) User(id int64) (*User, bool) {
	if id < 1 || id > int64(len(s.users)) {
		return nil, false
	}
	return &s.users[id-1], true
}

// Users returns one page; the items are those of the store itself and must not be changed.
func (s *Store) Users(page, size int) []User {
	low := min((page-1)*size, len(s.users))
	return s.users[low:min(low+size, len(s.users))]
}

// Create makes a user of what a client sent. Nothing is kept.
func (s *Store) Create(name, email string, age int) *User {
	return &User{ID: NewID, Name: name, Email: email, Age: age, CreatedAt: Now()}
}
