// Package docsui serves documentation pages for an OpenAPI document: Swagger UI and ReDoc.
//
// The pages are embedded in the binary. They load nothing from another host and run under a strict content security
// policy, without inline scripts. All their links are relative, so they work behind any prefix that a proxy or a mux
// takes off.
package docsui

import (
	"net/http"
	"path"
	"strings"
)

// Config says where a page stands and what it shows. It is read when the handler is made.
type Config struct {
	// Title is the title of the page. Default "API".
	Title string
	// SpecURL is where the document is: a path from the root of the service, as Path is, or an absolute URL, which the
	// page's policy lets a browser load from the same origin only. Default "/openapi.json".
	SpecURL string
	// Path is where the handler is reached, once prefixes are taken off. Assets are served below it, such as
	// /docs/swagger-ui.css. Default "/docs" for Swagger and "/redoc" for ReDoc.
	Path string
	// Versions are the pages of the versions of an API, to go from one to the other. Default none.
	Versions []Version
}

// Version is the page of one version.
type Version struct {
	// Name is the text of the link.
	Name string
	// Path is where the page stands, as Config.Path is.
	Path string
}

// Swagger is a handler for Swagger UI, where a reader can try the operations out. Register it for Path and everything
// below it; it answers GET and HEAD. It is safe for concurrent use.
func Swagger(cfg Config) http.Handler {
	return newSite(cfg.withDefaults("/docs"), "swagger.html", "", "swagger-ui.css", "swagger-ui-bundle.js", "swagger.js")
}

// ReDoc is a handler for ReDoc, a page to read. Register it for Path and everything below it; it answers GET and HEAD. It
// is safe for concurrent use.
func ReDoc(cfg Config) http.Handler {
	return newSite(cfg.withDefaults("/redoc"), "redoc.html", emptyStyle, "redoc.standalone.js")
}

func (c Config) withDefaults(at string) Config {
	if c.Title == "" {
		c.Title = "API"
	}
	if c.SpecURL == "" {
		c.SpecURL = "/openapi.json"
	}
	if c.Path == "" {
		c.Path = at
	}
	c.Path = path.Clean("/" + c.Path)
	return c
}

// spec is the URL of the document relative to the page.
func (c Config) spec() string {
	if !strings.HasPrefix(c.SpecURL, "/") || strings.HasPrefix(c.SpecURL, "//") {
		return c.SpecURL
	}
	return c.relative(c.SpecURL)
}

// relative is a path of the service as a reference from the page.
func (c Config) relative(to string) string {
	up := strings.Repeat("../", strings.Count(c.Path, "/")-1)
	return "./" + up + strings.TrimPrefix(to, "/")
}

// links are the pages of the versions as references from the page.
func (c Config) links() []Version {
	var links []Version
	for _, v := range c.Versions {
		links = append(links, Version{v.Name, c.relative(v.Path)})
	}
	return links
}
