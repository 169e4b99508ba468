package docsui_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/docsui"
)

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

func call(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPagesAnswer(t *testing.T) {
	t.Parallel()
	swagger, redoc := docsui.Swagger(docsui.Config{}), docsui.ReDoc(docsui.Config{})
	for _, tt := range []struct {
		name, method, target string
		h                    http.Handler
		status               int
		mediaType            string
	}{
		{"Swagger UI", "GET", "/docs", swagger, 200, "text/html; charset=utf-8"},
		{"its style", "GET", "/docs/swagger-ui.css", swagger, 200, "text/css; charset=utf-8"},
		{"its script", "GET", "/docs/swagger-ui-bundle.js", swagger, 200, "text/javascript; charset=utf-8"},
		{"its start", "GET", "/docs/swagger.js", swagger, 200, "text/javascript; charset=utf-8"},
		{"ReDoc", "GET", "/redoc", redoc, 200, "text/html; charset=utf-8"},
		{"its script", "GET", "/redoc/redoc.standalone.js", redoc, 200, "text/javascript; charset=utf-8"},
		{"a head", "HEAD", "/docs", swagger, 200, "text/html; charset=utf-8"},
		{"no other file", "GET", "/docs/swagger.html", swagger, 404, "application/problem+json"},
		{"no file of the other page", "GET", "/docs/redoc.standalone.js", swagger, 404, "application/problem+json"},
		{"no way up", "GET", "/docs/../site.go", swagger, 404, "application/problem+json"},
		{"no other path", "GET", "/documents", swagger, 404, "application/problem+json"},
		{"no other method", "POST", "/docs", swagger, 405, "application/problem+json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := call(tt.h, tt.method, tt.target)
			if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.mediaType {
				t.Errorf("got %d %s, want %d %s", res.StatusCode, res.Header.Get("Content-Type"), tt.status, tt.mediaType)
			}
			if allow := res.Header.Get("Allow"); tt.status == 405 && allow != "GET, HEAD" {
				t.Errorf("Allow is %q", allow)
			}
			if got := body(t, res); (got == "") != (tt.method == "HEAD") {
				t.Errorf("a body of %d bytes", len(got))
			}
		})
	}
}

func TestPagesAreGuarded(t *testing.T) {
	t.Parallel()
	withEmptyStyle := strings.Replace(strict, "style-src 'self'", "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", 1)
	for _, tt := range []struct {
		target, policy string
		h              http.Handler
	}{
		{"/docs", strict, docsui.Swagger(docsui.Config{})},
		{"/docs/swagger.js", strict, docsui.Swagger(docsui.Config{})},
		{"/docs/none", strict, docsui.Swagger(docsui.Config{})},
		{"/redoc", withEmptyStyle, docsui.ReDoc(docsui.Config{})},
	} {
		t.Run(tt.target, func(t *testing.T) {
			t.Parallel()
			h := call(tt.h, "GET", tt.target).Header
			for name, want := range map[string]string{
				"Content-Security-Policy":    tt.policy,
				"X-Content-Type-Options":     "nosniff",
				"Referrer-Policy":            "no-referrer",
				"Cross-Origin-Opener-Policy": "same-origin",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// link finds what a page refers to.
var link = regexp.MustCompile(`(?:src|href|spec-url)="([^"]*)"`)

func TestLinksAreRelative(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		cfg       docsui.Config
		at        string // where the page is seen from outside
		spec      string // where the document is then
		assetBase string
	}{
		{"by default", docsui.Config{}, "https://api.example/docs", "https://api.example/openapi.json", "https://api.example/docs/"},
		{"behind a prefix", docsui.Config{}, "https://api.example/shop/docs", "https://api.example/shop/openapi.json", "https://api.example/shop/docs/"},
		{"deeper", docsui.Config{Path: "/internal/docs"}, "https://api.example/x/internal/docs", "https://api.example/x/openapi.json", "https://api.example/x/internal/docs/"},
		{"both deeper", docsui.Config{Path: "/v1/docs/", SpecURL: "/v1/api.json"}, "https://api.example/v1/docs", "https://api.example/v1/api.json", "https://api.example/v1/docs/"},
		{"at the root", docsui.Config{Path: "/"}, "https://api.example/", "https://api.example/openapi.json", "https://api.example/"},
		{"with a colon", docsui.Config{Path: "/a:b"}, "https://api.example/a:b", "https://api.example/openapi.json", "https://api.example/a:b/"},
		{"with a document elsewhere", docsui.Config{SpecURL: "https://api.example/v2.json"}, "https://api.example/docs", "https://api.example/v2.json", "https://api.example/docs/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			outer := httptest.NewRequest("GET", tt.at, nil).URL
			h := docsui.Swagger(tt.cfg)
			path := "/" + strings.Trim(tt.cfg.Path, "/")
			if tt.cfg.Path == "" {
				path = "/docs"
			}
			page := body(t, call(h, "GET", path))
			found := link.FindAllStringSubmatch(page, -1)
			if len(found) != 6 {
				t.Fatalf("%d links in %s", len(found), page)
			}
			for _, m := range found {
				to, err := outer.Parse(m[1])
				if err != nil {
					t.Fatal(err)
				}
				name, isAsset := strings.CutPrefix(to.String(), tt.assetBase)
				switch {
				case m[1] == "data:," || to.String() == tt.spec:
				case isAsset:
					if res := call(h, "GET", strings.TrimSuffix(path, "/")+"/"+name); res.StatusCode != 200 {
						t.Errorf("%s answers %d", m[1], res.StatusCode)
					}
				default:
					t.Errorf("%s leads to %s", m[1], to)
				}
			}
		})
	}
}

func TestPageIsPlainHTML(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"/docs":  docsui.Swagger(docsui.Config{Title: "Tom & <Ann>"}),
		"/redoc": docsui.ReDoc(docsui.Config{Title: "Tom & <Ann>"}),
	} {
		page := body(t, call(h, "GET", name))
		for _, want := range []string{`<html lang="en">`, "<title>Tom &amp; &lt;Ann&gt;</title>", `<noscript>`, `<a href="./openapi.json">`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s has no %s:\n%s", name, want, page)
			}
		}
		if regexp.MustCompile(`<style| style=| on[a-z]+=|<script[^>]*>[^<]`).MatchString(page) {
			t.Errorf("%s has something inline:\n%s", name, page)
		}
	}
}

func TestSlashAtTheEndLeadsToThePage(t *testing.T) {
	t.Parallel()
	res := call(docsui.Swagger(docsui.Config{Path: "/in/docs"}), "GET", "/in/docs/")
	if res.StatusCode != http.StatusPermanentRedirect || res.Header.Get("Location") != "../docs" {
		t.Errorf("got %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestAssetsComeCompressed(t *testing.T) {
	t.Parallel()
	h := docsui.Swagger(docsui.Config{})
	whole := body(t, call(h, "GET", "/docs/swagger-ui.css"))
	for _, tt := range []struct {
		accept string
		packed bool
	}{
		{"gzip", true}, {"br, GZIP;q=0.5", true}, {"*", true}, {"*;q=0, gzip", true},
		{"", false}, {"br", false}, {"gzip;q=0", false}, {"*;q=0.0", false}, {"gzip;q=0, *", false},
	} {
		t.Run(tt.accept, func(t *testing.T) {
			t.Parallel()
			res := call(h, "GET", "/docs/swagger-ui.css", "Accept-Encoding", tt.accept)
			got := body(t, res)
			if res.Header.Get("Vary") != "Accept-Encoding" || res.ContentLength != int64(len(got)) {
				t.Errorf("Vary %q, Content-Length %d of %d", res.Header.Get("Vary"), res.ContentLength, len(got))
			}
			if packed := res.Header.Get("Content-Encoding") == "gzip"; packed != tt.packed {
				t.Fatalf("Content-Encoding is %q", res.Header.Get("Content-Encoding"))
			}
			if tt.packed {
				z, err := gzip.NewReader(strings.NewReader(got))
				if err != nil {
					t.Fatal(err)
				}
				unpacked, err := io.ReadAll(z)
				if err != nil {
					t.Fatal(err)
				}
				got = string(unpacked)
			}
			if got != whole {
				t.Error("the content differs")
			}
		})
	}
}

func TestAssetsAreCached(t *testing.T) {
	t.Parallel()
	h := docsui.Swagger(docsui.Config{})
	page := body(t, call(h, "GET", "/docs"))
	versioned := "/docs/" + regexp.MustCompile(`swagger-ui\.css\?v=[0-9a-f]{16}`).FindString(page)
	const forGood, ask = "public, max-age=31536000, immutable", "no-cache"
	for target, want := range map[string]string{"/docs": ask, "/docs/swagger-ui.css": ask, "/docs/swagger-ui.css?v=old": ask, versioned: forGood} {
		first := call(h, "GET", target)
		if got := first.Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control is %q, want %q", target, got, want)
		}
		etag := first.Header.Get("ETag")
		for _, sent := range []string{etag, "W/" + etag, `"a", ` + etag, "*"} {
			if again := call(h, "GET", target, "If-None-Match", sent); again.StatusCode != http.StatusNotModified || body(t, again) != "" {
				t.Errorf("%s with If-None-Match %s: %d", target, sent, again.StatusCode)
			}
		}
		if again := call(h, "GET", target, "If-None-Match", `"a"`); again.StatusCode != http.StatusOK {
			t.Errorf("%s with another tag: %d", target, again.StatusCode)
		}
	}
	plain, packed := call(h, "GET", "/docs/swagger-ui.css"), call(h, "GET", "/docs/swagger-ui.css", "Accept-Encoding", "gzip")
	if plain.Header.Get("ETag") == packed.Header.Get("ETag") {
		t.Error("two representations share an entity tag")
	}
}

func TestAssetsAreThoseThatWereFetched(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile("assets/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(manifest)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	var files []string
	for _, pattern := range []string{"assets/*.gz", "assets/*.LICENSE.txt"} {
		found, _ := filepath.Glob(pattern)
		files = append(files, found...)
	}
	if len(files) != len(sums) || len(sums) < 5 {
		t.Errorf("%d files, %d checksums", len(files), len(sums))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if got := hex.EncodeToString(sum[:]); got != sums[filepath.Base(file)] {
			t.Errorf("%s has the checksum %s", file, got)
		}
		for _, foreign := range []string{"cdn.redoc", "fonts.googleapis"} {
			if strings.HasSuffix(file, ".gz") && bytes.Contains(unzip(t, data), []byte(foreign)) {
				t.Errorf("%s speaks of %s", file, foreign)
			}
		}
	}
}

func unzip(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
