package tenon

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// versionSet is a list of versions as it was registered, and what Compile makes of it.
type versionSet struct {
	app    *App
	cfg    Versions
	site   string
	prefix string
	opts   []Option
	list   []*version // the oldest first

	broken bool // the list is wrong
	used   map[*Migration]bool
	fronts map[string]*route // what stands in the router for the routes of several versions, by method and pattern
	deny   http.Handler      // answers a request that names none of the versions
	gone   http.Handler      // answers one of a version that is gone
}

// version is one version, and what its answers say.
type version struct {
	Version

	of       *versionSet
	index    int
	router   router // where the path does not name the version: all that a request of this one can reach
	document *openapi.Document
	changes  *VersionChanges // since the version before; nil for the oldest
	calls    callCounts
}

// copy is the same list for a copy of the app.
func (vs *versionSet) copy(app *App) *versionSet {
	if vs == nil {
		return nil
	}
	c := &versionSet{app: app, cfg: vs.cfg, site: vs.site, prefix: vs.prefix, opts: vs.opts}
	c.fill()
	return c
}

// fill makes the versions of the list.
func (vs *versionSet) fill() {
	for i, v := range vs.cfg.List {
		vs.list = append(vs.list, &version{Version: v, of: vs, index: i})
	}
}

const versionWildcard = "{version}"

func secondVersions(site string) error {
	return fmt.Errorf("an app has one list of versions; the other is that of %s", site)
}

func (vs *versionSet) newest() *version { return vs.list[len(vs.list)-1] }

// inPath reports whether the path names the version.
func (vs *versionSet) inPath() bool { return vs.cfg.By.kind == byPath }

// named is the version of that name; nil is none.
func (vs *versionSet) named(name string) *version {
	for _, v := range vs.list {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// names lists the versions for people.
func (vs *versionSet) names() string {
	names := make([]string, len(vs.list))
	for i, v := range vs.list {
		names[i] = v.Name
	}
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// path is a path of the group in this version.
func (v *version) path(pattern string) string {
	if !v.of.inPath() {
		return pattern
	}
	return strings.Replace(pattern, versionWildcard, v.Name, 1)
}

// checkVersions settles the list of versions before anything is made of it.
func (a *App) checkVersions() {
	vs := a.versions
	if vs == nil {
		return
	}
	faults := vs.check()
	for _, err := range faults {
		a.fault(vs.site, err)
	}
	vs.broken = len(faults) > 0
	vs.used, vs.fronts = map[*Migration]bool{}, map[string]*route{}
	a.fault(vs.site, vs.ready())
}

// check returns what is wrong with the list by itself.
func (vs *versionSet) check() []error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(len(vs.list) == 0, "Versions: List is empty")
	in := slices.Contains(strings.Split(vs.prefix, "/"), versionWildcard)
	once := in && strings.Count(vs.prefix, versionWildcard) == 1
	fault(vs.inPath() && !once, "Versions: the prefix %q names the version, so it has one segment {version}", vs.prefix)
	fault(!vs.inPath() && in, "Versions: the prefix %q has a segment {version}, but the version stands %s", vs.prefix, vs.cfg.By)
	faults = append(faults, vs.cfg.By.check()...)
	fault(vs.inPath() && vs.cfg.Default != "", "Versions: Default is %q, but a path always names its version", vs.cfg.Default)
	known := vs.cfg.Default == "" || vs.cfg.Default == "-" || vs.named(vs.cfg.Default) != nil
	fault(!known, "Versions: Default is %q, want one of %s", vs.cfg.Default, vs.names())
	for i, v := range vs.list {
		for _, err := range v.check() {
			faults = append(faults, fmt.Errorf("version %q: %w", v.Name, err))
		}
		fault(vs.named(v.Name) != v, "version %q: it is there twice", v.Name)
		fault(vs.cfg.By.kind == byDate && i > 0 && vs.list[i-1].Name >= v.Name, "version %q: the oldest comes first", v.Name)
	}
	return faults
}

func (v *version) check() []error {
	var faults []error
	fault := func(wrong bool, words string) {
		if wrong {
			faults = append(faults, errors.New(words))
		}
	}
	plain := strings.Trim(strings.ToLower(v.Name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == "" && strings.Trim(v.Name, ".-") != ""
	fault(!plain, "a name has letters, digits and the characters . - _")
	fault(v.of.cfg.By.kind == byDate && !isVersionDate(v.Name), "a name is a date such as 2026-03-01")
	fault(v.index == 0 && len(v.Changes) > 0, "it is the oldest, so there is nothing that it changes")
	fault(v.Deprecated.IsZero() && (!v.Sunset.IsZero() || v.Link != ""), "Sunset and Link are for a version that is deprecated")
	fault(!v.Sunset.IsZero() && v.Sunset.Before(v.Deprecated), "Sunset is before Deprecated")
	fault(v.Gone && v.Sunset.IsZero(), "Gone needs a Sunset")
	if err := isLink(v.Link, true); err != nil {
		faults = append(faults, fmt.Errorf("its Link: %w", err))
	}
	for i := range v.Changes {
		c := &v.Changes[i]
		fault(strings.TrimSpace(c.Doc) == "", "a change has no Doc")
		for j := range c.Migrations {
			fault(c.Migrations[j].apply == nil, "a migration has no function")
		}
	}
	return faults
}

// migrations are those of the version's changes.
func (v *version) migrations() []*Migration {
	var all []*Migration
	for i := range v.Changes {
		for j := range v.Changes[i].Migrations {
			all = append(all, &v.Changes[i].Migrations[j])
		}
	}
	return all
}

// variants are what a registration is in each version, the newest first; it is itself without versions. A fault is told of the
// registration.
func (a *App) variants(e *entry) ([]*entry, error) {
	vs := e.versions
	switch {
	case vs == nil:
		return []*entry{e}, nil
	case vs.broken || vs != a.versions:
		return nil, nil // which is told
	}
	op := &Operation{Method: e.method, Path: e.path, common: &a.common, template: e.path}
	op.apply(e.groupOpts)
	op.applyOwn(e.opts)
	since, until := vs.list[0], vs.newest()
	for _, bound := range []struct {
		name string
		at   **version
	}{{op.Since, &since}, {op.Until, &until}} {
		if bound.name == "" {
			continue
		}
		if *bound.at = vs.named(bound.name); *bound.at == nil {
			return nil, fmt.Errorf("there is no version %q, only %s", bound.name, vs.names())
		}
	}
	if since.index > until.index {
		return nil, fmt.Errorf("the operation is in no version: it is there since %s, until %s", since.Name, until.Name)
	}
	var all []*entry
	for _, v := range slices.Backward(vs.list[since.index : until.index+1]) {
		variant := *e // e itself may be read meanwhile: App.With copies it
		variant.since, variant.until = since.index, until.index
		variant.path, variant.template, variant.version = v.path(e.path), e.path, v
		if vs.inPath() && v != until {
			variant.successor = vs.list[v.index+1].Name
		}
		variant.groupOpts = slices.Concat(e.groupOpts, v.Options)
		all = append(all, &variant)
	}
	return all, nil
}

// place puts a route where requests find it.
func (a *App) place(r *route) error {
	vs := a.versions
	if vs == nil || vs.inPath() {
		return a.router.add(r)
	}
	if r.version != nil {
		return vs.placeBehind(r)
	}
	if err := a.router.add(r); err != nil {
		return err
	}
	for _, v := range vs.list {
		own := *r
		if err := v.router.add(&own); err != nil {
			return err
		}
	}
	return nil
}

// placeBehind puts a route of one version behind the one that stands for those of all versions.
func (vs *versionSet) placeBehind(r *route) error {
	if err := r.version.router.add(r); err != nil {
		return err
	}
	front := vs.fronts[r.String()]
	if front == nil {
		front = &route{method: r.method, pattern: r.pattern, segments: r.segments, site: r.site, byVersion: make([]*route, len(vs.list))}
		if err := vs.app.router.add(front); err != nil {
			return err
		}
		vs.fronts[r.String()] = front
	}
	front.byVersion[r.version.index] = r
	return nil
}
