package tenon

import (
	"errors"
	"fmt"
	"net/http"
)

// Resource is a type whose methods are what can be done with one thing of the API: App.Resource registers them at a path.
type Resource interface {
	// Methods names the methods that the resource has. It is called once for each path that the resource is registered at.
	Methods(m *Methods)
}

// Methods takes the methods of a Resource at one path. What a resource does not name is answered with 405 and Allow.
type Methods struct {
	group *Group
	count int
}

// Resource registers the methods of a resource at a path; options apply to all of them, those of a method to it alone. A resource that
// has several paths is registered at each.
func (a *App) Resource(path string, r Resource, opts ...Option) {
	a.root.resource(path, r, opts, caller())
}

// Resource registers the methods of a resource at a path of the group; see App.Resource.
func (g *Group) Resource(path string, r Resource, opts ...Option) {
	g.resource(path, r, opts, caller())
}

func (g *Group) resource(path string, r Resource, opts []Option, site string) {
	m := &Methods{group: g.group(path, opts, site)}
	if r == nil {
		g.app.fault(site, errors.New("the resource is nil"))
		return
	}
	if r.Methods(m); m.count == 0 {
		g.app.fault(site, fmt.Errorf("the resource %T names no methods", r))
	}
}

// Get registers what GET does, and with it HEAD.
func (m *Methods) Get[I, O any](h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(http.MethodGet, erase(h), opts, caller())}
}

// Post registers what POST does; its status is 201 unless Status says otherwise.
func (m *Methods) Post[I, O any](h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(http.MethodPost, erase(h), opts, caller())}
}

// Put registers what PUT does.
func (m *Methods) Put[I, O any](h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(http.MethodPut, erase(h), opts, caller())}
}

// Patch registers what PATCH does.
func (m *Methods) Patch[I, O any](h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(http.MethodPatch, erase(h), opts, caller())}
}

// Delete registers what DELETE does.
func (m *Methods) Delete[I, O any](h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(http.MethodDelete, erase(h), opts, caller())}
}

// Handle registers what any method does.
func (m *Methods) Handle[I, O any](method string, h Handler[I, O], opts ...Option) Route[I] {
	return Route[I]{m.add(method, erase(h), opts, caller())}
}

func (m *Methods) add(method string, h erased, opts []Option, site string) *entry {
	m.count++
	return m.group.add(method, "/", h, opts, site)
}
