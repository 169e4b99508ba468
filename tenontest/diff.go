package tenontest

import (
	"encoding/json/jsontext"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"uuid"

	"github.com/tenon-go/tenon/problem"
)

// maxDifferences is how many lines a diff has at most; the rest is counted.
const maxDifferences = 20

// diff compares two values that stand at a JSON Pointer and returns one line for each place where they differ.
func diff(at string, want, got *node) []string {
	var d differ
	d.compare(at, want, got)
	if len(d.lines) > maxDifferences {
		more := len(d.lines) - maxDifferences
		d.lines = append(d.lines[:maxDifferences], fmt.Sprintf("and %d more", more))
	}
	return d.lines
}

type differ struct {
	lines []string
}

func (d *differ) add(at, format string, args ...any) {
	if at == "" {
		at = "(whole body)"
	}
	d.lines = append(d.lines, at+": "+fmt.Sprintf(format, args...))
}

func (d *differ) compare(at string, want, got *node) {
	switch name, isPlaceholder := placeholder(want); {
	case isPlaceholder:
		d.matchPlaceholder(at, name, got)
	case want.kind != got.kind:
		d.add(at, "%s, want %s", got.short(), want.short())
	case want.kind == jsontext.KindBeginObject:
		d.compareMembers(at, want, got)
	case want.kind == jsontext.KindBeginArray:
		d.compareItems(at, want, got)
	case want.kind == jsontext.KindNumber && decimal(want.text) == decimal(got.text):
	case want.text != got.text:
		d.add(at, "%s, want %s", got.short(), want.short())
	}
}

func (d *differ) compareMembers(at string, want, got *node) {
	for _, name := range want.names {
		path := at + "/" + problem.EscapeToken(name)
		if value := got.members[name]; value != nil {
			d.compare(path, want.members[name], value)
		} else {
			d.add(path, "absent, want %s", want.members[name].short())
		}
	}
	for _, name := range got.names {
		if want.members[name] == nil {
			d.add(at+"/"+problem.EscapeToken(name), "%s, want no such member", got.members[name].short())
		}
	}
}

func (d *differ) compareItems(at string, want, got *node) {
	if len(want.items) != len(got.items) {
		d.add(at, "%d items, want %d", len(got.items), len(want.items))
	}
	for i := range max(len(want.items), len(got.items)) {
		path := at + "/" + strconv.Itoa(i)
		switch {
		case i >= len(got.items):
			d.add(path, "absent, want %s", want.items[i].short())
		case i >= len(want.items):
			d.add(path, "%s, want no such item", got.items[i].short())
		default:
			d.compare(path, want.items[i], got.items[i])
		}
	}
}

// placeholder reports whether a wanted value is a string such as "<<uuid>>", and which.
func placeholder(want *node) (name string, ok bool) {
	inner, opens := strings.CutPrefix(want.str(), "<<")
	inner, closes := strings.CutSuffix(inner, ">>")
	return inner, opens && closes
}

func (d *differ) matchPlaceholder(at, name string, got *node) {
	matches, known := matchers()[name]
	switch {
	case !known:
		d.add(at, "<<%s>> is not a placeholder, want one of any, string, int, number, bool, time, date, uuid", name)
	case !matches(got):
		d.add(at, "%s, want <<%s>>", got.short(), name)
	}
}

var wholeNumber = regexp.MustCompile(`^-?[0-9]+$`)

// matchers says for each placeholder which values it stands for.
func matchers() map[string]func(*node) bool {
	return map[string]func(*node) bool{
		"any":    func(*node) bool { return true },
		"string": func(n *node) bool { return n.kind == jsontext.KindString },
		"int":    func(n *node) bool { return n.kind == jsontext.KindNumber && wholeNumber.MatchString(n.text) },
		"number": func(n *node) bool { return n.kind == jsontext.KindNumber },
		"bool":   func(n *node) bool { return n.kind == jsontext.KindTrue || n.kind == jsontext.KindFalse },
		"time":   func(n *node) bool { return n.kind == jsontext.KindString && isTime(n.text) },
		"date":   func(n *node) bool { return n.kind == jsontext.KindString && isDate(n.text) },
		"uuid":   func(n *node) bool { return n.kind == jsontext.KindString && isUUID(n.text) },
	}
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isUUID(s string) bool {
	_, err := uuid.Parse(s)
	return err == nil && len(s) == 36
}
