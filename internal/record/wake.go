package record

// Waker is what is provided for a run of a handler and finished after it, such as a transaction.
type Waker interface {
	// InWake has do run when all of it is finished, whatever came of it, and before the first byte of the answer unless that is a stream. False is that
	// nothing is to be finished, so that do is not kept.
	InWake(do func()) bool
}

// WakerKey is that of the Waker in the context of a handler.
type WakerKey struct{}
