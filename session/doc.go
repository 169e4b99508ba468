// Package session keeps a small value for each browser, behind a cookie:
//
//	sessions, err := session.New[Visit](session.Config{Keys: []session.Root{root}})
//	app := tenon.New(tenon.Config{}, sessions.Use())
//
//	type AddToCart struct {
//		Session *session.Of[Visit] `dep:""`
//		Thing   Item               `body:""`
//	}
//
// A handler reads the value with Value, and changes it with Change. What it changed is kept when the handler succeeds, and only then; nothing is sent
// where nothing changed. Without a Store the value stands in the cookie, sealed with AES-256-GCM: a client can neither read nor change it, but who
// copied a cookie has what it said until it ends. With a Store the cookie holds a random id alone, and what is destroyed or renewed ends at once.
//
// The cookie is "__Host-session" with Secure, HttpOnly, SameSite=Lax and Path=/. One that is forged, of another service or too old counts for nothing:
// the session is empty then. Operations that take a session answer with Vary: Cookie, and with Cache-Control: no-store (private, no-cache where there is an
// ETag) unless they say another; what sets the cookie and says neither private nor no-store, or public too, says no-store. Package cache keeps none of their
// answers.
//
// A session is not a proof of who calls, unless the program keeps that in it: call Renew when somebody signs in. middleware.CrossOrigin keeps pages of
// other sites from acting for a browser; services with sessions want it.
package session
