package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Change is one difference of two documents.
type Change struct {
	// Breaking reports whether a client that was right before may be wrong now.
	Breaking bool
	// Path says where: an operation and a place in it, such as "POST /users: body /name".
	Path string
	// What is the difference in words, such as "maxLength is 10, was 20".
	What string
}

// String is the change on one line.
func (c Change) String() string {
	kind := "compatible"
	if c.Breaking {
		kind = "breaking"
	}
	return kind + ": " + c.Path + ": " + c.What
}

// Diff returns what differs between two documents in what they promise, in the order of paths. Of what is sent the service may
// only take more than before, of what is answered it may only give less variety; all else is breaking. Descriptions, examples,
// titles and extensions promise nothing and are not compared. Of webhooks and callbacks, which the service sends, it is the other way round.
//
// Judged to be breaking as well: another operation id or default, since programs are generated from the one and rely on the other;
// a parameter that is gone, since the service refuses what it does not know; another success, whether it is new or gone, since no client
// reads what it was not told of. A success is not new when 2XX, 3XX or default told of it, and 206 and 304 are for those who ask for them.
// Compatible are a new problem, as clients take one of any status and code, and a new member of an answer, as they pass over what they do not know.
func Diff(before, after *Document) []Change {
	d := &differ{before: before, after: after, seen: map[pair]bool{}}
	d.servers()
	was, is := operations(before), operations(after)
	for _, key := range union(was, is) {
		d.path = key.String()
		switch {
		case is[key] == nil:
			d.add(true, "the operation is gone")
		case was[key] == nil:
			d.path = is[key].name
			d.add(false, "the operation is new")
		default:
			d.path = is[key].name
			d.operation(was[key], is[key])
		}
	}
	d.webhooks()
	return d.changes
}

type differ struct {
	before, after *Document
	path          string
	pointer       string // below path, in a schema; * is any item or member
	seen          map[pair]bool
	changes       []Change
}

func (d *differ) add(breaking bool, format string, args ...any) {
	d.changes = append(d.changes, Change{breaking, strings.TrimSuffix(d.path+" "+d.pointer, " "), fmt.Sprintf(format, args...)})
}

// within adds to the path while fn runs.
func (d *differ) within(place string, fn func()) {
	old := d.path
	if strings.Contains(old, ":") {
		d.path += " " + place
	} else {
		d.path += ": " + place
	}
	fn()
	d.path = old
}

// endpoint is a path without the names of its parameters, and a method.
type endpoint struct{ path, method string }

func (e endpoint) String() string { return e.method + " " + e.path }

func compareEndpoints(a, b endpoint) int {
	return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
}

// operation is one operation with the names of its path parameters.
type operation struct {
	*Operation
	name     string
	wildcard []string
	shared   []*Parameter
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

func operations(d *Document) map[endpoint]*operation {
	all := map[endpoint]*operation{}
	for path, item := range d.Paths {
		for method, op := range item.Operations() {
			key := endpoint{braces.ReplaceAllString(path, "{}"), method}
			all[key] = &operation{op, method + " " + path, braces.FindAllString(path, -1), item.Parameters}
		}
	}
	return all
}

func union[V any](was, is map[endpoint]V) []endpoint {
	all := maps.Clone(was)
	maps.Copy(all, is)
	return slices.SortedFunc(maps.Keys(all), compareEndpoints)
}

// names are the keys of two maps, sorted.
func names[V any](was, is map[string]V) []string {
	all := map[string]V{}
	maps.Copy(all, was)
	maps.Copy(all, is)
	return slices.Sorted(maps.Keys(all))
}

func (d *differ) servers() {
	d.path = "servers"
	for _, s := range d.before.Servers {
		if !slices.ContainsFunc(d.after.Servers, func(o Server) bool { return o.URL == s.URL }) {
			d.add(true, "%s is gone", s.URL)
		}
	}
	for _, s := range d.after.Servers {
		if !slices.ContainsFunc(d.before.Servers, func(o Server) bool { return o.URL == s.URL }) {
			d.add(false, "%s is new", s.URL)
		}
	}
}

func (d *differ) operation(was, is *operation) {
	d.named(was, is)
	d.security(was.Operation, is.Operation)
	d.parameters(was, is)
	d.body(resolve(d.before, was.RequestBody), resolve(d.after, is.RequestBody))
	for _, status := range names(was.Responses, is.Responses) {
		d.within(status, func() {
			d.response(status, d.before.answer(was.Responses, status), d.after.answer(is.Responses, status))
		})
	}
	d.callbacks(was.Operation, is.Operation)
}

func (d *differ) named(was, is *operation) {
	if was.OperationID != is.OperationID {
		d.add(true, "the operation id is %q, was %q", is.OperationID, was.OperationID)
	}
	d.deprecated(was.Deprecated, is.Deprecated)
}

func (d *differ) deprecated(was, is bool) {
	if was != is {
		d.add(false, "deprecated is %t, was %t", is, was)
	}
}

// security finds what let a caller in before and does not now.
func (d *differ) security(was, is *Operation) {
	before, after := d.before.Security, d.after.Security
	if was.Security != nil {
		before = was.Security
	}
	if is.Security != nil {
		after = is.Security
	}
	if !enough(before, after) {
		d.add(true, "callers need other credentials or more scopes")
	} else if !enough(after, before) {
		d.add(false, "callers need fewer credentials or scopes")
	}
}

// enough reports whether each way in of have is one of want.
func enough(have, want []SecurityRequirement) bool {
	free := func(list []SecurityRequirement) bool {
		return len(list) == 0 || slices.ContainsFunc(list, func(r SecurityRequirement) bool { return len(r) == 0 })
	}
	if free(want) || free(have) {
		return free(want)
	}
	for _, h := range have {
		if !slices.ContainsFunc(want, func(w SecurityRequirement) bool { return covers(h, w) }) {
			return false
		}
	}
	return true
}

// covers reports whether credentials have satisfy want.
func covers(have, want SecurityRequirement) bool {
	for scheme, scopes := range want {
		held, ok := have[scheme]
		if !ok {
			return false
		}
		for _, scope := range scopes {
			if !slices.Contains(held, scope) {
				return false
			}
		}
	}
	return true
}
