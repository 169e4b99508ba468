package problem

// Fault is one located fault of an input. It is an error, so that a type's Validate method can return one, or several
// joined with errors.Join. It is comparable.
type Fault struct {
	// In is where the value stood: path, query, header, cookie or body. Validate methods leave it empty.
	In string
	// Pointer is an RFC 6901 JSON Pointer to the value within In; "" is the whole of it. In a Validate method it is
	// relative to the value that is validated.
	Pointer string
	// Code is stable: a word of JSON Schema (minLength) or a code of the service's own.
	Code string
	// Message is a sentence for a person. It never repeats the submitted value.
	Message string
	// Params are the values in the message, for clients that say it in another language. Text.With sets them.
	Params Params
}

// Error is the fault on one line.
func (f Fault) Error() string { return f.In + f.Pointer + ": " + f.Message }

// At returns a copy whose pointer is the given one.
func (f Fault) At(pointer string) Fault {
	f.Pointer = pointer
	return f
}
