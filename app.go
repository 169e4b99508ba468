package tenon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/record"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/openapi"
	"github.com/tenon-go/tenon/problem"
)

// Config describes an app. The zero value is safe.
type Config struct {
	// Title is the name of the API in its document. Default "API".
	Title string
	// Version is the version of the API in its document, not that of OpenAPI. Default "0.0.0".
	Version string
	// Description is Markdown for the document. Default none.
	Description string
	// TermsOfService is the URL of the terms of the API. Default none.
	TermsOfService string
	// Contact says in the document whom to ask. Default none.
	Contact *openapi.Contact
	// License names the licence of the API in its document. Default none.
	License *openapi.License
	// ExternalDocs points from the document to more to read. Default none.
	ExternalDocs *openapi.ExternalDocs
	// Servers are where the paths of the document are found. Default: where the document is served, behind whatever prefix.
	Servers []openapi.Server
	// TagInfo describes the tags of operations, in the order in which pages show them; tags that it does not name follow.
	TagInfo []openapi.Tag
	// Extensions are members of the document whose names begin with "x-". Default none.
	Extensions map[string]any
	// Names makes the name of a member of JSON whose tag gives none of the name of the Go field: CamelCase, SnakeCase or a function of your
	// own. Default: the name of the field as it is.
	Names func(field string) string
	// Logger receives what the app notices. Default slog.Default().
	Logger *slog.Logger
	// Limits bound what a request may hold.
	Limits Limits
	// Docs says where the document and its pages are served.
	Docs Docs
	// Admission bounds how many requests Serve works on at once, when its Requests is set; that of a mounted app does not count. The
	// document then says that each operation may be answered with overloaded. Default: no bound.
	Admission middleware.AdmissionConfig
	// Errors is another shape for the body of every error. Default: problem details (RFC 9457).
	Errors *ErrorForm
	// ProblemBase comes before a problem's code in its type URI. Default "/problems/".
	ProblemBase string
}

// Limits bound what one request may hold. The zero value of a field is its default; a negative one is refused at start.
type Limits struct {
	// Body is the most bytes of a request body, and of the values of a form without its files; a body of exactly this size
	// passes. Default 1 MiB.
	Body int64
	// BodyTime is the most time that a body which is read piece by piece may be waited for: a form with files, or an io.Reader. It must come
	// at 1 KiB/s, too. What the handler takes between two reads does not count. Default 15 minutes.
	BodyTime time.Duration
	// Depth is how deep JSON may nest. Default 32, at most 64.
	Depth int
	// Items is the most items of a JSON array, or members of a map, whose field declares no maxItems. Default 1000.
	Items int
	// StringBytes is the most bytes of a JSON string or form field that declares no maxLength. Default 64 KiB.
	StringBytes int
	// Total is the most array items and object members of a JSON body in all, at every level. Default 100,000.
	Total int
	// QueryPairs is the most pairs of a query string, and of a urlencoded form. Default 100.
	QueryPairs int
	// Cookies is the most cookies of a request. Default 50.
	Cookies int
	// Form bounds the parts of a multipart form.
	Form FormLimits
}

// App is a set of operations and, once compiled, the http.Handler that serves them. Register everything from one
// goroutine, then Compile; what is registered later panics; serving is safe for concurrent use.
type App struct {
	registry

	root   Group
	faults []error

	versions *versionSet // nil is none
	hooks    []*plan     // of the webhooks, for the document

	once       func() error // compile, done once
	closing    sync.Mutex   // guards the two that follow
	closed     bool         // by Compile: nothing can be registered any more
	early      []error      // the faults of registration, once closed
	router     router
	plans      []*plan // in the order of registration
	shapes     *shape.Reader
	bodies     *codec.Compiler
	document   *openapi.Document // with versions: of the newest
	invalid    *problem.Error    // what faults of an input are answered with
	extensions extensions
	exit       func(http.ResponseWriter, *http.Request, error)                     // answers a *problem.Error, for package problem
	found      func(ctx context.Context, rec *record.Record, code, message string) // for Report
	later      func(ctx context.Context, do func(context.Context)) bool            // runs something after a request
	miss       http.Handler                                                        // answers a request without a route, inside the app's BeforeAuth middleware

	made     map[*provider]*made
	singles  []single // in the order in which they start
	singleAt map[*provider]int
	children []*App // that are mounted
	life     lifetime
	calls    calls

	common     common // what batteries keep
	findings   findings
	ran        *statements
	background background // work given to After, and what caches make anew
	ending     ending
}

// New makes an app without operations. Options apply to all of its operations.
func New(cfg Config, opts ...Option) *App {
	if cfg.Title == "" {
		cfg.Title = "API"
	}
	if cfg.Version == "" {
		cfg.Version = "0.0.0"
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.ProblemBase == "" {
		cfg.ProblemBase = "/problems/"
	}
	return newApp(registry{cfg: cfg, formats: validate.Builtin()}, Group{own: opts, opts: opts, site: caller()})
}

func newApp(of registry, root Group) *App {
	a := &App{registry: of, root: root, ran: &statements{}, shapes: shape.NewReader(), invalid: problem.Invalid()}
	a.shapes.Names, a.extensions.names = of.cfg.Names, of.cfg.Names
	a.root.app = a
	a.once = sync.OnceValue(a.compile)
	a.exit, a.found, a.later = a.answerError, a.report, a.background.run
	return a
}

// Group makes a group of operations whose paths begin with prefix and that share options.
func (a *App) Group(prefix string, opts ...Option) *Group {
	return a.root.group(prefix, opts, caller())
}

// Get registers an operation for GET, and with it for HEAD.
func (a *App) Get[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(http.MethodGet, path, erase(h), opts, caller())}
}

// Post registers an operation for POST; its status is 201 unless Status says otherwise.
func (a *App) Post[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(http.MethodPost, path, erase(h), opts, caller())}
}

// Put registers an operation for PUT.
func (a *App) Put[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(http.MethodPut, path, erase(h), opts, caller())}
}

// Patch registers an operation for PATCH.
func (a *App) Patch[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(http.MethodPatch, path, erase(h), opts, caller())}
}

// Delete registers an operation for DELETE.
func (a *App) Delete[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(http.MethodDelete, path, erase(h), opts, caller())}
}

// Handle registers an operation for any method.
func (a *App) Handle[I, O any](method, path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{a.root.add(method, path, erase(h), opts, caller())}
}

// Mount serves everything at and below prefix with h, for every method; see Group.Mount.
func (a *App) Mount(prefix string, h http.Handler, opts ...Option) {
	a.root.mount(prefix, h, opts, caller())
}

// Format registers a named format for the tag word format. check reports whether a text has it; message is what a
// fault says, such as "must be a licence plate". A name that exists already is a fault of Compile.
func (a *App) Format(name string, check func(text string) bool, message string) {
	a.open(caller())
	if _, ok := a.formats[name]; ok || name == "" || check == nil || message == "" {
		a.fault(caller(), fmt.Errorf("format %q exists already, or lacks its name, check or message", name))
		return
	}
	a.formats[name] = validate.Format{Check: check, Fault: problem.DefineText("format", message).Fix("format", name).With()}
}

// Transform registers a named change for the tag word transform: change makes of a submitted text what the rules judge and the
// handler gets. It must be safe for concurrent use, and give back as it is what it gave once. A name that exists already is a
// fault of Compile. Built in are trim, collapse, lower and upper.
func (a *App) Transform(name string, change func(text string) string) {
	a.open(caller())
	if _, ok := a.formats[name]; ok || name == "" || strings.Contains(name, ",") || change == nil {
		a.fault(caller(), fmt.Errorf("transform %q is empty, has a comma, or exists already", name))
		return
	}
	a.formats[name] = validate.Format{Transform: change}
}

// OpenAPI returns the document of a compiled app; nil before Compile or when it failed. The document is shared: do not
// change it.
func (a *App) OpenAPI() *openapi.Document { return a.document }

// Compile works out every operation: the plans of binding, checking and encoding, the routes, the document. It returns all
// faults joined, each with the file and line of the registration. Only the first call does the work; the others return its
// result. Serving compiles first.
func (a *App) Compile() error {
	return a.once()
}

// open panics when something is registered after Compile, where it could only be lost.
func (a *App) open(site string) {
	if a.closed {
		panic("tenon: " + site + ": registered after Compile")
	}
}

func (a *App) fault(site string, err error) {
	if err != nil {
		a.faults = append(a.faults, fmt.Errorf("%s: %w", site, err))
	}
}

func (a *App) joined() error { return errors.Join(a.faults...) }

// caller is the file and line of whoever called the exported function that calls caller.
func caller() string {
	_, file, line, ok := runtime.Caller(2)
	if !ok {
		return "unknown"
	}
	return fmt.Sprintf("%s:%d", file, line)
}
