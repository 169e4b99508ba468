// Package parameters has values in every place and every style.
package parameters

import (
	"context"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
)

// Filter is an object in the query.
type Filter struct {
	Name tenon.Opt[string] `json:"name" maxLength:"9"`
	Age  tenon.Opt[int]    `json:"age" minimum:"0"`
}

// Shared lends its parameters.
type Shared struct {
	Trace tenon.Opt[string] `header:"X-Trace" doc:"For the log."`
}

// Search is all that an operation asks for.
type Search struct {
	Shared
	Tenant uuid.UUID                    `path:"tenant"`
	Day    tenon.Date                   `path:"day"`
	Words  tenon.Opt[[]string]          `query:"word" maxItems:"3" minLength:"1"`
	Comma  tenon.Opt[[]int]             `query:"comma" explode:"false"`
	Space  tenon.Opt[[]int]             `query:"space" style:"spaceDelimited"`
	Pipe   tenon.Opt[[]int]             `query:"pipe" style:"pipeDelimited"`
	Filter tenon.Opt[Filter]            `query:"filter" style:"deepObject"`
	Labels tenon.Opt[map[string]string] `query:"label" style:"deepObject"`
	Order  string                       `query:"order" enum:"up,down" default:"up"`
	Old    tenon.Opt[bool]              `query:"old" deprecated:"true"`
	Since  tenon.Opt[time.Time]         `header:"If-Modified-Since"`
	Ranks  tenon.Opt[[]int]             `header:"X-Rank"`
	Theme  tenon.Opt[string]            `cookie:"theme" example:"dark"`
}

// App is the app.
func App() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Parameters", Version: "1.0.0"})
	app.Post("/{tenant}/days/{day}", func(context.Context, *Search) (*tenon.NoContent, error) { return nil, nil })
	app.Get("/open", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, tenon.AllowUnknownQuery())
	return app
}
