package openapi

import (
	"bytes"
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"strings"
)

// YAML writes the document as YAML, in the order of JSON. Readers of YAML 1.1 and of YAML 1.2 see the same values: a
// string that either would take for something else is quoted. It fails when JSON fails.
func (d *Document) YAML() ([]byte, error) {
	text, err := d.JSON()
	if err != nil {
		return nil, err
	}
	w := yamlWriter{in: jsontext.NewDecoder(bytes.NewReader(text))}
	if err := w.members(0, false); err != nil {
		return nil, fmt.Errorf("openapi: write the document as YAML: %w", err)
	}
	return w.out, nil
}

// yamlWriter turns JSON tokens into YAML block collections.
type yamlWriter struct {
	in  *jsontext.Decoder
	out []byte
}

// value writes the next value behind what introduces it, a key's colon or an item's dash. indent is that of the key or
// the dash. A collection in an item begins on the line of the dash.
func (w *yamlWriter) value(indent int, item bool) error {
	kind := w.in.PeekKind()
	switch kind {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return w.collection(kind, indent, item)
	}
	token, err := w.in.ReadToken()
	if err != nil {
		return err
	}
	w.out = append(w.out, ' ')
	switch kind {
	case jsontext.KindString:
		w.text(token.String(), indent)
	case jsontext.KindNumber:
		w.out = append(w.out, number(token.String())...)
	default:
		w.out = append(w.out, token.String()...)
	}
	w.out = append(w.out, '\n')
	return nil
}

func (w *yamlWriter) collection(kind jsontext.Kind, indent int, item bool) error {
	lead := byte('\n')
	if item {
		lead = ' '
	}
	w.out = append(w.out, lead)
	mark := len(w.out)
	var err error
	if kind == jsontext.KindBeginObject {
		err = w.members(indent+2, item)
	} else {
		err = w.items(indent+2, item)
	}
	if err == nil && len(w.out) == mark {
		empty := map[jsontext.Kind]string{jsontext.KindBeginObject: " {}\n", jsontext.KindBeginArray: " []\n"}[kind]
		w.out = append(w.out[:mark-1], empty...)
	}
	return err
}

// members writes the object that comes next, each member on a line of its own; the first one on the current line when
// inline.
func (w *yamlWriter) members(indent int, inline bool) error {
	if _, err := w.in.ReadToken(); err != nil {
		return err
	}
	for w.in.PeekKind() != jsontext.KindEndObject {
		name, err := w.in.ReadToken()
		if err != nil {
			return err
		}
		w.begin(indent, &inline)
		w.key(name.String(), indent)
		if err := w.value(indent, false); err != nil {
			return err
		}
	}
	_, err := w.in.ReadToken()
	return err
}

func (w *yamlWriter) items(indent int, inline bool) error {
	if _, err := w.in.ReadToken(); err != nil {
		return err
	}
	for w.in.PeekKind() != jsontext.KindEndArray {
		w.begin(indent, &inline)
		w.out = append(w.out, '-')
		if err := w.value(indent, true); err != nil {
			return err
		}
	}
	_, err := w.in.ReadToken()
	return err
}

func (w *yamlWriter) begin(indent int, inline *bool) {
	if !*inline {
		w.out = append(w.out, strings.Repeat(" ", indent)...)
	}
	*inline = false
}

// key writes a name with its colon. YAML wants the colon of a plain key within 1024 characters; longer names take the
// explicit form.
func (w *yamlWriter) key(name string, indent int) {
	start := len(w.out)
	w.out = appendScalar(w.out, name)
	if len(w.out)-start > 1000 {
		w.out = slices.Insert(w.out, start, '?', ' ')
		w.out = append(w.out, '\n')
		w.out = append(w.out, strings.Repeat(" ", indent)...)
	}
	w.out = append(w.out, ':')
}

// text writes a string value: lines as a literal block when nothing in them can be lost, else a scalar.
func (w *yamlWriter) text(s string, indent int) {
	if !literal(s) {
		w.out = appendScalar(w.out, s)
		return
	}
	w.out = append(w.out, '|')
	body, ended := strings.CutSuffix(s, "\n")
	if !ended {
		w.out = append(w.out, '-')
	}
	for line := range strings.SplitSeq(body, "\n") {
		w.out = append(w.out, '\n')
		if line != "" {
			w.out = append(w.out, strings.Repeat(" ", indent+2)...)
			w.out = append(w.out, line...)
		}
	}
}
