package migration

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// State is how a migration stands.
type State string

// The states.
const (
	// Applied is in the database, as its file says.
	Applied State = "applied"
	// Pending is not in the database.
	Pending State = "pending"
	// Changed is in the database, and its file was changed since.
	Changed State = "changed"
	// Skipped is not in the database, which has newer ones.
	Skipped State = "skipped"
	// Unknown is in the database, and there is no file.
	Unknown State = "unknown"
)

// Migration is one migration and how it stands.
type Migration struct {
	// Number orders the migrations.
	Number int64
	// Name is that of the file; "" where nobody remembers it.
	Name string
	// State is how it stands.
	State State
	// Breaking is why programs that do not know it cannot work after it.
	Breaking string
	// Was is the name of the file that was applied, where it is another one.
	Was string
	// Recorded says that the sum of its file is remembered.
	Recorded bool
}

// Title is the name, or the number where there is none.
func (m Migration) Title() string {
	if m.Name == "" {
		return fmt.Sprintf("number %d", m.Number)
	}
	return m.Name
}

// Status is every migration that the files or the database know, by number.
type Status []Migration

// Fresh is the status of a database with nothing in it.
func Fresh(set *Set) Status { return status(set, nil, nil) }

func status(set *Set, applied map[int64]bool, records map[int64]kept) Status {
	var newest int64
	for number, is := range applied {
		if is {
			newest = max(newest, number)
		}
	}
	var all Status
	for _, f := range set.Files {
		m := Migration{Number: f.Number, Name: f.Name, State: Pending, Breaking: f.Breaking}
		k, recorded := records[f.Number]
		switch {
		case applied[f.Number] && recorded && k.sum != f.Sum:
			m.State, m.Recorded = Changed, true
			if k.name != f.Name {
				m.Was = k.name
			}
		case applied[f.Number]:
			m.State, m.Recorded = Applied, recorded
		case f.Number < newest:
			m.State = Skipped
		}
		all = append(all, m)
	}
	for _, number := range slices.Sorted(maps.Keys(applied)) {
		if applied[number] && set.Find(number) == nil {
			k := records[number]
			all = append(all, Migration{Number: number, Name: k.name, State: Unknown, Breaking: k.breaking})
		}
	}
	slices.SortFunc(all, func(a, b Migration) int { return cmp.Compare(a.Number, b.Number) })
	return all
}

// In is the migrations in a state.
func (s Status) In(state State) []Migration {
	var list []Migration
	for _, m := range s {
		if m.State == state {
			list = append(list, m)
		}
	}
	return list
}

// Settled reports whether there is nothing to do and nothing to remember.
func (s Status) Settled() bool {
	return !slices.ContainsFunc(s, func(m Migration) bool { return m.State != Applied || !m.Recorded })
}

// After is the migrations in the database that are newer than a number, the newest first.
func (s Status) After(number int64) []Migration {
	var list []Migration
	for _, m := range slices.Backward(s) {
		if m.Number > number && m.State == Applied {
			list = append(list, m)
		}
	}
	return list
}

// Current is the number of the newest migration in the database, 0 without one.
func (s Status) Current() int64 {
	for _, m := range slices.Backward(s) {
		if m.State == Applied || m.State == Changed || m.State == Unknown {
			return m.Number
		}
	}
	return 0
}

// Refusal is why nothing may be applied or taken back: all reasons at once.
func (s Status) Refusal() error {
	faults := []error{s.Drift()}
	if e := s.Ahead(); e != nil {
		faults = append(faults, e)
	}
	return errors.Join(faults...)
}

// Drift is how the files up to the newest one here differ from those that were applied; nil is that they do not.
func (s Status) Drift() error {
	var faults []error
	for _, m := range s {
		switch {
		case m.Was != "":
			faults = append(faults, fmt.Errorf("%s has the number of %s, which the database has already: give it the next free number", m.Name, m.Was))
		case m.State == Changed:
			faults = append(faults, fmt.Errorf("%s was changed after it was applied: put it back as it was, and say what is new in a new file", m.Name))
		case m.State == Skipped:
			faults = append(faults, fmt.Errorf("%s is older than %s, which the database has already: give it the next free number", m.Name, s.newest()))
		case m.State == Unknown && m.Number < s.Newest():
			faults = append(faults, fmt.Errorf("%s is in the database, and its file is not here: put it back", m.Title()))
		}
	}
	return errors.Join(faults...)
}

// newest names the newest migration in the database.
func (s Status) newest() string {
	i := slices.IndexFunc(s, func(m Migration) bool { return m.Number == s.Current() })
	return s[i].Title()
}

// Newest is the number of the newest file.
func (s Status) Newest() (number int64) {
	for _, m := range s {
		if m.State != Unknown {
			number = m.Number
		}
	}
	return number
}

// Ahead says that the database is newer than the files; nil is that it is not.
func (s Status) Ahead() *AheadError {
	e := &AheadError{}
	for _, m := range s {
		switch {
		case m.State != Unknown:
			e.Newest = m.Name
		case m.Number > s.Newest():
			e.Unknown = append(e.Unknown, m)
		}
	}
	if e.Unknown == nil {
		return nil
	}
	return e
}

// AheadError says that the database has migrations for which there is no file here.
type AheadError struct {
	// Unknown are those migrations.
	Unknown []Migration
	// Newest is the newest file here; "" is none.
	Newest string
}

// Breaking reports whether this program cannot work with the database.
func (e *AheadError) Breaking() bool {
	return slices.ContainsFunc(e.Unknown, func(m Migration) bool { return m.Breaking != "" })
}

// Error tells what is missing here.
func (e *AheadError) Error() string {
	titles := make([]string, len(e.Unknown))
	for i, m := range e.Unknown {
		titles[i] = m.Title()
		if m.Breaking != "" {
			titles[i] += " (breaking: " + m.Breaking + ")"
		}
	}
	return fmt.Sprintf("the database is newer than this program: it has %s; the newest file here is %s. Start the program that has the files, "+
		"or take them back with that program's migrate down", strings.Join(titles, ", "), cmp.Or(e.Newest, "none"))
}
