package tenon

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// segment is one part of a path pattern.
type segment struct {
	text string // of a static segment, or the name of a wildcard
	kind segmentKind
}

type segmentKind uint8

const (
	static segmentKind = iota
	wildcard
	rest
)

// maxWildcards bounds the path values kept without an allocation.
const maxWildcards = 8

// parsePattern reads a path pattern: static segments, {name} for one segment, {name...} for the rest of the path.
func parsePattern(pattern string) ([]segment, []string, error) {
	if !strings.HasPrefix(pattern, "/") {
		return nil, nil, fmt.Errorf("path %q is not a path", pattern)
	}
	var segments []segment
	var names []string
	parts := strings.Split(strings.TrimSuffix(pattern[1:], "/"), "/")
	if len(parts) == 1 && parts[0] == "" {
		return nil, nil, nil
	}
	for i, part := range parts {
		s, err := parseSegment(part)
		if err != nil {
			return nil, nil, fmt.Errorf("path %q: %w", pattern, err)
		}
		if s.kind == rest && i != len(parts)-1 {
			return nil, nil, fmt.Errorf("path %q: {%s...} is not the last segment", pattern, s.text)
		}
		if s.kind != static {
			if slices.Contains(names, s.text) {
				return nil, nil, fmt.Errorf("path %q: wildcard %s occurs twice", pattern, s.text)
			}
			names = append(names, s.text)
		}
		segments = append(segments, s)
	}
	if len(names) > maxWildcards {
		return nil, nil, fmt.Errorf("path %q has %d wildcards, want %d or fewer", pattern, len(names), maxWildcards)
	}
	return segments, names, nil
}

func parseSegment(part string) (segment, error) {
	switch {
	case part == "" || part == "." || part == "..":
		return segment{}, fmt.Errorf("segment %q can never match", part)
	case !strings.ContainsAny(part, "{}"):
		text, err := url.PathUnescape(part)
		if err != nil || strings.ContainsAny(text, "?#") {
			return segment{}, fmt.Errorf("segment %q is not a path segment", part)
		}
		return segment{text: text}, nil
	}
	inner, ok := strings.CutPrefix(part, "{")
	inner, ok2 := strings.CutSuffix(inner, "}")
	name, isRest := strings.CutSuffix(inner, "...")
	if !ok || !ok2 || name == "" || strings.ContainsAny(name, "{}.:*") {
		return segment{}, fmt.Errorf("segment %q: a wildcard is a whole segment, {name} or {name...}", part)
	}
	if isRest {
		return segment{text: name, kind: rest}, nil
	}
	return segment{text: name, kind: wildcard}, nil
}

// compare says whether some path matches both a and b, and whether each is wider than the other somewhere.
func compare(a, b []segment) (both, aWider, bWider bool) {
	for i := 0; ; i++ {
		switch {
		case i == len(a) || i == len(b):
			return len(a) == len(b), aWider, bWider // {rest...} needs at least one segment
		case a[i].kind == rest || b[i].kind == rest:
			return true, aWider || b[i].kind != rest, bWider || a[i].kind != rest
		case a[i].kind == static && b[i].kind == static:
			if a[i].text != b[i].text {
				return false, false, false
			}
		default:
			aWider = aWider || b[i].kind == static
			bWider = bWider || a[i].kind == static
		}
	}
}
