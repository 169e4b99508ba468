// Package forms has a form without files, and one with.
package forms

import (
	"context"

	"github.com/tenon-go/tenon"
)

// Login is a form of two fields.
type Login struct {
	Name     string              `form:"name" minLength:"1" maxLength:"40"`
	Password tenon.Secret        `form:"password"`
	Remember bool                `form:"remember" default:"false"`
	Scopes   tenon.Opt[[]string] `form:"scope" maxItems:"3" enum:"read,write"`
}

// Profile is a form with files.
type Profile struct {
	Name    string                    `form:"name"`
	Photo   tenon.Upload              `form:"photo" accept:"image/png,image/jpeg" maxBytes:"1000000" doc:"A portrait."`
	Letters tenon.Opt[[]tenon.Upload] `form:"letter" maxItems:"3"`
}

// Album is a form with parts in JSON.
type Album struct {
	About About                     `form:"about" doc:"What the pictures show."`
	Marks tenon.Opt[map[string]int] `form:"marks" maxItems:"2"`
	Free  tenon.Opt[any]            `form:"free"`
	Cover tenon.Upload              `form:"cover" accept:"image/*"`
}

// About is one of them.
type About struct {
	Place string `json:"place" minLength:"1"`
	Years []int  `json:"years"`
	Owner *Owner `json:"owner"`
}

// Owner is within.
type Owner struct {
	Name string `json:"name"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Forms", Version: "1.0.0"})
	app.Post("/login", func(context.Context, *Login) (*tenon.NoContent, error) { return nil, nil })
	app.Post("/profile", func(context.Context, *Profile) (*tenon.NoContent, error) { return nil, nil })
	app.Post("/albums", func(context.Context, *Album) (*tenon.NoContent, error) { return nil, nil })
	return app
}
