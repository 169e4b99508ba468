package tenon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon/docsui"
	"github.com/tenon-go/tenon/openapi"
)

// Docs says where the OpenAPI document and its pages are served. Paths begin with a slash; "-" leaves one out.
type Docs struct {
	// JSON is the path of the document as JSON. Default "/openapi.json".
	JSON string
	// YAML is the path of the document as YAML. Default "/openapi.yaml".
	YAML string
	// Swagger is the path of Swagger UI. Default "/docs".
	Swagger string
	// ReDoc is the path of ReDoc. Default "/redoc".
	ReDoc string
	// Closed leaves out all four. Default false.
	Closed bool
	// Guard is middleware around all four that decides who may see them, inside the app's BeforeAuth; the first is the outermost.
	// Shared caches are then told not to keep the document. Default none.
	Guard []Middleware
}

func rawJSON[T string | []byte](text T) jsontext.Value { return jsontext.Value(text) }

// serveDocs adds the routes of the document and its pages. They have the app's BeforeAuth middleware and no place in the
// document.
func (a *App) serveDocs(mw []Middleware) {
	d := a.cfg.Docs
	if d.Closed {
		return
	}
	if slices.ContainsFunc(d.Guard, func(m Middleware) bool { return m == nil }) {
		a.fault("tenon.Config: Docs.Guard", errors.New("a middleware is nil"))
		return
	}
	mw = slices.Concat(mw, d.Guard)
	json, yaml := d.json(), orDefault(d.YAML, "/openapi.yaml")
	for _, page := range []string{d.Swagger, d.ReDoc} {
		if json == "" && page != "" && page != "-" {
			a.fault("tenon.Config: Docs.JSON", fmt.Errorf("it is left out, so the page %s has nothing to show", page))
		}
	}
	a.serveDocument(a.document, json, yaml, mw)
	swagger, redoc := orDefault(d.Swagger, "/docs"), orDefault(d.ReDoc, "/redoc")
	if a.versions != nil {
		a.versions.serveDocs(json, yaml, swagger, redoc, mw)
		return
	}
	page := docsui.Config{Title: a.cfg.Title, SpecURL: json}
	a.servePage("Swagger", swagger, page, docsui.Swagger, mw)
	a.servePage("ReDoc", redoc, page, docsui.ReDoc, mw)
}

// serveDocument serves a document in both forms. Each is written when it is first asked for: few ask, and a large one takes long.
func (a *App) serveDocument(document *openapi.Document, json, yaml string, mw []Middleware) {
	a.serveDoc("JSON", json, false, a.written(document, json, (*openapi.Document).JSON, jsonType), mw)
	a.serveDoc("YAML", yaml, false, a.written(document, yaml, (*openapi.Document).YAML, "application/yaml"), mw) // RFC 9512
}

// servePage serves a page at a path and its assets below it, unless there is no document that it could show.
func (a *App) servePage(name, path string, cfg docsui.Config, page func(docsui.Config) http.Handler, mw []Middleware) {
	if path == "" || cfg.SpecURL == "" {
		return
	}
	cfg.Path = path
	a.serveDoc(name, path, true, page(cfg), mw)
}

// written serves a document at a path in one form. What it holds was checked at start, so that writing it does not fail.
func (a *App) written(document *openapi.Document, path string, write func(*openapi.Document) ([]byte, error), contentType string) http.Handler {
	made := sync.OnceValue(func() http.Handler {
		here := *document
		here.Servers = a.server(path)
		text, err := write(&here)
		if err != nil {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a.internal(w, r, nil, err)
			})
		}
		return a.cfg.Docs.fixed(text, contentType)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { made().ServeHTTP(w, r) })
}

// json is the path of the document, or "" when it is not served.
func (d Docs) json() string {
	if d.Closed {
		return ""
	}
	return orDefault(d.JSON, "/openapi.json")
}

func orDefault(path, fallback string) string {
	switch path {
	case "":
		return fallback
	case "-":
		return ""
	}
	return path
}

func (a *App) serveDoc(name, path string, below bool, h http.Handler, mw []Middleware) {
	if path == "" {
		return
	}
	site := "tenon.Config: Docs." + name
	h, err := chain(h, mw)
	a.fault(site, err)
	if strings.Contains(path, "{") {
		a.fault(site, fmt.Errorf("path %q has a wildcard", path))
		return
	}
	patterns := []string{path}
	if below {
		patterns = append(patterns, join(path, "/{file...}"))
	}
	for _, pattern := range patterns {
		segments, names, err := parsePattern(pattern)
		if err != nil {
			a.fault(site, err)
			continue
		}
		r := &route{method: http.MethodGet, pattern: pattern, segments: segments, names: names, site: site, handler: h}
		if err := a.place(r); err != nil {
			a.fault(site, fmt.Errorf("%w; move one of them", err))
		}
	}
}

// fixed serves the same bytes with a strong ETag.
func (d Docs) fixed(body []byte, contentType string) http.Handler {
	cache := "no-cache"
	if d.Guard != nil {
		cache = "private, no-cache"
	}
	sum := sha256.Sum256(body)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("ETag", etag)
		h.Set("Cache-Control", cache)
		h.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}
