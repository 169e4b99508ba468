package tenon

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/tenon-go/tenon/problem"
)

// Status sets the status of a success: 200..299, or 301, 302, 303, 307 or 308 for a Redirect.
func Status(code int) Option {
	return func(o *Operation) {
		if code < 200 || code > 399 {
			o.Fault(fmt.Errorf("status %d (%s) is not a success, want 200..299, or 300..399 for a redirect", code, http.StatusText(code)))
			return
		}
		o.Status = code
	}
}

// Summary sets one short line for the document.
func Summary(text string) Option { return func(o *Operation) { o.Summary = text } }

// Description sets the Markdown description for the document.
func Description(text string) Option { return func(o *Operation) { o.Description = text } }

// Tags adds tags that group operations in the document.
func Tags(names ...string) Option {
	return func(o *Operation) { o.Tags = append(o.Tags, names...) }
}

// OperationID sets the id of the operation in the document; it must be unique.
func OperationID(id string) Option { return func(o *Operation) { o.OperationID = id } }

// Deprecated marks the operation in the document.
func Deprecated() Option { return func(o *Operation) { o.Deprecated = true } }

// Hidden leaves the operation out of the document. It is served all the same.
func Hidden() Option { return func(o *Operation) { o.Hidden = true } }

// Fails adds problems that the operation may answer with, and kinds of problem with members of their own. The list is the document,
// and an operation that answers with another problem is logged, and fails a test under tenontest.
func Fails(kinds ...problem.Kind) Option {
	return func(o *Operation) {
		for _, kind := range kinds {
			var declared *problem.Error
			if kind != nil {
				declared = kind.Problem()
			}
			o.Fails = append(o.Fails, declared)
		}
	}
}

// MapErrors makes problems of errors that providers and handler return, before it is looked at whether an error holds a problem; nil means that to does
// not apply. Mappings of the operation come before those of its groups, and App.MapError comes last. What it makes is declared with Fails.
func MapErrors(to func(error) *problem.Error) Option {
	return func(o *Operation) {
		if to == nil {
			o.Fault(errors.New("MapErrors has no function"))
			return
		}
		o.mappings = append(o.mappings, to)
	}
}

// PerCaller says that what the operation answers depends on who calls, so that nobody keeps it for others. It is for providers of the caller
// and of what is theirs, whose options all operations get that need them.
func PerCaller() Option { return func(o *Operation) { o.PerCaller = true } }

// MapFaults answers what is wrong with an input by another problem than the usual 400, for what cannot be read, and 422, for values that break a rule: by
// one of kind, which to makes of the usual one, its Faults among it. It is for operations whose answers another standard fixes. The document has kind in
// the place of both. Other refusals, such as 413 and 415, stay.
func MapFaults(kind problem.Kind, to func(wrong *problem.Error) *problem.Error) Option {
	return func(o *Operation) {
		if to == nil {
			o.Fault(errors.New("MapFaults has no function"))
			return
		}
		Fails(kind)(o)
		o.wrong = to
	}
}

// Default sets the default of a query, header or cookie parameter by name. On a group or app it applies where the parameter
// exists; on an operation the parameter must exist.
func Default(name, value string) Option {
	return func(o *Operation) {
		if o.Defaults == nil {
			o.Defaults = map[string]string{}
		}
		o.Defaults[name] = value
	}
}

// AllowUnknownQuery lets query parameters pass that no field names, such as those that campaigns add to links. Without it, each
// is a fault "unknown".
func AllowUnknownQuery() Option { return func(o *Operation) { o.AllowUnknownQuery = true } }

// BodyLimit sets the most bytes of the request body; a body of exactly this size passes. A form with files has no limit as a
// whole but what its values and files may have together, unless this option says so.
func BodyLimit(bytes int64) Option {
	return func(o *Operation) {
		if bytes < 1 {
			o.Fault(fmt.Errorf("the body limit is %d bytes, want 1 or more", bytes))
			return
		}
		o.BodyLimit = bytes
		o.said = append(o.said, sayBodyLimit)
	}
}

// scan judges a file that was uploaded.
type scan = func(ctx context.Context, file Upload) error

// ScanUploads lets scan judge each file of a form when it has come whole and its field has nothing against it: before the next part is read, and
// long before a handler sees it. Use it for a scanner of viruses, or for what only your program knows of a format. An error that is a
// problem.Fault refuses the file with 422, at its field; any other ends the request as that of a handler would, so a *problem.Error of a
// scanner that is away is best declared with Fails. Several judge in the order of the options, those of the app first. scan must be safe for
// concurrent use; the file is gone with the request.
func ScanUploads(scan func(ctx context.Context, file Upload) error) Option {
	return func(o *Operation) {
		if scan == nil {
			o.Fault(errors.New("ScanUploads has no function"))
			return
		}
		o.scans = append(slices.Clip(o.scans), scan)
		o.said = append(o.said, sayScanUploads)
	}
}

// BodyETag gives the answers to GET a strong ETag that is made of their bodies, unless the output says one itself. A client that
// sends it back in If-None-Match gets 304 without the body; the handler runs all the same.
func BodyETag() Option {
	return func(o *Operation) {
		o.BodyETag = true
		o.said = append(o.said, sayBodyETag)
	}
}

// Decompress lets request bodies be compressed with one of the content codings, of which there is "gzip". The limit of the body holds
// for what is sent and for what it becomes. Without this option a compressed body is refused with 415.
func Decompress(codings ...string) Option {
	return func(o *Operation) {
		if len(codings) == 0 {
			o.Fault(errors.New("Decompress names no content coding, want gzip"))
			return
		}
		for _, coding := range codings {
			if coding != "gzip" {
				o.Fault(fmt.Errorf("Decompress: %q is not a content coding that is read, want gzip", coding))
				return
			}
		}
		o.Decompress = codings
		o.said = append(o.said, sayDecompress)
	}
}

// Use adds a middleware that runs for every caller, before anyone is authenticated. It takes both results of a constructor, so that
// tenon.Use(middleware.SecureHeaders(cfg)) is one expression; the error is a fault of Compile with the line that calls Use. As an
// option of the app the middleware also runs for what no route takes, and for the document and its pages.
func Use(mw Middleware, err error) Option {
	site := caller()
	return func(o *Operation) {
		if err != nil {
			o.Fault(sitedError{site, err})
			return
		}
		o.BeforeAuth = append(o.BeforeAuth, mw)
	}
}

// BeforeAuth adds middleware that runs for every caller, before anyone is authenticated.
func BeforeAuth(mw ...Middleware) Option {
	return func(o *Operation) { o.BeforeAuth = append(o.BeforeAuth, mw...) }
}

// Auth adds middleware that decides who the caller is and whether the operation is open to them. It runs before anything of
// the body is read.
func Auth(mw ...Middleware) Option {
	return func(o *Operation) { o.Auth = append(o.Auth, mw...) }
}

// AfterAuth adds middleware that runs for callers who were let in, before the request is bound.
func AfterAuth(mw ...Middleware) Option {
	return func(o *Operation) { o.AfterAuth = append(o.AfterAuth, mw...) }
}
