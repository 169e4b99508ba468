package tenon

import "time"

// Event is an item of a stream of Server-Sent Events that says more than its data:
//
//	Body iter.Seq2[tenon.Event[Price], error] `body:"text/event-stream"`
//
// An event that cannot be sent as it is, such as one with a line end in its Name, ends the stream and is logged.
type Event[T any] struct {
	// Name is the kind of the event, on one line. Default none, which clients call a message. The name of the event that ends a
	// stream which failed is "problem".
	Name string
	// ID is what a client that lost the connection sends as Last-Event-ID, on one line. Default none: the client keeps the one
	// before.
	ID string
	// Retry tells the client how long to wait before it connects again, in whole milliseconds. Default none.
	Retry time.Duration
	// Comment stands before the event and is ignored by clients. It may have several lines. Default none.
	Comment string
	// Data is sent as JSON; a string is sent as it is, and may have several lines, whose ends all become LF.
	Data T
}
