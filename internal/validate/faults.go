// Package validate compiles the rules of one reading of types and tags into checks that run without reflection over tags
// and without allocating while the values are fine. It also turns text into scalars, for parameters and for the text forms
// in a JSON body.
package validate

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/tenon-go/tenon/problem"
)

// maxFaults bounds what one answer reports, so that a hostile body of faults does not become a large answer.
const maxFaults = 100

// Faults collects the faults of one request at a current path. The zero value is ready. It is not safe for concurrent use.
type Faults struct {
	// In is the source that is being read: path, query, header, cookie or body.
	In string
	// List holds the faults in the order in which they were found, at most 100.
	List []problem.Fault
	// TextBytes is the most bytes that a transform may make of a text, unless its maxLength declares more; default 64 KiB.
	TextBytes int

	path []segment
	sent int // bytes of the texts that were transformed
	made int // bytes of what they became
}

// segment is one step of a path: the name of a member, or an index when name is "" and index is 0 or more.
type segment struct {
	name  string
	index int
}

// Push steps into the member or parameter called name.
func (f *Faults) Push(name string) { f.path = append(f.path, segment{name: name, index: -1}) }

// PushIndex steps into item i of an array.
func (f *Faults) PushIndex(i int) { f.path = append(f.path, segment{index: i}) }

// Pop steps out again.
func (f *Faults) Pop() { f.path = f.path[:len(f.path)-1] }

// Add notes a fault at the current path. When the list is full it does nothing.
func (f *Faults) Add(fault problem.Fault) {
	if f.Full() {
		return
	}
	fault.In, fault.Pointer = f.In, f.Pointer()
	f.List = append(f.List, fault)
}

// AddAt notes a fault at the member or parameter called name, below the current path.
func (f *Faults) AddAt(name string, fault problem.Fault) {
	f.Push(name)
	f.Add(fault)
	f.Pop()
}

// Clip bounds a submitted name that becomes part of a pointer: at most 64 code points of it are kept.
func Clip[T string | []byte](name T) string {
	const most = 64
	if len(name) <= most {
		return string(name)
	}
	n := 0
	for i := range string(name[:min(len(name), (most+1)*utf8.UTFMax)]) {
		if n == most {
			return string(name[:i]) + "…"
		}
		n++
	}
	return string(name)
}

// Len is the number of faults.
func (f *Faults) Len() int { return len(f.List) }

// Full reports whether no further fault will be kept, so that a reader may stop early.
func (f *Faults) Full() bool { return len(f.List) >= maxFaults }

// Pointer is the current path as a JSON Pointer (RFC 6901); "" is the whole value.
func (f *Faults) Pointer() string {
	if len(f.path) == 0 {
		return ""
	}
	b := make([]byte, 0, 64)
	for _, s := range f.path {
		b = append(b, '/')
		if s.index >= 0 {
			b = strconv.AppendInt(b, int64(s.index), 10)
		} else {
			b = append(b, problem.EscapeToken(s.name)...)
		}
	}
	return string(b)
}

// Reset empties f for another request and keeps its memory.
func (f *Faults) Reset() {
	if len(f.List)+len(f.path) > 0 {
		clear(f.List)
		clear(f.path)
		f.List = f.List[:0]
		f.path = f.path[:0]
	}
	if f.In != "" {
		f.In = ""
	}
	f.TextBytes, f.sent, f.made = 0, 0, 0
}

// addOnce notes a fault unless the same one is there.
func (f *Faults) addOnce(fault problem.Fault) {
	if !f.Full() && !slices.Contains(f.List, fault) {
		f.List = append(f.List, fault)
	}
}
