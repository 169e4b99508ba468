// Package tenontest runs an app in memory and checks what it answers, one request on one row:
//
//	func TestUsers(t *testing.T) {
//		s := tenontest.New(t, newApp(t))
//		s.Post("/users", `{"name":"Ada","age":36}`).Status(201).JSON(`{"id":"<<int>>","name":"Ada","age":36}`)
//		s.Post("/users", `{"name":"","age":36}`).Status(422).Fault("body", "/name", "minLength")
//		s.Get("/users/7").Status(404).Problem("user-not-found")
//		s.With("Accept", "text/html").Get("/users/1").Status(406)
//	}
//
// Besides what a test asks for, each answer of an operation is held against the app's OpenAPI document: its status, the
// required headers, the media type, and a JSON body against the schema. A problem that the operation does not declare
// fails the test as well, and so does what packages find wrong with the program, such as a query that is run for each row. Config switches each
// of these off.
//
// When an answer is there, the work given to tenon.After is done.
//
// The kit calls Errorf of the test, so the checks may run in any goroutine of it. The first check of an answer that fails
// is reported with the answer; later ones of the same answer are passed over.
package tenontest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/observe"
	"github.com/tenon-go/tenon/internal/record"
)

// Config changes what a Server checks by itself. The zero value checks everything.
type Config struct {
	// IgnoreDocument leaves out the comparison of each answer with the OpenAPI document. Default false.
	IgnoreDocument bool
	// IgnoreUndeclared lets operations answer with problems that they do not declare. Default false.
	IgnoreUndeclared bool
	// IgnoreFindings lets requests bring to light what is wrong with the program, such as a query for each row: see tenon.Report. Default false.
	IgnoreFindings bool
}

// Server is an app that runs in memory, and a client of it. It is stopped when the test ends. Safe for concurrent use.
type Server struct {
	tb        testing.TB
	client    *http.Client
	contracts map[string]*contract // by version; nil is none
	served    *sync.Map            // id of a request to what is served
	header    http.Header
}

// New compiles app and starts it; the test ends at once, with every fault, when the app does not compile. At most one
// Config may be given.
func New(tb testing.TB, app *tenon.App, cfg ...Config) *Server {
	tb.Helper()
	if len(cfg) > 1 {
		tb.Fatalf("tenontest.New takes one Config, not %d", len(cfg))
	}
	if err := app.Compile(); err != nil {
		tb.Fatalf("the app does not compile:\n%s", indent(err.Error()))
	}
	var c Config
	if len(cfg) == 1 {
		c = cfg[0]
	}
	start(tb, app)
	s := &Server{tb: tb, served: &sync.Map{}}
	if !c.IgnoreDocument {
		s.contracts = readContracts(tb, app)
	}
	server := httptest.NewTestServer(tb, s.watch(app, c))
	server.Config.ErrorLog = slog.NewLogLogger(Logger(tb).Handler(), slog.LevelError)
	s.client = server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if transport, ok := s.client.Transport.(*http.Transport); ok {
		transport.DisableCompression = true // a test sees the answer as it was sent
	}
	return s
}

// start starts the app. It stops when the last test that shares it is done with it.
func start(tb testing.TB, app *tenon.App) {
	tb.Helper()
	ctx := observe.Share(context.WithoutCancel(tb.Context()))
	if err := app.Start(ctx); err != nil {
		tb.Fatalf("the app does not start:\n%s", indent(err.Error()))
	}
	tb.Cleanup(func() {
		if err := app.Stop(ctx); err != nil {
			tb.Errorf("the app does not stop as it should:\n%s", indent(err.Error()))
		}
	})
}

// Logger writes to the log of the test, which is shown when the test fails. Give it to tenon.Config.
func Logger(tb testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// With returns a client of the same app that sends one more header field with each request, in the place of a field of the
// same name. An empty value leaves the field out, such as the Content-Type of a body.
func (s *Server) With(name, value string) *Server {
	c := *s
	c.header = s.header.Clone()
	if c.header == nil {
		c.header = http.Header{}
	}
	c.header.Set(name, value)
	return &c
}

// requestID is the header field by which the kit knows a request again. The app does not see it.
const requestID = "Tenontest-Request"

// watch stands before the app: it keeps each request, so that the pattern it matched can be read when its answer is there.
func (s *Server) watch(app http.Handler, cfg Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestID)
		r.Header.Del(requestID)
		if !cfg.IgnoreUndeclared {
			r = r.WithContext(observe.With(r.Context(), s.undeclared))
		}
		if !cfg.IgnoreFindings {
			r = r.WithContext(observe.WithFindings(r.Context(), s.finding))
		}
		rec := record.New()
		rec.Client = record.Peer(r)
		r = r.WithContext(record.With(observe.Wait(r.Context()), rec))
		done := make(chan struct{})
		defer close(done)
		s.served.Store(id, served{r, done})
		app.ServeHTTP(w, r)
	})
}

// served is a request as the app got it, and when it is done.
type served struct {
	request *http.Request
	done    <-chan struct{}
}

func (s *Server) undeclared(u observe.Undeclared) {
	s.tb.Errorf("%s answered with a problem that it does not declare (see tenon.Fails): %v", u.Operation, u.Problem)
}

func (s *Server) finding(f observe.Finding) {
	s.tb.Errorf("%s: %s: %s", f.Operation, f.Code, f.Message)
}

// readContracts reads the documents of the versions. Operations without versions are in each; "" is that of the newest.
func readContracts(tb testing.TB, app *tenon.App) map[string]*contract {
	tb.Helper()
	contracts := map[string]*contract{}
	for version, described := range app.Documents() {
		text, err := described.JSON()
		if err != nil {
			tb.Fatalf("the OpenAPI document cannot be written: %v", err)
		}
		document, err := parse(text)
		if err != nil {
			tb.Fatalf("the OpenAPI document is not JSON: %v", err)
		}
		contracts[version] = &contract{document: document}
		contracts[""] = contracts[version]
	}
	return contracts
}

// match is what an app matched: the pattern of the route, "" for none, and the version of it, "" for none.
type match struct{ version, pattern string }

// match is what the app matched for a request that was answered.
func (s *Server) match(id string) match {
	r, ok := s.served.LoadAndDelete(id)
	if !ok {
		return match{}
	}
	request := r.(served).request
	return match{record.From(request.Context()).Version, request.Pattern}
}

// finished waits until the app is done with a request whose answer was read: with the work given to tenon.After, too.
func (s *Server) finished(id string) error {
	r, ok := s.served.Load(id)
	if !ok {
		return nil
	}
	select {
	case <-r.(served).done:
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("the answer was sent, but the handler, or work given to tenon.After, does not return")
	}
}
