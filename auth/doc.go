// Package auth says who calls and what they may: declared once, enforced and documented from the same value.
//
//	tokens, err := auth.NewTokens(auth.TokensConfig[auth.Access]{Keys: keys, Issuer: "https://store.example", Audience: "store"})
//	v1 := app.Group("/api/v1", auth.Required(auth.Bearer(tokens, auth.BearerConfig{})), auth.Roles(roles...))
//	v1.Post("/users", signUp, auth.Public("sign-up"))
//	v1.Get("/users", list, auth.Role("admin"))
//	v1.Get("/users/me", me) // the rule of the group: any signed-in caller
//
// A Scheme finds the caller in the header of a request, before a byte of the body is read: Bearer, APIKey or Basic. Required guards the
// operations of a group with schemes; what no rule says more of is open to every signed-in caller, and to nobody else. Public opens an
// operation, and wants a reason. Role, Scope and Permission narrow it, and And, Or and Not combine them. The rule stands in the document and
// in what App.Operations tells; Matrix lists it for every operation and role.
//
// A handler gets the caller as *Principal, in a field tagged dep:"". It comes from a verified credential, never from a header that a client or
// a proxy writes.
//
// Keys are made of one Root, or parsed; the algorithm belongs to the key, and a token only says which key it was signed with. Tokens of one
// kind cannot serve as another: the kind is a type, and stands in the token.
package auth
