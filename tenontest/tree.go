package tenontest

import (
	"bytes"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// node is one JSON value. Numbers keep their text, so that none loses a digit, and objects keep their order.
type node struct {
	kind    jsontext.Kind
	text    string // strings and numbers
	names   []string
	members map[string]*node
	items   []*node
}

// parse reads one JSON text strictly: no duplicate member, no bad UTF-8, nothing after the value.
func parse(text []byte) (*node, error) {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	n, err := readNode(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more after the JSON value, at byte %d", d.InputOffset())
	}
	return n, nil
}

func readNode(d *jsontext.Decoder) (*node, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	n := &node{kind: token.Kind()}
	switch n.kind {
	case jsontext.KindString, jsontext.KindNumber:
		n.text = token.String()
	case jsontext.KindBeginObject:
		n.members = map[string]*node{}
		return n, n.readMembers(d)
	case jsontext.KindBeginArray:
		return n, n.readItems(d)
	}
	return n, nil
}

func (n *node) readMembers(d *jsontext.Decoder) error {
	for d.PeekKind() != jsontext.KindEndObject {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		text := name.String()
		value, err := readNode(d)
		if err != nil {
			return err
		}
		n.names = append(n.names, text)
		n.members[text] = value
	}
	_, err := d.ReadToken()
	return err
}

func (n *node) readItems(d *jsontext.Decoder) error {
	for d.PeekKind() != jsontext.KindEndArray {
		item, err := readNode(d)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := d.ReadToken()
	return err
}

// member returns the member of an object, or nil. A nil node has no members.
func (n *node) member(name string) *node {
	if n == nil {
		return nil
	}
	return n.members[name]
}

// str is the text of a string node and "" for all others.
func (n *node) str() string {
	if n == nil || n.kind != jsontext.KindString {
		return ""
	}
	return n.text
}

// at follows a JSON Pointer (RFC 6901); it returns nil when there is no such value.
func (n *node) at(pointer string) *node {
	for token := range jsontext.Pointer(pointer).Tokens() {
		if n == nil {
			return nil
		}
		if n.kind == jsontext.KindBeginArray {
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.items) {
				return nil
			}
			n = n.items[i]
			continue
		}
		n = n.member(token)
	}
	return n
}

func (n *node) write(e *jsontext.Encoder) error {
	switch n.kind {
	case jsontext.KindString:
		return e.WriteToken(jsontext.String(n.text))
	case jsontext.KindNumber:
		return e.WriteValue(jsontext.Value(n.text))
	case jsontext.KindBeginObject:
		errs := []error{e.WriteToken(jsontext.BeginObject)}
		for _, name := range n.names {
			errs = append(errs, e.WriteToken(jsontext.String(name)), n.members[name].write(e))
		}
		return errors.Join(append(errs, e.WriteToken(jsontext.EndObject))...)
	case jsontext.KindBeginArray:
		errs := []error{e.WriteToken(jsontext.BeginArray)}
		for _, item := range n.items {
			errs = append(errs, item.write(e))
		}
		return errors.Join(append(errs, e.WriteToken(jsontext.EndArray))...)
	case jsontext.KindTrue, jsontext.KindFalse:
		return e.WriteToken(jsontext.Bool(n.kind == jsontext.KindTrue))
	}
	return e.WriteToken(jsontext.Null)
}

// print writes the value with the options of jsontext, such as jsontext.Multiline.
func (n *node) print(options ...jsontext.Options) string {
	var b bytes.Buffer
	if err := n.write(jsontext.NewEncoder(&b, options...)); err != nil {
		return "(" + err.Error() + ")"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// short is the value on one line, cut to what a test log can bear.
func (n *node) short() string {
	return clip(n.print(), 300)
}

func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// decimal is a number in one spelling for each value: 1.50, 15e-1 and 1.5 are the same.
func decimal(text string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", rest
	}
	mantissa, exponent := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		n, err := strconv.Atoi(text[i+1:])
		if err != nil {
			return sign + text // an exponent that no machine can hold: compare the spelling
		}
		mantissa, exponent = text[:i], n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	if trimmed == "" {
		return "0"
	}
	return sign + trimmed + "e" + strconv.Itoa(exponent)
}
