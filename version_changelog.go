package tenon

import (
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// VersionChanges is what a version does differently from the one before it.
type VersionChanges struct {
	// Version is the version, and Before the one before it.
	Version, Before string
	// Docs are what the changes of the version say of themselves.
	Docs []string
	// Changes are the differences of the two documents. Where the path names the version, the two are compared below their prefixes.
	Changes []openapi.Change
}

// Changelog tells what each version of a compiled app does differently, the newest first. The oldest version is not in it.
func (a *App) Changelog() []VersionChanges {
	if a.document == nil || a.versions == nil {
		return nil
	}
	list := a.versions.list
	var all []VersionChanges
	for i := len(list) - 1; i > 0; i-- {
		all = append(all, *list[i].changes)
	}
	return all
}

// Markdown is the changes as text: a heading, what they say of themselves, and the differences one by one.
func (c *VersionChanges) Markdown() string {
	var b strings.Builder
	b.WriteString("## " + c.Version + ", since " + c.Before + "\n\n")
	for _, doc := range c.Docs {
		b.WriteString("- " + doc + "\n")
	}
	if len(c.Docs) > 0 && len(c.Changes) > 0 {
		b.WriteString("\n")
	}
	for _, change := range c.Changes {
		b.WriteString("- `" + change.Path + "`: " + change.What + "\n")
	}
	return b.String()
}

// compare notes what a version does differently, given the documents of the one before and of it, both without what versions say of
// themselves, and puts it into the version's document, where its pages show it.
func (v *version) compare(before, after *openapi.Document) {
	earlier := v.of.list[v.index-1]
	c := &VersionChanges{Version: v.Name, Before: earlier.Name}
	for _, change := range v.Changes {
		c.Docs = append(c.Docs, change.Doc)
	}
	if v.of.inPath() {
		moved := *before
		moved.Paths = map[string]*openapi.PathItem{}
		from, to := earlier.path(v.of.prefix), v.path(v.of.prefix)
		for path, item := range before.Paths {
			if rest, ok := strings.CutPrefix(path, from); ok && (rest == "" || rest[0] == '/') {
				path = to + rest
			}
			moved.Paths[path] = item
		}
		before = &moved
	}
	c.Changes = openapi.Diff(before, after)
	v.changes = c
	info := &v.document.Info
	info.Description = strings.TrimLeft(info.Description+"\n\n"+c.Markdown(), "\n")
}

// bare is the document of a version without what versions say of themselves: by it versions are compared.
func (v *version) bare(plans []*plan, at string) *openapi.Document {
	if v.Deprecated.IsZero() && v.of.inPath() {
		return v.document
	}
	return v.of.app.describeAs(plans, at, true)
}
