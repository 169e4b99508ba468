// Package cache keeps answers, so that they are not made again, and what functions return.
//
//	kept, err := cache.New(cache.Config{})                     // in the process; or on a store that replicas share
//	v1 := app.Group("/api/v1", cache.Use(kept))
//	v1.Get("/stats", stats, cache.For(300*time.Second), cache.Tag("orders"))
//	v1.Post("/orders", order, cache.Invalidates("orders"))
//
// An answer is kept under a key that is made here and nowhere else: of the route and the values of its path, the query, the form and the version of
// the answer, the header fields and cookies that the operation reads, and who calls. Public leaves out who calls, and is refused where the
// operation needs to know. What sets a cookie, is sent piece by piece, is larger than MaxBody or is no success is never kept.
//
// What a writing operation invalidates by tags is gone when its answer leaves, after its transaction: nothing that was computed before is served after
// it, by no replica. Clients see Cache-Control, Age, ETag, Vary and Cache-Status, and may ask for less or more (RFC 9111, section 5.2.1).
//
// A store that cannot be asked is a miss. Then, as always, requests for one thing wait for one of them, and operations run a bounded number at once.
package cache
