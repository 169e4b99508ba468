package tenon

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// Handler is the form of an operation's function. It receives a fresh input that has passed every check, and returns an output
// or an error. A nil output without an error is right only for *NoContent.
type Handler[I, O any] = func(ctx context.Context, in *I) (*O, error)

// NoContent is the output of an operation that answers 204 without a body.
type NoContent struct{}

// Middleware wraps a handler, as everywhere in net/http.
type Middleware = func(http.Handler) http.Handler

// Operation is what an Option changes: how one operation runs and what the document says of it. Options of the app are
// applied first, then those of the groups from the outside in, then those of the operation itself.
type Operation struct {
	// Method and Path are the operation's own; options do not change them.
	Method, Path string
	// Status is the status of a success. Default 200, 201 for POST, 204 for NoContent.
	Status int
	// Summary is one short line for the document.
	Summary string
	// Description is Markdown for the document.
	Description string
	// Tags group operations in the document.
	Tags []string
	// OperationID is unique in the document. Default: made of method and path.
	OperationID string
	// ExternalDocs points from the document to more to read.
	ExternalDocs *openapi.ExternalDocs
	// ResponseDescriptions say in the document what an answer means, by status. Default: the words of HTTP or of the problems.
	ResponseDescriptions map[int]string
	// Examples are named examples of bodies for the document.
	Examples []BodyExample
	// Extensions are members of the operation in the document whose names begin with "x-".
	Extensions map[string]any
	// Deprecated marks the operation in the document.
	Deprecated bool
	// Critical lets the operation use the places that others leave when the server has too much to do.
	Critical bool
	// Hidden leaves the operation out of the document.
	Hidden bool
	// Fails are the problems that the operation may answer with, besides those that the framework makes of its input.
	Fails []*problem.Error
	// Security are the schemes that guard the operation: one of each list is needed; see Secure.
	Security [][]Security
	// Rule says in words who may call the operation, for people and for checks. Default "": nobody has said.
	Rule string
	// Caching says in words how answers are kept, for people. Default "": they are not.
	Caching string
	// PerCaller says that what is answered depends on who calls; see the option PerCaller. Default false: nobody has said so.
	PerCaller bool
	// Rates say in words how often the operation may be called, for people and for checks. Default nil: nobody counts.
	Rates []string
	// Uncounted is why the rates of its groups do not hold for the operation. Default "": they do.
	Uncounted string
	// Defaults are defaults of query, header and cookie parameters by name.
	Defaults map[string]string
	// AllowUnknownQuery lets query parameters pass that no field names. Default false: each is a fault.
	AllowUnknownQuery bool
	// FormatParameter is the query parameter that picks the form of an answer. Default "": there is none.
	FormatParameter string
	// FormatSuffix lets the end of the path pick it. Default false.
	FormatSuffix bool
	// BodyLimit is the most bytes of the request body. Default: that of the app.
	BodyLimit int64
	// BodyETag gives a GET an ETag made of its body.
	BodyETag bool
	// Decompress are the content codings that a request body may have. Default none.
	Decompress []string
	// Since and Until are the first and the last version that the operation is part of; "" is no bound.
	Since, Until string
	// Deadline is how long providers and handler may take; below 0 is as long as they like. Default: see the option Deadline.
	Deadline time.Duration
	// BeforeAuth, Auth and AfterAuth hold middleware by what it means: the first of a slot is the outermost.
	BeforeAuth, Auth, AfterAuth []Middleware

	mappings  []func(error) *problem.Error        // of MapErrors
	needs     []reflect.Type                      // of Needs
	offers    offers                              // of Provides
	parts     []any                               // of batteries
	common    *common                             // what they share of the app; nil is an operation that is of none
	template  string                              // Path without what names a version; "" is Path
	announced []announced                         // header fields of all its answers
	own       bool                                // the options that are applied are its own
	supplied  bool                                // they are those of a provider
	wrong     func(*problem.Error) *problem.Error // of MapFaults; nil is as usual
	scans     []scan                              // of ScanUploads
	callbacks []*outgoing
	faults    []error
	said      []string // options that only some operations can follow
}

// BodyExample is a named example of a JSON body.
type BodyExample struct {
	// Status is that of the answer; 0 is the request.
	Status int
	// Name is unique among the examples of one body.
	Name string
	// JSON is the body. It must satisfy every rule of the body's type.
	JSON string
}

// Fault reports that an option is wrong; Compile returns it with the call site of the operation.
func (o *Operation) Fault(err error) { o.faults = append(o.faults, err) }

// GroupFault is Fault for what is wrong with the options of the groups around the operation, or of the app: it is told once, however many
// operations they have.
func (o *Operation) GroupFault(err error) { o.faults = append(o.faults, sharedError{err}) }

// Err is what options have found wrong so far; nil is nothing.
func (o *Operation) Err() error { return errors.Join(o.faults...) }

// apply runs options in their order.
func (o *Operation) apply(opts []Option) {
	for _, opt := range opts {
		if opt == nil {
			o.Fault(errors.New("an option is nil"))
			continue
		}
		opt(o)
	}
}

// Option changes an operation, or every operation of a group or app.
type Option func(*Operation)

// erased is a handler without its types. Its makers are the only generic code: everything below is compiled once.
type erased struct {
	in, out reflect.Type
	fn      any                      // the handler, for its name
	newIn   func() (in any, c *call) // both new, in one allocation
	call    func(ctx context.Context, in any) (out any, err error)
}

func erase[I, O any](h Handler[I, O]) erased {
	e := erased{
		in:  reflect.TypeFor[I](),
		out: reflect.TypeFor[O](),
		fn:  h,
		newIn: func() (any, *call) {
			x := new(struct {
				in   I
				call call
			})
			return &x.in, &x.call
		},
	}
	if h != nil {
		e.call = untyped(h)
	}
	return e
}

// untyped calls h. Its type parameters are pointers, which all have one shape, so that it is compiled once for all operations.
func untyped[In, Out any](h func(context.Context, In) (Out, error)) func(context.Context, any) (any, error) {
	return func(ctx context.Context, in any) (any, error) {
		out, err := h(ctx, in.(In))
		var none Out
		if err != nil || any(out) == any(none) {
			return nil, err
		}
		return out, nil
	}
}
