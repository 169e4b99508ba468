package docsui

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path"
	"strings"

	"github.com/tenon-go/tenon/problem"
)

//go:embed pages assets/*.gz
var files embed.FS

// site is one page with its assets.
type site struct {
	path   string
	policy string
	page   *asset
	assets map[string]*asset
}

// newSite reads the page and its assets, which are embedded, so what could fail is fixed when the binary is built. style
// is what the page needs in its policy beside styles from its origin.
func newSite(cfg Config, page, style string, assets ...string) *site {
	s := &site{path: cfg.Path, policy: policy(style), assets: map[string]*asset{}}
	data := struct {
		Title, Spec string
		Versions    []Version
		Asset       map[string]string
	}{cfg.Title, cfg.spec(), cfg.links(), map[string]string{}}
	base := "./" + strings.TrimPrefix(path.Base(cfg.Path)+"/", "//")
	for _, name := range assets {
		a := load(name)
		s.assets[name] = a
		data.Asset[name] = base + name + "?v=" + a.version
	}
	var html bytes.Buffer
	if err := template.Must(template.ParseFS(files, "pages/"+page)).Execute(&html, data); err != nil {
		panic("docsui: " + err.Error())
	}
	s.page = newAsset(page, bytes.NewReader(html.Bytes()), int64(html.Len()))
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), s.policy)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		problem.Write(w, r, problem.New(problem.CodeMethodNotAllowed, ""))
		return
	}
	name, below := strings.CutPrefix(r.URL.Path, strings.TrimSuffix(s.path, "/")+"/")
	switch {
	case r.URL.Path == s.path:
		s.page.serve(w, r)
	case below && name == "":
		// Relative, because a prefix may have been taken off.
		w.Header().Set("Location", "../"+path.Base(s.path))
		w.WriteHeader(http.StatusPermanentRedirect)
	case below && s.assets[name] != nil:
		s.assets[name].serve(w, r)
	default:
		problem.Write(w, r, problem.New(problem.CodeNotFound, ""))
	}
}
