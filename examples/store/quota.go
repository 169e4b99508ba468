package store

import (
	"context"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/ratelimit"
)

// Quota is how often an address may ask for it.
type Quota struct {
	Limit   int `json:"limit" minimum:"1" doc:"Requests that an address has." example:"10"`
	Seconds int `json:"seconds" minimum:"1" doc:"The window that they are for. It slides: it ends now." example:"60"`
}

func quota(context.Context, *struct{}) (*Quota, error) { return &Quota{10, 60}, nil }

// quotaRoutes adds an operation that is good for trying out a limit: what is left stands in the fields of its answers.
func quotaRoutes(r *tenon.Group) {
	r.Get("/quota", quota, ratelimit.Per("10/minute"), auth.Public("it says nothing of anybody"), tenon.Tags("quota"),
		tenon.Summary("Try out a limit"), tenon.Description("Ten requests a minute pass from one address. `RateLimit` says how many are left."))
}
