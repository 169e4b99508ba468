package bind

import "strings"

// headerField takes the lines of one header field. A list takes the elements of all lines, separated by commas (RFC 9110, section
// 5.6.1); a scalar takes one line as it stands.
func (b *binding) headerField(q *param) error {
	lines := b.r.Header[q.key]
	if q.key == "Host" && b.r.Host != "" { // net/http keeps it elsewhere
		lines = []string{b.r.Host}
	}
	switch {
	case len(lines) == 0:
		b.absent(q)
		return nil
	case q.list != nil:
		return b.headerList(q, lines)
	}
	if len(lines) > 1 {
		b.duplicate(q)
		return nil
	}
	return b.one(q, lines[0])
}

func (b *binding) headerList(q *param, lines []string) error {
	v := q.list.target(b.field(q))
	for _, line := range lines {
		for line != "" {
			var element string
			if element, line = cutElement(line); element == "" {
				continue
			}
			if err := b.item(q, v, element); err != nil {
				return err
			}
		}
	}
	return b.close(q)
}

// cutElement cuts the first element of a comma-separated list. A comma within a quoted string (RFC 9110, section 5.6.4) does not
// separate; the quotes stay.
func cutElement(line string) (element, rest string) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case c == ',' && !quoted:
			return strings.Trim(line[:i], " \t"), line[i+1:]
		}
	}
	return strings.Trim(line, " \t"), ""
}
