package tenon

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/nearest"
)

// Explanation says where a request would go. Nothing of the request runs to find it out.
type Explanation struct {
	Method    string          `json:"method" doc:"That of the request."`
	Path      string          `json:"path" doc:"That of the request, as it was sent."`
	Pattern   string          `json:"pattern,omitzero" doc:"The route that takes it; absent: none does."`
	Site      string          `json:"site,omitzero" doc:"File and line of the registration of the route."`
	Values    []PathValue     `json:"values,omitzero" doc:"What the wildcards of the path are, decoded."`
	Foreign   bool            `json:"foreign,omitzero" doc:"Whether the route is a mounted handler or a page of the document, of which no more is known."`
	Operation *OperationInfo  `json:"operation,omitzero" doc:"What runs."`
	Callers   []Judgement     `json:"callers,omitzero" doc:"What becomes of those who were asked about."`
	Ran       []StatementInfo `json:"ran,omitzero" doc:"Statements of databases that its requests ran since the process began."`
	Status    int             `json:"status,omitzero" doc:"What a request without a route is answered with."`
	Reason    string          `json:"reason,omitzero" doc:"Why no route takes it."`
	Allowed   []string        `json:"allowed,omitzero" doc:"Methods that the path has."`
	Nearest   []string        `json:"nearest,omitzero" doc:"Routes that were perhaps meant."`
}

// PathValue is the value of one wildcard.
type PathValue struct {
	Name  string `json:"name" doc:"Name of the wildcard."`
	Value string `json:"value" doc:"What stands there, decoded."`
}

// Explain says where a request would go, by its method, its URL and, where versions are told in the header, its header. Of what its handler asks
// of databases it tells what requests of the operation asked since the process began, up to 64 different statements, with the plans that the
// databases make now. It tells what becomes of each caller that it is asked about, by the rules of the operation. Nothing of the request runs, and what it
// shows of its own caller is not looked at. The app must be compiled.
func (a *App) Explain(r *http.Request, callers ...Caller) (Explanation, error) {
	e := Explanation{Method: r.Method, Path: r.URL.EscapedPath()}
	if a.document == nil {
		return e, errors.New("tenon: the app is not compiled, or it does not compile")
	}
	var m match
	found := a.router.find(r.Method, r.URL, &m)
	if found == nil {
		a.explainMiss(&e, r)
		return e, nil
	}
	if found.byVersion != nil {
		v := a.versions.requested(r)
		if v == nil {
			unknown := a.versions.unknown()
			e.Status, e.Reason = unknown.Status(), unknown.Detail()
			return e, nil
		}
		if found = found.byVersion[v.index]; found == nil {
			found = v.router.find(r.Method, r.URL, &m)
		}
		if found == nil {
			a.explainMiss(&e, r)
			return e, nil
		}
	}
	e.Pattern, e.Site = found.pattern, found.site
	for i, value := range m.path() {
		e.Values = append(e.Values, PathValue{found.names[i], value})
	}
	if found.plan == nil {
		e.Foreign = true
		return e, nil
	}
	info := a.operationInfo(found.plan)
	e.Operation = &info
	e.Callers = found.plan.judge(callers)
	e.Ran = a.ran.explain(r.Context(), found.plan.name)
	return e, nil
}

// explainMiss says why nothing takes a request, and what may have been meant.
func (a *App) explainMiss(e *Explanation, r *http.Request) {
	known := &a.router
	if a.versions != nil {
		var err error
		if known, err = a.explainVersion(e, r); err != nil {
			return
		}
	}
	e.Status, e.Reason = http.StatusNotFound, "No route has this path."
	if e.Allowed = known.allowed(r.URL); e.Allowed != nil {
		e.Status, e.Reason = http.StatusMethodNotAllowed, "The path has other methods."
		if r.Method == http.MethodOptions {
			e.Status, e.Reason = http.StatusNoContent, "OPTIONS is answered with the methods of the path."
		}
		return
	}
	if strings.Contains(e.Path, "//") {
		e.Reason += " An empty segment matches nothing."
	}
	e.Nearest = a.nearest(r.URL)
}

// explainVersion is miss without an answer.
func (a *App) explainVersion(e *Explanation, r *http.Request) (*router, error) {
	known, problem := a.versions.miss(silent{}, r)
	if problem == nil {
		return known, nil
	}
	e.Status, e.Reason, e.Nearest = problem.Status(), problem.Detail(), a.nearest(r.URL)
	return known, problem
}

// silent is a writer that nobody reads.
type silent struct{}

// Header is a new header each time.
func (silent) Header() http.Header { return http.Header{} }

// Write drops it.
func (silent) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader does nothing.
func (silent) WriteHeader(int) {}

// nearest are up to three routes whose paths are like one, the likest first.
func (a *App) nearest(u *url.URL) []string {
	type candidate struct {
		text     string
		distance int
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	var all []candidate
	for _, p := range a.plans {
		if d, ok := apart(path, strings.Split(strings.Trim(p.op.Path, "/"), "/")); ok {
			all = append(all, candidate{p.name, d})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var texts []string
	for _, c := range all[:min(3, len(all))] {
		texts = append(texts, c.text)
	}
	return texts
}

// apart is how far a path is from a pattern; it reports false when the two have nothing in common.
func apart(path, pattern []string) (distance int, ok bool) {
	distance = 10 * max(len(path)-len(pattern), len(pattern)-len(path))
	for i := range min(len(path), len(pattern)) {
		switch {
		case pattern[i] == path[i]:
			ok = ok || path[i] != ""
		case strings.HasPrefix(pattern[i], "{"):
			distance++
		default:
			d := nearest.Distance(strings.ToLower(path[i]), strings.ToLower(pattern[i]))
			ok = ok || d <= max(len(path[i]), len(pattern[i]))/3
			distance += 2 * d
		}
	}
	return distance, ok && distance < 40
}
