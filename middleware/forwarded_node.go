package middleware

import (
	"net/netip"
	"strings"
)

// node reads an address, with a port if there is one. IPv6 may stand in brackets, and must where strict. What has no address, such as
// "unknown" or "_hidden", is the zero value; so is an address with a zone, which means nothing elsewhere.
func node(text string, strict bool) netip.Addr {
	host, ok := text, true
	var port string
	switch {
	case strings.HasPrefix(text, "["):
		host, port, ok = strings.Cut(text[1:], "]")
		strict = false
		if port != "" {
			ok = ok && portOf(port)
		}
		ok = ok && strings.Contains(host, ":")
	case strings.Count(text, ":") == 1:
		host, port, _ = strings.Cut(text, ":")
		ok = portOf(":" + port)
	}
	if !ok {
		return netip.Addr{}
	}
	address, err := netip.ParseAddr(host)
	if err != nil || address.Zone() != "" || strict && !address.Is4() {
		return netip.Addr{}
	}
	return address.Unmap()
}

// portOf reports whether a text is a colon and a port. RFC 7239 lets a proxy hide the port behind a name, such as ":_x".
func portOf(text string) bool {
	if len(text) < 2 || len(text) > 32 || text[0] != ':' {
		return false
	}
	hidden := text[1] == '_'
	for i := 1; i < len(text); i++ {
		c := text[i]
		if !digit(c) && (!hidden || !letter(c) && c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return hidden || len(text) <= len(":65535")
}

func scheme(text string) string {
	switch {
	case strings.EqualFold(text, "https"):
		return "https"
	case strings.EqualFold(text, "http"):
		return "http"
	}
	return ""
}

// plainHost reports whether a text is a host, with a port or without.
func plainHost(text string) bool {
	if text == "" || len(text) > 255 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if !letter(c) && !digit(c) && !strings.ContainsRune(".-_:[]", rune(c)) {
			return false
		}
	}
	return true
}

// prefix reads a path that can be put before others: "" when it is none.
func prefix(text string) string {
	text = strings.TrimSuffix(text, "/")
	if text == "" || len(text) > 256 || text[0] != '/' {
		return ""
	}
	for segment := range strings.SplitSeq(text[1:], "/") {
		if segment == "" || segment == "." || segment == ".." {
			return ""
		}
	}
	for i := range len(text) {
		c := text[i]
		if !letter(c) && !digit(c) && !strings.ContainsRune("/.-_~", rune(c)) {
			return ""
		}
	}
	return text
}
