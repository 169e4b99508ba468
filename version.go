package tenon

import (
	"net/http"
	"time"
)

// Versions says which versions an API has. Its operations are written once, for the newest: what older versions take and answer is
// made by the migrations of the changes since.
type Versions struct {
	// By is where a request names its version. Default: in the path, whose prefix holds {version}.
	By VersionBy
	// List are the versions, the oldest first. Required.
	List []Version
	// Default is the version of a request that names none; "-" refuses such a request with 400. A path always names one. Default:
	// the oldest, since a client that names none may be older than the versions.
	Default string
	// Client says who made a request, for App.VersionCalls. It is asked before the operation and its middleware. Default: the principal,
	// if the request has one.
	Client func(*http.Request) string
}

// Version is one version of an API.
type Version struct {
	// Name is what requests name, such as v1; with ByDate a date such as 2026-03-01. Required.
	Name string
	// Changes are what the version does differently from the one before it. The oldest version has none.
	Changes []VersionChange
	// Options apply to the operations of the version, after those of the group. Default none.
	Options []Option

	// Deprecated is when the version was or will be deprecated (RFC 9745). Each of its answers says so. Default: it is not.
	Deprecated time.Time
	// Sunset is when the version may go away (RFC 8594), which is not before Deprecated. Default: nobody knows.
	Sunset time.Time
	// Link is a page for the clients of a deprecated version to read. Default none.
	Link string
	// Gone answers 410 from Sunset on. Default false: the version is served until it is taken off the list.
	Gone bool
}

// VersionChange is one thing that a version does differently.
type VersionChange struct {
	// Doc tells clients what is different, in a sentence. Required.
	Doc string
	// Migrations carry requests of the version before over to this one, and answers back. Default none: what changed is not a type.
	Migrations []Migration
}

// Since leaves an operation out of the versions before one.
func Since(version string) Option { return func(o *Operation) { o.Since = version } }

// Until leaves an operation out of the versions after one.
func Until(version string) Option { return func(o *Operation) { o.Until = version } }

// Versions makes a group whose operations exist in each of the versions. Where the path names the version, prefix holds {version}
// as one of its segments. An app has one list of versions.
func (a *App) Versions(prefix string, versions Versions, opts ...Option) *Group {
	g := a.root.group(prefix, opts, caller())
	g.versions = &versionSet{app: a, cfg: versions, site: g.site, prefix: g.prefix, opts: g.opts}
	g.versions.fill()
	if a.versions == nil {
		a.versions = g.versions
		return g
	}
	a.fault(g.site, secondVersions(a.versions.site))
	return g
}
