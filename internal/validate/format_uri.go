package validate

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/ascii"
)

// The parts of a URI by RFC 3986 hold letters, digits and these, besides percent escapes.
const (
	unreserved = "-._~"
	subDelims  = "!$&'()*+,;="
	inUserinfo = unreserved + subDelims + ":"
	inPath     = unreserved + subDelims + ":@/"
	inQuery    = inPath + "?"
)

// isURI wants scheme ":" hier-part (RFC 3986, section 3).
func isURI(s string) bool {
	rest, ok := cutScheme(s)
	return ok && isHierarchy(rest)
}

// isURIReference wants a URI or a relative reference (section 4.1), whose first segment has no colon.
func isURIReference(s string) bool {
	if isURI(s) {
		return true
	}
	first := s
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		first = s[:i]
	}
	return !strings.Contains(first, ":") && isHierarchy(s)
}

// isHTTPURL wants what a client can be sent to: a URL of http or https with a host name of DNS or an IP address, as it is mostly written, and
// without a user.
func isHTTPURL(s string) bool {
	rest, ok := cutScheme(s)
	scheme := strings.ToLower(s[:max(0, len(s)-len(rest)-1)])
	if !ok || scheme != "http" && scheme != "https" || !isHierarchy(rest) {
		return false
	}
	host, ok := strings.CutPrefix(rest, "//")
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	return ok && isHostPort(host)
}

// isHostPort wants a host, and the port after a colon, if there is one. A name does not end like a number: browsers read that as an
// IPv4 address (WHATWG URL, section 3.5).
func isHostPort(s string) bool {
	host := s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		port, err := strconv.ParseUint(s[i+1:], 10, 16)
		if err != nil || port == 0 || s[i+1] == '0' {
			return false
		}
		host = s[:i]
	}
	if literal, ok := strings.CutPrefix(host, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		return ok && isIPv6(literal)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return isIPv4(host) || isHostname(host) && !ascii.IsDigit(last[0])
}

func cutScheme(s string) (rest string, ok bool) {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || !isLetter(scheme[0]) {
		return "", false
	}
	return rest, all(scheme, func(c byte) bool { return isLetter(c) || ascii.IsDigit(c) || c == '+' || c == '-' || c == '.' })
}

// isHierarchy judges what follows the scheme: authority, path, query, fragment.
func isHierarchy(s string) bool {
	s, fragment, _ := strings.Cut(s, "#")
	s, query, _ := strings.Cut(s, "?")
	if !holds(fragment, inQuery) || !holds(query, inQuery) {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		authority, path := rest, ""
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			authority, path = rest[:i], rest[i:]
		}
		return isAuthority(authority) && holds(path, inPath)
	}
	return holds(s, inPath)
}

func isAuthority(s string) bool {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		if !holds(s[:i], inUserinfo) {
			return false
		}
		s = s[i+1:]
	}
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
	}
	if !all(port, ascii.IsDigit) {
		return false
	}
	if literal, ok := strings.CutPrefix(host, "["); ok {
		literal, ok = strings.CutSuffix(literal, "]")
		return ok && isIPLiteral(literal)
	}
	return holds(host, unreserved+subDelims)
}

func isIPLiteral(s string) bool {
	if version, address, ok := strings.Cut(s, "."); ok && version != "" && version[0]|0x20 == 'v' {
		return len(version) > 1 && all(version[1:], ascii.IsHex) && address != "" &&
			holds(address, inUserinfo) && !strings.Contains(address, "%")
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// holds reports whether s is made of letters, digits, the bytes of extra, and percent escapes.
func holds(s, extra string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isLetter(c) || ascii.IsDigit(c) || strings.IndexByte(extra, c) >= 0:
		case c == '%' && i+2 < len(s) && ascii.IsHex(s[i+1]) && ascii.IsHex(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}
