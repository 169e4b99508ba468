// Package tenon builds REST APIs from typed functions: one function is the endpoint, the check and the document.
//
// A service is a set of operations. An operation is a function
//
//	func(ctx context.Context, in *In) (*Out, error)
//
// What the request supplies stands in the fields of In, each with one source:
//
//	type GetItem struct {
//		ID     int64             `path:"id"`
//		Fields tenon.Opt[string] `query:"fields" maxLength:"200"`
//	}
//
// A struct without such tags is the JSON body itself. The tag words are those of JSON Schema (minLength, maximum, pattern,
// enum, format, default, …); one reading of them makes the check and the OpenAPI document. A field is required unless its type
// (Opt, a pointer) or a default says otherwise.
//
// Out is the JSON body, or has fields tagged status, header, cookie and body. A body that is an iter.Seq2[T, error] is a
// stream. An error is answered as a problem (RFC 9457); see package problem.
//
// Operations are registered on an App or a Group. Compile works everything out and returns all that is wrong, each fault
// with the file and line of the registration. An App is an http.Handler; Serve runs it with safe limits.
//
//	app := tenon.New(tenon.Config{Title: "Items", Version: "1.0.0"})
//	app.Get("/items/{id}", getItem, tenon.Fails(ErrNoItem))
//	err := tenon.Serve(ctx, app, tenon.ServerConfig{Addr: "127.0.0.1:8080"})
//
// One request takes this path: match, the middleware of the slots BeforeAuth, Auth and AfterAuth, media types, parameters,
// body, cross-field checks, handler, one answer. All faults of an input come back together, each with a JSON Pointer.
package tenon
