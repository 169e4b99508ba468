package compress

import (
	"net/http"
	"strconv"
	"strings"
)

// coding is how a body is sent.
type coding int

const (
	identity coding = iota
	gzipped
	zstandard
)

// String is the name of the coding in HTTP.
func (c coding) String() string {
	switch c {
	case gzipped:
		return "gzip"
	case zstandard:
		return "zstd"
	case identity:
	}
	return "identity"
}

// suffix marks the ETag of what is sent in a coding.
func (c coding) suffix() string { return "--" + c.String() }

// accepted is the coding that a client likes best (RFC 9110, section 12.5.3); zstd, which costs less, of two that it likes alike. A
// weight that cannot be read is none.
func accepted(lines []string) coding {
	weights := [...]float64{identity: 1, gzipped: -1, zstandard: 0}
	rest := 0.0 // of "*", which stands for what everybody has
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			name, parameter, _ := strings.Cut(item, ";")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "gzip", "x-gzip":
				weights[gzipped] = weight(parameter)
			case "zstd":
				weights[zstandard] = weight(parameter)
			case "*":
				rest = weight(parameter)
			case "identity":
				weights[identity] = weight(parameter)
			}
		}
	}
	if weights[gzipped] < 0 {
		weights[gzipped] = rest
	}
	best, most := identity, weights[identity]
	if most == 1 {
		most = 0 // it is as good as any unless the client says less
	}
	for _, c := range [...]coding{zstandard, gzipped} {
		if weights[c] > most {
			best, most = c, weights[c]
		}
	}
	return best
}

// weight reads ";q=0.5"; nothing is 1.
func weight(parameter string) float64 {
	parameter = strings.TrimSpace(parameter)
	if parameter == "" {
		return 1
	}
	name, value, _ := strings.Cut(parameter, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if !strings.EqualFold(strings.TrimSpace(name), "q") || err != nil || !(0 <= q && q <= 1) {
		return 0
	}
	return q
}

// original takes the suffixes off the entity tags that a request names, and returns the tags that had one.
func original(r *http.Request) (*http.Request, []string) {
	var tags []string
	changed := r
	for _, name := range [...]string{"If-Match", "If-None-Match"} {
		for i, line := range r.Header[name] {
			plain := line
			for _, c := range [...]coding{gzipped, zstandard} {
				plain = strings.ReplaceAll(plain, c.suffix()+`"`, `"`)
			}
			if plain == line {
				continue
			}
			if changed == r {
				copied := *r
				copied.Header = r.Header.Clone()
				changed = &copied
			}
			changed.Header[name][i] = plain
			tags = append(tags, line)
		}
	}
	return changed, tags
}
