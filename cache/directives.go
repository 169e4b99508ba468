package cache

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// unsaid is a directive with seconds that is not there.
const unsaid time.Duration = -1

// wanted are the directives of a request (RFC 9111, section 5.2.1).
type wanted struct {
	noStore, noCache, onlyIfCached bool
	maxAge, minFresh, maxStale     time.Duration // unsaid: not there
}

// wants reads the directives of a request. Pragma counts where there is no Cache-Control (RFC 9111, section 5.4).
func wants(h http.Header) wanted {
	w := wanted{maxAge: unsaid, minFresh: unsaid, maxStale: unsaid}
	lines := h["Cache-Control"]
	if lines == nil {
		lines = h["Pragma"]
		w.noCache = lines != nil && strings.Contains(strings.ToLower(strings.Join(lines, ",")), "no-cache")
		return w
	}
	directives(lines, func(name, value string) {
		switch name {
		case "no-store":
			w.noStore = true
		case "no-cache":
			w.noCache = true
		case "only-if-cached":
			w.onlyIfCached = true
		case "max-age":
			w.maxAge = seconds(value, 0)
		case "min-fresh":
			w.minFresh = seconds(value, forever)
		case "max-stale":
			w.maxStale = forever
			if value != "" {
				w.maxStale = seconds(value, 0)
			}
		}
	})
	return w
}

// said are the directives of an answer (RFC 9111, section 5.2.2), and what else bounds for how long it is fresh.
type said struct {
	any              bool // there is a Cache-Control
	noStore, noCache bool
	private, public  bool
	mustRevalidate   bool
	lifetime         time.Duration // unsaid: not there
	age              time.Duration // that it came with, as one has that is from another server
}

// says reads the header of an answer. s-maxage counts before max-age, and that before Expires.
func says(h http.Header, now time.Time) said {
	s := said{lifetime: unsaid}
	maxAge, shared := unsaid, unsaid
	if lines := h["Cache-Control"]; lines != nil {
		s.any = true
		directives(lines, func(name, value string) {
			switch name {
			case "no-store":
				s.noStore = true
			case "no-cache":
				s.noCache = true
			case "private":
				s.private = true
			case "public":
				s.public = true
			case "must-revalidate", "proxy-revalidate":
				s.mustRevalidate = true
			case "max-age":
				maxAge = least(maxAge, seconds(value, 0))
			case "s-maxage":
				s.mustRevalidate = true
				shared = least(shared, seconds(value, 0))
			}
		})
	}
	if ages := h["Age"]; ages != nil { // the first member counts, and none where that is bad (RFC 9111, section 5.1)
		first, _, _ := strings.Cut(ages[0], ",")
		s.age = seconds(strings.Trim(first, " \t"), 0)
	}
	switch expires := h["Expires"]; {
	case shared >= 0:
		s.lifetime = shared
	case maxAge >= 0:
		s.lifetime = maxAge
	case expires != nil:
		s.lifetime = 0 // one that cannot be read, such as 0, is in the past
		if at, err := http.ParseTime(expires[0]); err == nil && len(expires) == 1 {
			from := now
			if date, err := http.ParseTime(h.Get("Date")); err == nil {
				from = date
			}
			s.lifetime = max(at.Sub(from), 0)
		}
	}
	return s
}

// fresh is for how long an answer is fresh that is kept for at most ttl.
func (s *said) fresh(ttl time.Duration) time.Duration {
	if s.lifetime >= 0 {
		return min(ttl, s.lifetime)
	}
	return ttl
}

// least is the lesser of two that are said: of a directive that is there twice, what keeps an answer for less counts.
func least(a, b time.Duration) time.Duration {
	if a == unsaid {
		return b
	}
	return min(a, b)
}

// forever is more seconds than anything lives (RFC 9111, section 1.2.2).
const forever = (1 << 31) * time.Second

// seconds reads delta-seconds; wrong is what those are that cannot be read, which is the careful side.
func seconds(text string, wrong time.Duration) time.Duration {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return wrong
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return forever // digits alone, and too many of them
	}
	return time.Duration(n) * time.Second
}

// directives tells of each directive in the lines of a field: its name in lower case, and its argument, without the quotes that some put around it.
func directives(lines []string, tell func(name, value string)) {
	for _, line := range lines {
		for line != "" {
			var name, value string
			name, value, line = directive(line)
			if name != "" {
				tell(strings.ToLower(name), value)
			}
		}
	}
}

// directive cuts the first directive off a list. A comma in a quoted string ends none.
func directive(line string) (name, value, rest string) {
	end := strings.IndexAny(line, ",=")
	if end < 0 {
		return strings.Trim(line, " \t"), "", ""
	}
	name = strings.Trim(line[:end], " \t")
	if line[end] == ',' {
		return name, "", line[end+1:]
	}
	line = line[end+1:]
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		value, line = unquote(quoted)
		_, rest, _ = strings.Cut(line, ",")
		return name, value, rest
	}
	value, rest, _ = strings.Cut(line, ",")
	return name, strings.TrimRight(value, " \t"), rest
}

// unquote reads a quoted string behind its first quote (RFC 9110, section 5.6.4).
func unquote(text string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:]
		case '\\':
			i++
			if i == len(text) {
				return b.String(), ""
			}
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}
