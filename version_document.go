package tenon

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/docsui"
	"github.com/tenon-go/tenon/openapi"
)

// Document returns the document of one version of a compiled app: its operations and those without versions. It is nil when there
// is no such version. The document is shared: do not change it.
func (a *App) Document(version string) *openapi.Document {
	if a.versions == nil {
		return nil
	}
	if v := a.versions.named(version); v != nil {
		return v.document
	}
	return nil
}

// Documents are the documents of the versions by their names, the oldest first; that of an app without versions has the name "".
func (a *App) Documents() iter.Seq2[string, *openapi.Document] {
	return func(yield func(string, *openapi.Document) bool) {
		if a.versions == nil {
			yield("", a.document)
			return
		}
		for _, v := range a.versions.list {
			if !yield(v.Name, v.document) {
				return
			}
		}
	}
}

// describeAll makes the documents, unless something is wrong.
func (a *App) describeAll(plans []*plan) {
	vs := a.versions
	if vs == nil {
		if a.agreed(plans) {
			a.document = a.describe(plans, a.cfg.Docs.json())
		}
		return
	}
	if vs.broken {
		return
	}
	var bare, later *openapi.Document
	for _, v := range slices.Backward(vs.list) {
		own, at := v.plans(plans), v.at(a.cfg.Docs.json())
		if !a.agreed(own) {
			return
		}
		v.document = a.describe(own, at)
		v.document.Info.Version = v.Name
		if v == vs.newest() {
			whole := *v.document
			whole.Info, whole.Servers = a.info(), a.server(a.cfg.Docs.json())
			a.document = &whole
		}
		if later, bare = bare, v.bare(own, at); later != nil {
			vs.list[v.index+1].compare(bare, later)
		}
	}
}

// serveDocs serves a document and pages for each version. What stands without one is that of the newest.
func (vs *versionSet) serveDocs(json, yaml, swagger, redoc string, mw []Middleware) {
	a := vs.app
	pages := []struct {
		name, path string
		show       func(docsui.Config) http.Handler
	}{{"Swagger", swagger, docsui.Swagger}, {"ReDoc", redoc, docsui.ReDoc}}
	for _, v := range slices.Backward(vs.list) {
		a.serveDocument(v.document, v.at(json), v.at(yaml), mw)
	}
	for _, page := range pages {
		cfg := docsui.Config{Title: a.cfg.Title, SpecURL: vs.newest().at(json)}
		for _, v := range slices.Backward(vs.list) {
			cfg.Versions = append(cfg.Versions, docsui.Version{Name: v.Name, Path: v.at(page.path)})
		}
		a.servePage(page.name, page.path, cfg, page.show, mw)
		for _, v := range vs.list {
			cfg.SpecURL = v.at(json)
			a.servePage(page.name, v.at(page.path), cfg, page.show, mw)
		}
	}
}

// without is a path without the name of the version: clients of all versions call an operation by one id.
func (v *version) without(path string) string {
	if v == nil || !v.of.inPath() {
		return path
	}
	prefix := v.path(v.of.prefix)
	return strings.Replace(prefix, "/"+v.Name, "", 1) + strings.TrimPrefix(path, prefix)
}

// inVersion makes of a URL of an operation in the newest of its versions that in the version of a request; nil is no way to.
func (e *entry) inVersion(location string) func(from *url.URL) string {
	if e == nil || e.versions == nil || !e.versions.inPath() || location == "" {
		return nil
	}
	vs := e.versions
	return func(from *url.URL) string {
		name, _ := vs.below(from)
		v := vs.named(name)
		if v == nil || v.index < e.link.since || v.index > e.link.until {
			return location
		}
		path, query, _ := strings.Cut(location, "?")
		return strings.TrimSuffix(vs.moved(path, v.Name)+"?"+query, "?")
	}
}

// agreed looks at what operations of one document have to do with each other, and reports whether nothing is wrong so far.
func (a *App) agreed(plans []*plan) bool {
	a.operationIDs(plans)
	a.wildcardNames(plans)
	a.locate(plans)
	return len(a.faults) == 0
}

// plans are those of a version, and those of all.
func (v *version) plans(all []*plan) []*plan {
	var own []*plan
	for _, p := range all {
		if p.version == nil || p.version == v {
			own = append(own, p)
		}
	}
	return own
}

// at is where the version has what stands at a path for all: /openapi.json is /openapi/v1.json.
func (v *version) at(path string) string {
	if path == "" {
		return "" // nowhere
	}
	dot := strings.LastIndexByte(path, '.')
	if dot <= strings.LastIndexByte(path, '/') {
		return join(path, "/"+v.Name)
	}
	return path[:dot] + "/" + v.Name + path[dot:]
}
