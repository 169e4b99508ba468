package cache

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// part is what options say of how the answers of one operation are kept, and what comes of it.
type part struct {
	cache           *Cache
	ttl             time.Duration
	own             bool   // For stands at the operation itself
	never           string // why nothing is kept
	public, ask     bool
	whileRevalidate time.Duration
	ifError         time.Duration
	tags, clears    []template
	ownTags         bool
	ownClears       bool
	vary            []string
	faults          int

	op      *tenon.Operation
	planned *tenon.Planned
	key     keyed
	sends   bool
	whose   string   // it is to clients and what stands between: "private" or "public"
	control string   // the Cache-Control of what is kept
	varies  []string // the names in its Vary
	turns   turns
	calm    tenon.Middleware // makes an answer of a panic, where a stale one stands in for it
}

// fault tells what is wrong with one option.
func (p *part) fault(o *tenon.Operation, err error) {
	p.faults++
	o.Fault(err)
}

func (p *part) staleTime(o *tenon.Operation, option string, d time.Duration) bool {
	if d < time.Second || d > longest {
		p.fault(o, fmt.Errorf("%s is %v, want 1s to %v", option, d, longest))
		return false
	}
	return true
}

// Errors that an operation whose answers are kept has besides its own.
var (
	// ErrNotCached is answered where a client wants what is kept, only-if-cached, and it is not.
	ErrNotCached = problem.Define(http.StatusGatewayTimeout, "not-cached", "No answer is kept, and the request allows no other.")
	// ErrBusy is answered to who had no turn to run the operation.
	ErrBusy = problem.New(problem.CodeUnavailable, "").WithHeader("Retry-After", "1")
)

// Complete puts together what options said.
func (p *part) Complete(o *tenon.Operation) {
	read := o.Method == http.MethodGet
	said := p.ttl > 0 && (read || p.own)
	switch {
	case p.faults > 0:
		return
	case p.cache == nil && (said || len(p.clears) > 0):
		p.fault(o, errors.New("cache.For and cache.Invalidates need cache.Use on the app, a group or the operation"))
		return
	case said && !read:
		p.fault(o, fmt.Errorf("cache.For is for GET; a %s is never answered by what is kept", o.Method))
		return
	case p.ownTags && (!read || p.ttl == 0):
		p.fault(o, errors.New("cache.Tag has no effect: it is for a GET with cache.For"))
		return
	case p.ownClears && read:
		p.fault(o, errors.New("cache.Invalidates has no effect: a GET changes nothing"))
		return
	case p.cache == nil:
		return
	}
	p.op = o
	if read && p.ttl > 0 && p.never == "" {
		o.AfterAuth = append(slices.Clip(o.AfterAuth), p.serve)
		o.Fails = append(slices.Clip(o.Fails), ErrNotCached, ErrBusy)
		o.Caching = p.words()
	}
	if !read {
		o.AfterAuth = append(slices.Clip(o.AfterAuth), p.follow)
		if len(p.clears) > 0 {
			o.Caching = "drops " + listed(p.clears)
		}
	}
}

// caches reports whether answers are kept.
func (p *part) caches() bool {
	return p.op != nil && p.op.Caching != "" && p.op.Method == http.MethodGet
}

// words say for people how answers are kept.
func (p *part) words() string {
	whose := "for each caller apart"
	if p.public {
		whose = "for all callers"
	}
	texts := []string{fmt.Sprintf("%v, %s", p.ttl, whose)}
	if len(p.tags) > 0 {
		texts = append(texts, "until "+listed(p.tags)+" changes")
	}
	if p.whileRevalidate > 0 {
		texts = append(texts, fmt.Sprintf("stale for %v while it is made anew", p.whileRevalidate))
	}
	if p.ifError > 0 {
		texts = append(texts, fmt.Sprintf("stale for %v where that fails", p.ifError))
	}
	if len(p.vary) > 0 {
		texts = append(texts, "by "+strings.Join(p.vary, ", "))
	}
	return strings.Join(texts, "; ")
}

func listed(tags []template) string {
	var names []string
	for _, t := range tags {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// Plan looks at the types of the operation, and prepares what a request needs.
func (p *part) Plan(of *tenon.Planned) []error {
	if p.op == nil {
		return nil
	}
	p.sends = of.Sends()
	if !p.caches() {
		return nil
	}
	if why := p.cannot(of); why != nil {
		if p.own {
			return []error{why}
		}
		p.never, p.op.Caching = why.Error(), "" // a group means those that can
		return nil
	}
	if p.public && p.op.PerCaller {
		return []error{errors.New("cache.Public: the answer is not the same for every caller: the operation needs to know who calls")}
	}
	if !p.public && len(p.op.Auth) > 0 && p.op.Security == nil && len(p.vary) == 0 {
		return []error{errors.New("cache.For: middleware in the slot Auth decides who calls, and does not say by what; " +
			"add cache.Vary with the header fields that it reads, or cache.Public")}
	}
	if !of.Conditional() {
		p.op.Fails = append(slices.Clip(p.op.Fails), problem.New(problem.CodePreconditionFailed, ""))
	}
	p.planned, p.turns = of, make(turns, p.cache.cfg.Runs)
	p.cache.keeper.lasts(p.ttl + max(p.whileRevalidate, p.ifError))
	p.planKey(of)
	p.planHeader()
	return p.planCalm()
}

// cannot is why no answer of the operation can be kept.
func (p *part) cannot(of *tenon.Planned) error {
	switch {
	case p.sends:
		return errors.New("cache.For: the answer is a stream, a file or a redirect, and not kept")
	case of.Cookies():
		return errors.New("cache.For: the answer sets cookies, and is not kept")
	}
	for _, in := range of.Parameters() {
		if in.In == "header" && slices.Contains(conditions[:], http.CanonicalHeaderKey(in.Name)) {
			return fmt.Errorf("cache.For: the operation reads %s by itself; what is kept is conditional by its ETag", in.Name)
		}
	}
	return nil
}

// conditions are fields of requests that the cache sees to.
var conditions = [...]string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"}

func (p *part) planKey(of *tenon.Planned) {
	k := &p.key
	k.start = texts(nil, []string{p.op.Method, p.op.Path, of.Version(), p.cache.cfg.Release})
	k.wildcards, k.public = wildcards(p.op.Path), p.public
	headers := slices.Clone(p.vary)
	for _, in := range of.Parameters() {
		switch in.In {
		case "header":
			headers = append(headers, in.Name)
		case "cookie":
			k.cookies = append(k.cookies, in.Name)
		}
	}
	for _, name := range headers {
		if name = http.CanonicalHeaderKey(name); name != "Host" && !slices.Contains(k.headers, name) { // it is in every key
			k.headers = append(k.headers, name)
		}
	}
	if !p.public {
		k.credentials = p.credentials()
	}
}

// credentials are the fields in which a caller may show who they are: those of the schemes that guard the operation, or those that browsers send.
func (p *part) credentials() []string {
	if p.op.Security == nil {
		return []string{"Authorization", "Cookie"}
	}
	var names []string
	for _, s := range slices.Concat(p.op.Security...) {
		name := "Authorization"
		switch {
		case s.Scheme == nil:
			continue
		case s.Scheme.Type == "apiKey" && s.Scheme.In == "cookie":
			name = "Cookie"
		case s.Scheme.Type == "apiKey" && s.Scheme.In == "header":
			name = http.CanonicalHeaderKey(s.Scheme.Name)
		case s.Scheme.Type == "apiKey" || s.Scheme.Type == "mutualTLS":
			continue // in the query, which is part of the key; or the connection
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// guarded reports whether the operation is not for everybody.
func (p *part) guarded() bool {
	if p.op.Security == nil {
		return len(p.op.Auth) > 0
	}
	return slices.ContainsFunc(p.op.Security, func(oneOf []tenon.Security) bool {
		return !slices.ContainsFunc(oneOf, func(s tenon.Security) bool { return s.Scheme == nil })
	})
}

func (p *part) planHeader() {
	p.whose = "private"
	if p.public && !p.guarded() {
		p.whose = "public"
	}
	p.control = p.says(p.ttl)
	varies := slices.Clone(p.key.headers)
	for _, name := range p.key.credentials {
		if !slices.Contains(varies, name) {
			varies = append(varies, name)
		}
	}
	if len(p.key.cookies) > 0 && !slices.Contains(varies, "Cookie") {
		varies = append(varies, "Cookie")
	}
	p.varies = varies
}

// says is the Cache-Control of what is fresh for a time.
func (p *part) says(fresh time.Duration) string {
	if p.ask {
		return p.whose + ", no-cache"
	}
	control := fmt.Sprintf("%s, max-age=%d", p.whose, int64(fresh/time.Second))
	if p.whileRevalidate > 0 {
		control += fmt.Sprintf(", stale-while-revalidate=%d", int64(p.whileRevalidate/time.Second))
	}
	if p.ifError > 0 {
		control += fmt.Sprintf(", stale-if-error=%d", int64(p.ifError/time.Second))
	}
	return control
}
