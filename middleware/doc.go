// Package middleware holds what runs around a handler, in the form of net/http: func(http.Handler) http.Handler. Each works around
// any handler; around an app of Tenon, or as an option of it with tenon.Use, its problems look like those of the app.
//
//	app := tenon.New(tenon.Config{}, tenon.Use(middleware.SecureHeaders(middleware.SecureHeadersConfig{})))
//
// A constructor takes a struct whose zero value is safe, and returns everything that is wrong with it at once.
//
// What they learn of a request stands in one record in its context: RequestID, AccessLog and Forwarded write it, and whoever comes
// later reads it with ClientIP, TraceID and tenon.RequestID. Order them from the outside in: Forwarded, RequestID, AccessLog, then the
// others. tenon.Serve has these three already, around the app.
package middleware

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/tenon-go/tenon/internal/record"
)

// Middleware wraps a handler, as everywhere in net/http.
type Middleware = func(http.Handler) http.Handler

// ClientIP returns the address of the client of the request that ctx belongs to: that of the peer, or what trusted proxies say, by
// Forwarded. The zero value is not known, as outside a request.
func ClientIP(ctx context.Context) netip.Addr {
	if rec := record.From(ctx); rec != nil {
		rec.Look(record.AtClient)
		return rec.Client
	}
	return netip.Addr{}
}

// TraceID returns the trace id of traceparent (W3C Trace Context) of the request that ctx belongs to, 32 hexadecimal digits; "" is
// none.
func TraceID(ctx context.Context) string {
	if rec := record.From(ctx); rec != nil {
		return rec.TraceID
	}
	return ""
}
