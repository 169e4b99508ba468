package docsui

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is one embedded file. It is read-only and safe for concurrent use.
type asset struct {
	mediaType string
	data      io.ReaderAt // for an embedded file the program itself: nothing of it is copied
	size      int64
	zipped    bool   // data is gzip
	version   string // of the content, part of the entity tags and of the URLs in pages
}

// load opens an embedded asset: one of the project's own, or a compressed one from a package.
func load(name string) *asset {
	if file, err := files.Open("pages/" + name); err == nil {
		return fileAsset(name, file)
	}
	file, err := files.Open("assets/" + name + ".gz")
	if err != nil {
		panic("docsui: " + err.Error())
	}
	a := fileAsset(name, file)
	a.zipped = true
	return a
}

func fileAsset(name string, file fs.File) *asset {
	info, err := file.Stat()
	data, ok := file.(io.ReaderAt)
	if err != nil || !ok {
		panic("docsui: " + name + " is not a file") // package embed says what its files can do
	}
	return newAsset(name, data, info.Size())
}

func newAsset(name string, data io.ReaderAt, size int64) *asset {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(data, 0, size)); err != nil {
		panic("docsui: " + err.Error()) // it is in memory
	}
	return &asset{mediaType: mediaType(name), data: data, size: size, version: hex.EncodeToString(sum.Sum(nil)[:8])}
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
	size, body := a.size, io.Reader(io.NewSectionReader(a.data, 0, a.size))
	if a.zipped && !packed {
		size, body = a.unpack(body)
	}
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	if method != http.MethodHead {
		_, _ = io.Copy(w, body) // fails when the client has gone
	}
}

// unpack decompresses what packed reads; the checksums of the assets are tested.
func (a *asset) unpack(packed io.Reader) (int64, io.Reader) {
	var size [4]byte // RFC 1952, section 2.3.1: ISIZE
	if _, err := a.data.ReadAt(size[:], a.size-int64(len(size))); err != nil {
		panic("docsui: " + err.Error())
	}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		panic("docsui: " + err.Error())
	}
	return int64(binary.LittleEndian.Uint32(size[:])), unpacked
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
