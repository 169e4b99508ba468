// Package accounts signs the users of a service in and out, on its own database: login and refresh, sessions, change of password, API keys, and limits on
// guessing. The users stay in the table of the service; it tells what Users asks for.
//
//	acc, err := accounts.New(db, accounts.Config{
//		Users:  users,
//		Tokens: auth.TokensConfig[auth.Access]{Keys: keys, Issuer: "https://store.example", Audience: "store"},
//	})
//	v1 := app.Group("/v1", auth.Required(auth.Bearer(acc.Tokens(), auth.BearerConfig{TokenURL: "/v1/auth/token"})))
//	acc.Routes(v1.Group("/auth"))
//
// Its tables are those of Models; migrate.Command writes their migration.
//
// # Sessions
//
// A login makes a session: a short access token, which the service verifies, and a refresh token, which the database knows by its hash alone. A refresh
// changes the refresh token. Who shows one that was used before has it from somewhere else, or lost its answer: within ten seconds the last one still
// gives the token that took its place, so that requests in parallel and answers that get lost end nobody's session; anything older ends it. A session
// ends after 14 days without a refresh, and 30 days after the login.
//
// # Guessing
//
// A try is counted in the database before the password is looked at, so that any number of requests to any number of replicas is bounded. Whoever tries
// an account too often waits, longer each time, up to 15 minutes; addresses from which its owner has signed in are counted apart, so that no stranger locks
// anybody out of those. A stranger can hold up a login from an address that is not known yet, for as long as they go on; sessions are
// not touched. When tries cannot be counted, nobody is let in.
package accounts
