// Package types has every kind of value, in a body and in an answer.
package types

import (
	"context"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
)

// All holds a member of each kind.
type All struct {
	Text     string                         `json:"text" minLength:"1" maxLength:"9" pattern:"^[a-z]+$" doc:"A word." example:"abc"`
	Byte     uint8                          `json:"byte" minimum:"1" exclusiveMaximum:"200" multipleOf:"2"`
	Whole    int64                          `json:"whole" default:"7"`
	Float    float32                        `json:"float" exclusiveMinimum:"0"`
	Flag     bool                           `json:"flag" default:"true"`
	Colour   Colour                         `json:"colour"`
	Email    tenon.Opt[string]              `json:"email" format:"email"`
	Nullable tenon.Null[int]                `json:"nullable"`
	Either   *string                        `json:"either"`
	Time     time.Time                      `json:"time"`
	Date     tenon.Date                     `json:"date"`
	Duration time.Duration                  `json:"duration"`
	ID       uuid.UUID                      `json:"id" readOnly:"true"`
	Password tenon.Opt[tenon.Secret]        `json:"password" writeOnly:"true" minLength:"8"`
	Bytes    []byte                         `json:"bytes"`
	Items    []string                       `json:"items" minItems:"1" maxItems:"3" uniqueItems:"true" maxLength:"4"`
	Pair     [2]int                         `json:"pair"`
	Map      map[string]int                 `json:"map" maxItems:"5"`
	Anything any                            `json:"anything"`
	Trimmed  string                         `json:"trimmed" transform:"trim,lower"`
	Old      tenon.Opt[string]              `json:"old" deprecated:"true"`
	Inner    Inner                          `json:"inner"`
	Box      Box[Inner]                     `json:"box"`
	Tree     *Tree                          `json:"tree"`
	Boxes    tenon.Opt[[]Box[Inner]]        `json:"boxes"`
	Nested   map[string]map[string]Box[int] `json:"nested"`
	Embedded
}

// Embedded lends its members.
type Embedded struct {
	Lent string `json:"lent"`
}

// Inner is a struct, open to further members.
type Inner struct {
	_    struct{} `additionalProperties:"true"`
	Name string   `json:"name"`
}

// Box is generic.
type Box[T any] struct {
	Value T `json:"value"`
}

// Tree is recursive.
type Tree struct {
	Branches tenon.Opt[[]Tree] `json:"branches"`
}

// Colour is one of a few words.
type Colour string

// Enum lists them.
func (Colour) Enum() []Colour { return []Colour{"red", "green"} }

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Types", Version: "1.0.0"})
	app.Post("/all", func(_ context.Context, in *All) (*All, error) { return in, nil })
	return app
}
