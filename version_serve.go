package tenon

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/media"
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// ready makes what the versions answer by themselves, inside of the middleware of the group.
func (vs *versionSet) ready() error {
	op := &Operation{}
	op.apply(vs.opts)
	answer := func(say func() *problem.Error) (http.Handler, error) {
		return chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			vs.vary(w.Header())
			vs.app.answer(w, r, say())
		}), op.BeforeAuth)
	}
	var err, goneErr error
	vs.deny, err = answer(func() *problem.Error { return vs.unknown() })
	vs.gone, goneErr = answer(func() *problem.Error { return message.Problem(message.GoneVersion, vs.served()) })
	return errors.Join(err, goneErr)
}

// serve finds the version of a request that matched a route of several, and follows the route in it.
func (vs *versionSet) serve(w http.ResponseWriter, r *http.Request, ex *exchange, front *route) {
	a := vs.app
	v := vs.requested(r)
	if v == nil {
		a.through(w, r, nil, vs.deny)
		return
	}
	route := front.byVersion[v.index]
	if route == nil {
		route = v.router.find(r.Method, r.URL, &ex.match)
	}
	switch {
	case route == nil:
		a.through(w, r, nil, a.miss)
	case route.version == nil:
		a.follow(w, r, ex, route)
	default:
		v.serve(w, r, ex, route)
	}
}

// serve follows a route of the version. Whatever the answer becomes, it says what is to be said of the version.
func (v *version) serve(w http.ResponseWriter, r *http.Request, ex *exchange, route *route) {
	a := v.of.app
	r.Pattern = route.pattern // before r is copied: whoever made it can read what it matched
	if route.handler != nil || v.of.cfg.Client != nil {
		r = a.recorded(r)
	}
	v.announce(w.Header(), r, route)
	client, ok := v.client(w, r, route.plan)
	defer v.count(r, client)
	if !ok {
		return
	}
	if v.isGone() {
		a.through(w, r, route.plan, v.of.gone)
		return
	}
	a.follow(w, r, ex, route)
}

// requested is the version that a request names, or the default; nil is none.
func (vs *versionSet) requested(r *http.Request) *version {
	b := vs.cfg.By
	var named []string
	switch b.kind {
	case byHeader, byDate:
		named = r.Header[b.name]
	case byMediaType:
		named = media.Parameters(r.Header["Accept"], b.name)
	case byQuery:
		named = r.URL.Query()[b.name]
	}
	switch len(named) {
	case 0:
		return vs.fallback()
	case 1:
		if b.kind == byDate {
			return vs.at(named[0])
		}
		return vs.named(named[0])
	}
	return nil
}

// fallback is the version of a request that names none.
func (vs *versionSet) fallback() *version {
	if vs.cfg.Default == "" {
		return vs.list[0]
	}
	return vs.named(vs.cfg.Default)
}

// at is the last version that is not after a date.
func (vs *versionSet) at(date string) *version {
	if !isVersionDate(date) {
		return nil
	}
	for _, v := range slices.Backward(vs.list) {
		if v.Name <= date {
			return v
		}
	}
	return nil
}

// below reports whether a path is one of the group, and the name of the version in it.
func (vs *versionSet) below(u *url.URL) (name string, ok bool) {
	path, escaped, ok := relative(u)
	if !ok {
		return "", false
	}
	rest := path
	for part := range strings.SplitSeq(strings.Trim(vs.prefix, "/"), "/") {
		if part == "" {
			break
		}
		head, tail, _ := strings.Cut(rest, "/")
		text, ok := decode(head, escaped)
		if !ok {
			return "", false
		}
		switch {
		case part == versionWildcard:
			name = text
		case part[0] != '{' && part != text:
			return "", false
		}
		rest = tail
	}
	return name, true
}

// miss settles the version of a request that no route takes: which router knows what else its path has, or the problem that it is
// answered with.
func (vs *versionSet) miss(w http.ResponseWriter, r *http.Request) (*router, *problem.Error) {
	own := &vs.app.router
	name, below := vs.below(r.URL)
	if !below {
		return own, nil
	}
	v := vs.named(name)
	if !vs.inPath() {
		if r.Method == http.MethodOptions {
			return own, nil
		}
		if v = vs.requested(r); v == nil {
			vs.vary(w.Header())
			return own, vs.unknown()
		}
		own = &v.router
	}
	if v == nil {
		if own.allowed(r.URL) == nil {
			return own, message.Problem(message.NoVersion, vs.served())
		}
		return own, nil
	}
	v.announce(w.Header(), r, nil)
	return own, nil
}

// unknown is answered to a request that names no version there is, or several, anywhere but in its path.
func (vs *versionSet) unknown() *problem.Error {
	text := map[versionKind]*problem.Text{
		byHeader: message.VersionInHeader, byDate: message.VersionByDate, byMediaType: message.VersionInAccept, byQuery: message.VersionInQuery,
	}[vs.cfg.By.kind]
	return message.Problem(text, vs.served(), vs.cfg.By.name)
}

// served are the names of the versions that are not gone.
func (vs *versionSet) served() []string {
	var names []string
	for _, v := range vs.list {
		if !v.isGone() {
			names = append(names, v.Name)
		}
	}
	return names
}

// isGone reports whether the version is no longer served.
func (v *version) isGone() bool { return v.Gone && !time.Now().Before(v.Sunset) }
