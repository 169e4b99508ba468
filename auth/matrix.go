package auth

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// Verdict is what becomes of a caller at an operation.
type Verdict string

// The verdicts.
const (
	Anonymous Verdict = "401" // who calls is not known
	Denied    Verdict = "403" // who calls may not
	Allowed   Verdict = "yes" // whatever it is about
	OnlyOwn   Verdict = "own" // where it is about what the caller owns; else it is answered as what is not there
)

// Caller is a column of the matrix: somebody who calls.
type Caller struct {
	// Name is that of the column.
	Name string
	// Identity is who calls; nil is nobody.
	Identity *Identity
}

// AccessMatrix says what becomes of whom at every operation.
type AccessMatrix struct {
	// Callers are the columns.
	Callers []Caller
	// Rows are the operations in the order of their registration.
	Rows []AccessRow
}

// AccessRow is one operation.
type AccessRow struct {
	// Operation is its method and path.
	Operation string
	// Version is that of the API, where there are several.
	Version string
	// Rule says in words who may call; "" is that nobody has said, and anybody may.
	Rule string
	// Object is what an operation with OnlyOwn is about, such as "post"; "" is nothing that somebody owns.
	Object string
	// Verdicts are those of the callers, in their order.
	Verdicts []Verdict
}

// Matrix works out what every operation of a compiled app does with callers of each kind, by the rules that its guards ask. Callers are nobody,
// somebody signed in without a role, somebody with each role, and, where rules ask for scopes, somebody with all roles and no scope; all others
// have every scope that a rule names. Who is signed in has a session. Where a scheme of APIKey stands, a program is one of them (KindMachine), with a
// key and every scope and without a role and a session; operations that take no keys do not know it. More callers are added as they are given. Rules of
// When are asked like the others; for those of Within all but machines have just signed in.
func Matrix(app *tenon.App, more ...Caller) AccessMatrix {
	infos := app.Operations()
	known, key := callers(infos)
	m := AccessMatrix{Callers: append(known, more...)}
	for i := range infos {
		info := &infos[i]
		row := AccessRow{Operation: info.Method + " " + info.Path, Version: info.Version, Rule: info.Rule}
		a, ok := info.Part[access]()
		if !ok {
			a = &access{}
		}
		for _, thing := range a.objects {
			if !thing.list {
				row.Object = strings.TrimPrefix(row.Object+", "+thing.name, ", ")
			}
		}
		for _, c := range m.Callers {
			of := c.Identity
			if of != nil && of == key && !slices.ContainsFunc(a.schemes, isKey) {
				of = nil // the field with the key is not looked at
			}
			row.Verdicts = append(row.Verdicts, a.verdict(of))
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// verdict is what the guard, and what loads objects, do with a caller.
func (a *access) verdict(of *Identity) Verdict {
	switch {
	case a.schemes == nil || a.public != "":
		return Allowed
	case of == nil && a.optional == "":
		return Anonymous
	case of == nil:
		return Allowed
	}
	c := claimant{of: of, by: a, lately: of.Kind != KindMachine}
	if !a.rule.allows(&c) {
		return Denied
	}
	for _, thing := range a.objects {
		if !thing.list && (thing.all == nil || !thing.all.allows(&c)) {
			return OnlyOwn
		}
	}
	return Allowed
}

// isKey reports whether a scheme is that of keys in a field of their own.
func isKey(s Scheme) bool {
	_, ok := s.(*apiKey)
	return ok
}

// callers are those whom the rules of an app can tell apart. key is the one with an API key; nil is that there is none.
func callers(infos []tenon.OperationInfo) (all []Caller, key *Identity) {
	var names, scopes []string
	for i := range infos {
		a, ok := infos[i].Part[access]()
		if !ok {
			continue
		}
		if key == nil && slices.ContainsFunc(a.schemes, isKey) {
			key = &Identity{Subject: "caller", Kind: KindMachine, Credential: "key"}
		}
		if a.roles != nil {
			for _, name := range a.roles.names {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		scopes = append(scopes, named(a.rule)...)
		for _, thing := range a.objects {
			scopes = append(scopes, named(thing.all)...)
		}
	}
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	all = []Caller{{Name: "nobody"}, {"no role", &Identity{Subject: "caller", Kind: KindUser, Session: "session", Scopes: scopes}}}
	for _, name := range names {
		all = append(all, Caller{name, &Identity{Subject: "caller", Kind: KindUser, Session: "session", Roles: []string{name}, Scopes: scopes}})
	}
	if len(scopes) > 0 {
		all = append(all, Caller{"no scope", &Identity{Subject: "caller", Kind: KindUser, Session: "session", Roles: names}})
	}
	if key != nil {
		key.Scopes = scopes
		all = append(all, Caller{"API key", key})
	}
	return all, key
}

// named are the scopes that a rule names.
func named(r rule) []string {
	if scope, ok := r.(scopeRule); ok {
		return scope.scopes()
	}
	var all []string
	for _, part := range parts(r) {
		all = append(all, named(part)...)
	}
	return all
}

// String is the matrix as a text of one line for each operation, for a person and for a golden file.
func (m AccessMatrix) String() string {
	lines := [][]string{{"operation"}}
	for _, c := range m.Callers {
		lines[0] = append(lines[0], c.Name)
	}
	lines[0] = append(lines[0], "rule")
	for _, row := range m.Rows {
		name := row.Operation
		if row.Version != "" {
			name += " (" + row.Version + ")"
		}
		line := []string{name}
		for _, v := range row.Verdicts {
			line = append(line, string(v))
		}
		rule := row.Rule
		if rule == "" {
			rule = "NONE: anybody"
		}
		lines = append(lines, append(line, rule))
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		for i, cell := range line {
			line[i] = fmt.Sprintf("%-*s", widths[i], cell)
		}
		b.WriteString(strings.TrimRight(strings.Join(line, "  "), " ") + "\n")
	}
	return b.String()
}
