// Package ratelimit bounds how often operations are called. A limit is an option of an operation, a group or the app:
//
//	v1 := app.Group("/v1", ratelimit.Per("100/minute"))
//	v1.Get("/search", search, ratelimit.Limit{Per: "10/second; 1000/day", By: ratelimit.Caller()}.Option())
//
// A limit counts for each route template and key by itself: the path parameters of a request, its query, and whether it is GET or HEAD, make no
// difference. All limits that reach an operation hold, so that the strictest decides. Who is beyond one is answered 429 with the problem ErrLimited
// before anything of the body is read. Every answer says where its client stands, in the fields RateLimit-Policy and RateLimit
// (draft-ietf-httpapi-ratelimit-headers).
//
// What is counted stands in the process unless In says otherwise. With a store that replicas share the limits hold for all of them together, exactly.
// While such a store is lost each replica counts by itself; nobody is let through uncounted.
package ratelimit
