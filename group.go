package tenon

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Group is a set of operations with a common path prefix and common options. Make one with App.Group or Group.Group.
type Group struct {
	app    *App
	prefix string
	own    []Option
	opts   []Option // own, after those of the app and of the groups around this one
	site   string
	outer  *Group // nil for that of the app

	provided providers
	versions *versionSet // of its operations; nil is none
}

// entry is one registration, as it was made.
type entry struct {
	method, path string
	template     string // the path with its {version}, of a variant; "" is the path
	site         string
	handler      erased       // an operation
	mounted      http.Handler // or a foreign handler
	group        *Group
	groupOpts    []Option
	opts         []Option
	versions     *versionSet // nil is none
	version      *version    // of a variant of the registration
	successor    string      // the version in whose path the same is found; "" is none
	since, until int         // the versions, by index

	link *link // of its Route; the same in all copies and variants
}

// Group makes a group inside this one.
func (g *Group) Group(prefix string, opts ...Option) *Group {
	return g.group(prefix, opts, caller())
}

func (g *Group) group(prefix string, opts []Option, site string) *Group {
	g.app.open(site)
	g.app.fault(site, slashed(prefix))
	return &Group{app: g.app, prefix: join(g.prefix, prefix), own: opts, opts: slices.Concat(g.opts, opts), site: site, outer: g, versions: g.versions}
}

// Get registers an operation for GET, and with it for HEAD.
func (g *Group) Get[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(http.MethodGet, path, erase(h), opts, caller())}
}

// Post registers an operation for POST; its status is 201 unless Status says otherwise.
func (g *Group) Post[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(http.MethodPost, path, erase(h), opts, caller())}
}

// Put registers an operation for PUT.
func (g *Group) Put[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(http.MethodPut, path, erase(h), opts, caller())}
}

// Patch registers an operation for PATCH.
func (g *Group) Patch[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(http.MethodPatch, path, erase(h), opts, caller())}
}

// Delete registers an operation for DELETE.
func (g *Group) Delete[I, O any](path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(http.MethodDelete, path, erase(h), opts, caller())}
}

// Handle registers an operation for any method.
func (g *Group) Handle[I, O any](method, path string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{g.add(method, path, erase(h), opts, caller())}
}

// Mount serves everything at and below prefix with h, for every method and inside the group's middleware. The request keeps
// its whole path; http.StripPrefix takes it off. What is mounted does not appear in the document.
func (g *Group) Mount(prefix string, h http.Handler, opts ...Option) {
	g.mount(prefix, h, opts, caller())
}

func (g *Group) add(method, path string, h erased, opts []Option, site string) *entry {
	g.app.fault(site, slashed(path))
	return g.register(&entry{method: method, path: join(g.prefix, path), handler: h, group: g, groupOpts: g.opts, opts: opts, site: site})
}

func (g *Group) mount(prefix string, h http.Handler, opts []Option, site string) {
	g.app.fault(site, slashed(prefix))
	g.register(&entry{method: anyMethod, path: join(g.prefix, prefix), mounted: h, group: g, groupOpts: g.opts, opts: opts, site: site})
}

// slashed refuses a piece of a path that would be glued to the one before it.
func slashed(path string) error {
	if path == "" || path[0] == '/' {
		return nil
	}
	return fmt.Errorf("path %q does not begin with /", path)
}

func (g *Group) register(e *entry) *entry {
	g.app.open(e.site)
	e.versions, e.link = g.versions, &link{}
	g.app.entries = append(g.app.entries, e)
	return e
}

// join puts a prefix before a path; a path of "" or "/" is the prefix itself.
func join(prefix, path string) string {
	prefix = strings.TrimSuffix(prefix, "/")
	if prefix != "" && (path == "" || path == "/") {
		return prefix
	}
	return prefix + path
}
