package reply

import "net/http"

// Room is the memory in which header fields are made, used from answer to answer. The zero value is ready. It is not safe for
// concurrent use.
type Room struct {
	fields []field
	values *[manyValues]string
	had    int // of values, by answers
}

// field is a header field to send.
type field struct{ name, value string }

// manyValues is for how many header fields memory is made at once, a kilobyte: those of 20 to 30 answers. It is a size of which the
// allocator of Go wastes nothing.
const manyValues = 63

// take returns memory for n values, of manyValues or fewer, that this answer alone ever has: middleware may write into them, and keep
// them. Each is to be cut to its own capacity, so that whoever adds a second value gets a copy.
func (r *Room) take(n int) []string {
	if r.values == nil || r.had+n > manyValues {
		r.values, r.had = new([manyValues]string), 0
	}
	values := r.values[r.had : r.had+n : r.had+n]
	r.had += n
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
