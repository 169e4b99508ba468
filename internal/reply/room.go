package reply

import "net/http"

// Room is the memory in which header fields are made, used from answer to answer. The zero value is ready. It is not safe for
// concurrent use.
type Room struct {
	fields []field
	values []string // that no answer has had
}

// field is a header field to send.
type field struct{ name, value string }

// manyValues is for how many header fields memory is made at once: those of about twenty answers.
const manyValues = 48

// take returns memory for n values, of manyValues or fewer, that this answer alone ever has: middleware may write into them, and keep
// them. Each is to be cut to its own capacity, so that whoever adds a second value gets a copy.
func (r *Room) take(n int) []string {
	if len(r.values) < n {
		r.values = make([]string, manyValues)
	}
	values := r.values[:n:n]
	r.values = r.values[n:]
	return values
}

// set puts one field into h.
func (r *Room) set(h http.Header, name, value string) {
	values := r.take(1)
	values[0] = value
	h[name] = values
}

func (r *Room) setAll(h http.Header, fields []field) {
	for i := range fields {
		f := &fields[i]
		if f.name == "Set-Cookie" || f.name == "Vary" || f.name == "Link" && h["Link"] != nil {
			h.Add(f.name, f.value)
			continue
		}
		r.set(h, f.name, f.value)
	}
	clear(fields)
	r.fields = fields
}
