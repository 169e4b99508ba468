package tenon

// clash finds the first of the routes that a new one clashes with, among those that some path matches as well.
func (rt *router) clash(r *route) *route {
	var first *route
	for _, t := range rt.trees {
		t.root.meet(r.segments, func(other *route) {
			if (first == nil || other.order < first.order) && r.clashes(other) {
				first = other
			}
		})
	}
	return first
}

// meet calls see with the routes at and below a node that match a path which the segments match too.
func (n *node) meet(segments []segment, see func(*route)) {
	if len(segments) == 0 {
		if n.route != nil {
			see(n.route)
		}
		return
	}
	if n.rest != nil {
		see(n.rest)
	}
	switch s := segments[0]; s.kind {
	case static:
		if next := n.edge(s.text); next != nil {
			next.meet(segments[1:], see)
		}
	case wildcard:
		for _, e := range n.edges {
			e.next.meet(segments[1:], see)
		}
	case rest:
		n.below(see)
		return
	}
	if n.wild != nil {
		n.wild.meet(segments[1:], see)
	}
}

// below calls see with the routes below a node, but for its own rest.
func (n *node) below(see func(*route)) {
	next := []*node{n.wild}
	for _, e := range n.edges {
		next = append(next, e.next)
	}
	for _, n := range next {
		if n == nil {
			continue
		}
		for _, r := range []*route{n.route, n.rest} {
			if r != nil {
				see(r)
			}
		}
		n.below(see)
	}
}

// clashes reports whether some request matches both routes and neither is more specific than the other. A route of one
// method is more specific than a mounted handler, unless its path is wider.
func (r *route) clashes(other *route) bool {
	if r.method != other.method && r.method != anyMethod && other.method != anyMethod {
		return false
	}
	both, wider, narrower := compare(r.segments, other.segments)
	switch {
	case !both:
		return false
	case r.method == other.method:
		return wider == narrower
	case r.method == anyMethod:
		return narrower
	}
	return wider
}
