package docsui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is one embedded file. It is read-only and safe for concurrent use.
type asset struct {
	mediaType string
	data      []byte
	zipped    bool   // data is gzip
	version   string // of the content, part of the entity tags and of the URLs in pages
}

// load reads an embedded asset: one of the project's own, or a compressed one from a package.
func load(name string) *asset {
	if data, err := files.ReadFile("pages/" + name); err == nil {
		return plainAsset(name, data)
	}
	data, err := files.ReadFile("assets/" + name + ".gz")
	if err != nil {
		panic("docsui: " + err.Error())
	}
	a := plainAsset(name, data)
	a.zipped = true
	return a
}

func plainAsset(name string, data []byte) *asset {
	sum := sha256.Sum256(data)
	return &asset{mediaType: mediaType(name), data: data, version: hex.EncodeToString(sum[:8])}
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	}
	return "text/javascript; charset=utf-8"
}

// serve answers GET and HEAD. A client that asks for this very version may keep the answer for good; any other must ask
// again each time, and usually learns that nothing changed.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	etag := `"` + a.version + `"`
	packed := false
	if a.zipped {
		h.Set("Vary", "Accept-Encoding")
		if packed = acceptsGzip(r.Header.Values("Accept-Encoding")); packed {
			etag = `"` + a.version + `-gzip"`
		}
	}
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	if r.URL.RawQuery == "v="+a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if unchanged(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.mediaType)
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	a.write(w, r.Method, packed)
}

func (a *asset) write(w http.ResponseWriter, method string, packed bool) {
	size, body := len(a.data), io.Reader(bytes.NewReader(a.data))
	if a.zipped && !packed {
		size = int(binary.LittleEndian.Uint32(a.data[len(a.data)-4:])) // RFC 1952, section 2.3.1: ISIZE
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			panic("docsui: " + err.Error()) // the checksums of the assets are tested
		}
		body = unpacked
	}
	w.Header().Set("Content-Length", strconv.Itoa(size))
	if method != http.MethodHead {
		_, _ = io.Copy(w, body) // fails when the client has gone
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip, or * when gzip is not named, with a weight above zero.
func acceptsGzip(values []string) bool {
	star := false
	for coding := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		_, q, given := strings.Cut(weight, "=")
		on := !given || strings.Trim(q, " \t0.") != ""
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip":
			return on
		case "*":
			star = on
		}
	}
	return star
}

// unchanged compares If-None-Match with the entity tag, weakly (RFC 9110, section 13.1.2).
func unchanged(values []string, etag string) bool {
	for tag := range strings.SplitSeq(strings.Join(values, ","), ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}
