// Package record holds what is known of one request while it runs, behind one key of its context. The server or a middleware makes
// it; whoever learns something of the request writes it there; the access log, metrics and problems read it.
package record

import (
	"context"
	"net/http"
	"net/netip"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/internal/admit"
	"github.com/tenon-go/tenon/internal/answer"
)

// Record is what is known of one request. Its fields are written by what runs for the request, one after the other; a goroutine that
// a handler starts may read those that are written before the handler runs.
type Record struct {
	// ID names the request: a UUID of version 7, or what a trusted proxy calls it.
	ID string
	// TraceID is that of traceparent (W3C Trace Context); "" is none.
	TraceID string
	// Start is when the request came in.
	Start time.Time
	// Trusted reports that the peer is a proxy whose word counts.
	Trusted bool
	// Client is where the request comes from, as far as the trusted proxies say; the zero value is not known.
	Client netip.Addr
	// Scheme and Host are what the client asked; "" is what the request itself says.
	Scheme, Host string
	// Prefix is the path that a proxy took off, without a slash at its end.
	Prefix string
	// Route is the pattern of the route, such as "/users/{id}"; "" is none.
	Route string
	// Operation is what the route runs, such as "GET /users/{id}"; "" is none.
	Operation string
	// Critical reports that the operation may use the places that are kept from others.
	Critical bool
	// Version is that of the API, where there are several.
	Version string
	// Principal names the caller once somebody knows; it is never a secret.
	Principal string
	// Caller is what authentication knows of the caller; nil is nobody, or that nobody asked. One that is an encoding.BinaryAppender tells callers
	// apart by what it appends.
	Caller any
	// Guard judged the caller, and judges the caller of a stream again while it goes on; nil is nobody.
	Guard Guard
	// Event is what somebody who watches over the service should notice, in OWASP's vocabulary, such as "authz_fail"; "" is nothing.
	Event string
	// Problem is the code of the problem that is answered; "" is none.
	Problem string
	// Answer writes a *problem.Error as the app does that the request belongs to; nil outside an app. See problem.Write.
	Answer func(w http.ResponseWriter, r *http.Request, problem error)
	// Report tells the app that the request belongs to of something that is wrong with the program; nil outside an app.
	Report func(ctx context.Context, rec *Record, code, message string)
	// Statements keeps what databases ran for the app that the request belongs to; nil outside an app.
	Statements any
	// Later runs something beside the request or after it, where the app that the request belongs to has a place for that; it waits for it when it
	// stops. nil outside an app.
	Later func(ctx context.Context, do func(context.Context)) bool
	// Gate bounds how many requests are worked on; nil is no bound, or that the request has its place.
	Gate *admit.Gate
	// Place is that of the request in the outermost bound.
	Place admit.Place
	// Streams tells the open streams of a server that it stops; nil outside Serve.
	Streams Streams

	inner  []*admit.Place // those of the request in bounds within that
	named  [1]string      // ID, as a value of a header field
	pair   [2]string
	paired bool
	writer answer.Writer
	notes  notes
}

// Named is ID as the value of a header field. No other request has it.
func (r *Record) Named() []string {
	r.named[0] = r.ID
	return r.named[:]
}

// Pair is room for the values of two header fields, for the first who asks for it; nil is that somebody has it.
func (r *Record) Pair() *[2]string {
	if r.paired {
		return nil
	}
	r.paired = true
	return &r.pair
}

// Within notes the place of the request in a bound within another, for Stream and Leave.
func (r *Record) Within(place *admit.Place) { r.inner = append(r.inner, place) }

// Stream gives all places of the request back and counts it among the streams, until each is left. It reports false where there are too many.
func (r *Record) Stream() bool {
	fits := r.Place.Stream()
	for _, place := range r.inner {
		fits = fits && place.Stream()
	}
	return fits
}

// Leave gives all places of the request back.
func (r *Record) Leave() {
	r.Place.Leave()
	for _, place := range r.inner {
		place.Leave()
	}
}

// Watch returns a writer that watches what is written to w and gives a place to others meanwhile: w, where that does so already.
func (r *Record) Watch(w http.ResponseWriter, place *admit.Place) *answer.Writer {
	if own, ok := w.(*answer.Writer); ok && own.Place == place {
		return own
	}
	own := &r.writer // spares the first who asks an allocation
	if own.ResponseWriter != nil {
		own = new(answer.Writer)
	}
	own.ResponseWriter, own.Place = w, place
	return own
}

// Guard decides who may have the answer of a request.
type Guard interface {
	// Watch ends a stream, of which the context of r is, when its caller may have it no longer. It returns at once.
	Watch(r *http.Request, end context.CancelCauseFunc)
}

// Streams knows the open streams of a server.
type Streams interface {
	// Add notes how a stream is told that the server stops, until remove is called. events says that the stream is one of events.
	Add(events bool, cancel context.CancelCauseFunc) (remove func())
	// Last is how long a client has for what it has not taken yet when a stream must end.
	Last() time.Duration
}

type key struct{}

// From returns the record of the request that ctx belongs to, or nil.
func From(ctx context.Context) *Record {
	r, _ := ctx.Value(key{}).(*Record)
	return r
}

// With returns a context whose request has the record.
func With(ctx context.Context, r *Record) context.Context { return context.WithValue(ctx, key{}, r) }

// New makes a record with a fresh id, which starts now.
func New() *Record {
	r := &Record{}
	r.begin()
	return r
}

func (r *Record) begin() {
	r.ID, r.Start = uuid.NewV7().String(), time.Now()
}

// recorded is a context and the record of its request, in one allocation.
type recorded struct {
	context.Context //nolint:containedctx // It is a context.

	record Record
}

// Value returns the record, or what the context above knows.
func (c *recorded) Value(k any) any {
	if k == (key{}) {
		return &c.record
	}
	return c.Context.Value(k)
}

// Of returns the record of a request; a request without one gets it, and is another request then.
func Of(r *http.Request) (*http.Request, *Record) {
	if rec := From(r.Context()); rec != nil {
		return r, rec
	}
	c := &recorded{Context: r.Context()}
	c.record.begin()
	c.record.Client = Peer(r)
	return r.WithContext(c), &c.record
}

// Peer is the address that a request comes from; the zero value for what has none, such as a Unix socket.
func Peer(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}

// SchemeOf is what the client asked with, "http" or "https".
func SchemeOf(r *http.Request) string {
	if rec := From(r.Context()); rec != nil && rec.Scheme != "" {
		return rec.Scheme
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// HostOf is the host that the client asked, with the port when it said one.
func HostOf(r *http.Request) string {
	if rec := From(r.Context()); rec != nil && rec.Host != "" {
		return rec.Host
	}
	return r.Host
}
