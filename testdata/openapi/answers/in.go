// Package answers has an operation with several outcomes, and one that sets status, headers and cookies.
package answers

import (
	"context"
	"net/http"

	"github.com/tenon-go/tenon"
)

// Found is an answer.
type Found struct {
	Name string `json:"name"`
}

// Queued is another.
type Queued struct {
	Location string `header:"Location"`
	After    int    `header:"Retry-After" doc:"Seconds."`
	Body     Job    `body:""`
}

// Job is work that goes on.
type Job struct {
	ID int `json:"id"`
}

// Outcome is one of them.
type Outcome struct {
	Done   *Found           `status:"200"`
	Queued *Queued          `status:"202"`
	Gone   *tenon.NoContent `status:"204"`
}

// Session is an answer that sets a cookie.
type Session struct {
	Status int          `status:"" enum:"200,201"`
	Cookie *http.Cookie `cookie:"session"`
	Limit  int          `header:"X-Limit"`
	Body   Found        `body:""`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Outcomes", Version: "1.0.0"})
	app.Post("/search", func(context.Context, *struct{}) (*Outcome, error) { return &Outcome{}, nil })
	app.Post("/session", func(context.Context, *struct{}) (*Session, error) { return &Session{}, nil })
	app.Put("/queue", func(context.Context, *struct{}) (*Job, error) { return &Job{}, nil }, tenon.Status(http.StatusAccepted))
	return app
}
