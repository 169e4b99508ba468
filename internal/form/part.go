package form

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/internal/message"
)

// Part is one part of a form: a value or a file. It is read until the next one is asked for.
type Part struct {
	// Name is the name of the field, one byte at least.
	Name string
	// File reports whether the part has a file name, which may be empty.
	File bool
	// FileName is the file name as it was sent.
	FileName string
	// ContentType is the field Content-Type of the part; "" is none.
	ContentType string

	reader *Reader
	done   bool
}

// Read reads the content of the part.
func (p *Part) Read(b []byte) (int, error) {
	if p.done || p.reader.part != p {
		return 0, io.EOF
	}
	if len(b) == 0 {
		return 0, nil
	}
	n, err := p.reader.read(b)
	if err != nil {
		p.done = true
		if !errors.Is(err, io.EOF) {
			p.reader.err = err
		}
	}
	return n, err
}

// header reads the header of a part up to the empty line.
func (r *Reader) header(p *Part) error {
	var block []byte
	for {
		have := r.buf[r.pos:r.end]
		if bytes.HasPrefix(have, []byte("\r\n")) {
			return refuse(message.PartNoHeader.With(r.parts))
		}
		i := bytes.Index(have, []byte("\r\n\r\n"))
		if i > r.limits.HeaderBytes || i < 0 && len(have) > r.limits.HeaderBytes+3 {
			return refuse(message.PartHeaderBytes.With(r.limits.HeaderBytes, r.parts))
		}
		if i >= 0 {
			block = have[:i]
			break
		}
		if r.ended {
			return truncated()
		}
		if err := r.fill(); err != nil {
			return err
		}
	}
	err := r.lines(p, string(block))
	r.pos += len(block) + len("\r\n\r\n")
	return err
}

func (r *Reader) lines(p *Part, block string) error {
	seen := map[string]bool{}
	n := 0
	for line := range strings.SplitSeq(block, "\r\n") {
		if n++; n > r.limits.Headers {
			return refuse(message.PartHeaders.With(r.limits.Headers, r.parts))
		}
		name, value, ok := cutField(line)
		if !ok {
			return refuse(message.PartLine.With(r.parts, n))
		}
		switch name {
		case "content-disposition":
			ok = p.disposition(value) && len(p.Name) <= r.limits.NameBytes
		case "content-type":
			p.ContentType, ok = value, value != ""
		case "content-transfer-encoding": // deprecated by RFC 7578, section 4.7
			ok = strings.EqualFold(value, "binary") || strings.EqualFold(value, "8bit") || strings.EqualFold(value, "7bit")
		default:
			continue // others mean nothing, says RFC 7578, section 4.8
		}
		if !ok || seen[name] {
			return refuse(message.PartField.With(canonical(name), r.parts))
		}
		seen[name] = true
	}
	if p.Name == "" {
		return refuse(message.PartNoName.With(r.parts))
	}
	return nil
}

func canonical(name string) string {
	switch name {
	case "content-disposition":
		return "Content-Disposition"
	case "content-type":
		return "Content-Type"
	}
	return "Content-Transfer-Encoding"
}

// cutField cuts a header line into its name, in lower case, and its value.
func cutField(line string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(line, ":")
	if !ok || !ascii.IsToken(name) || !utf8.ValidString(value) || !ascii.IsFieldValue(value) {
		return "", "", false
	}
	return strings.ToLower(name), strings.Trim(value, " \t"), true
}

// disposition reads Content-Disposition: form-data with a name and perhaps a filename. Parameters with an asterisk (RFC 2231 and
// RFC 8187) must not be sent (RFC 7578, section 4.2), and mean nothing; nor do others.
func (p *Part) disposition(value string) bool {
	kind, rest, _ := strings.Cut(value, ";")
	if !strings.EqualFold(strings.TrimRight(kind, " \t"), "form-data") {
		return false
	}
	seen := map[string]bool{}
	for rest = ";" + rest; rest != ""; {
		var key, text string
		var ok bool
		if key, text, rest, ok = parameter(rest); !ok || seen[key] {
			return false
		}
		seen[key] = true
		switch key {
		case "name":
			p.Name = text
		case "filename":
			p.File, p.FileName = true, text
		}
	}
	return seen["name"]
}

// parameter reads one parameter with the semicolon before it; its name is in lower case.
func parameter(s string) (key, value, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, ";")
	key, s, found := strings.Cut(strings.TrimLeft(s, " \t"), "=")
	if !ok || !found || !ascii.IsToken(key) {
		return "", "", "", false
	}
	if strings.HasPrefix(s, `"`) {
		value, s, ok = quoted(s[1:])
	} else {
		end := strings.IndexAny(s, "; \t")
		if end < 0 {
			end = len(s)
		}
		value, s = s[:end], s[end:]
		ok = ascii.IsToken(value)
	}
	return strings.ToLower(key), value, strings.TrimLeft(s, " \t"), ok
}

// quoted reads a quoted string after its first quote. A backslash stands for itself unless a quote or a backslash follows:
// some clients send a Windows path as it is.
func quoted(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], true
		case c == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
