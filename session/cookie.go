package session

import (
	"errors"
	"net/http"
	"strings"
	"time"
)

var errTwice = errors.New("it is there more than once")

// find returns the value of a cookie over all lines of the field, for HTTP/2 may send one for each pair (RFC 9113, section 8.2.3). One that is there
// twice is an error: nobody can tell which of the two a page of another host has set.
func find(lines []string, name string) (value string, there bool, err error) {
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			n, v, ok := strings.Cut(strings.Trim(pair, " \t"), "=")
			if !ok || n != name {
				continue
			}
			if there {
				return "", true, errTwice
			}
			value, there = v, true
		}
	}
	return value, there, nil
}

// cookie is what a browser is told to keep.
func (c *core) cookie(value string, age time.Duration) *http.Cookie {
	cookie := &http.Cookie{ //nolint:gosec // Secure is left out for InsecureHTTP alone.
		Name: c.cfg.Name, Value: value, Path: "/", HttpOnly: true, Secure: !c.cfg.InsecureHTTP, SameSite: c.cfg.SameSite,
		MaxAge: max(int(age/time.Second), 1),
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

// frame is how many bytes a cookie has beside its value.
func (c *core) frame() int { return len(c.cookie("x", longest).String()) - 1 }
