package form

import (
	"path"
	"slices"
	"strings"

	"github.com/tenon-go/tenon/internal/media"
)

// kind is a media type that its content is known by.
type kind struct {
	media      string
	sniffed    bool     // the first bytes say it
	extensions []string // those that a file of this type may have; nil is any
}

// kinds are the types of which more is known than their name.
func kinds() []kind {
	return []kind{
		{"image/png", true, []string{".png"}},
		{"image/jpeg", true, []string{".jpg", ".jpeg", ".jpe", ".jfif"}},
		{"image/gif", true, []string{".gif"}},
		{"image/webp", true, []string{".webp"}},
		{"image/bmp", true, []string{".bmp"}},
		{"image/x-icon", true, []string{".ico"}},
		{"image/svg+xml", false, []string{".svg"}},
		{"application/pdf", true, []string{".pdf"}},
		{"application/zip", true, []string{".zip"}},
		{"application/x-gzip", true, []string{".gz", ".tgz"}},
		{"application/json", false, []string{".json"}},
		{"audio/mpeg", true, []string{".mp3"}},
		{"audio/ogg", true, []string{".ogg", ".oga", ".opus", ".spx"}},
		{"audio/flac", true, []string{".flac"}},
		{"audio/aiff", true, []string{".aif", ".aiff"}},
		{"audio/midi", true, []string{".mid", ".midi"}},
		{"audio/wave", true, []string{".wav"}},
		{"video/mp4", true, []string{".mp4", ".m4v"}},
		{"video/ogg", true, []string{".ogv", ".ogg"}},
		{"video/webm", true, []string{".webm"}},
		{"video/avi", true, []string{".avi"}},
		{"font/ttf", true, []string{".ttf"}},
		{"font/otf", true, []string{".otf"}},
		{"font/woff", true, []string{".woff"}},
		{"font/woff2", true, []string{".woff2"}},
		{"application/wasm", true, []string{".wasm"}},
		{"text/html", true, []string{".html", ".htm"}},
		{"text/xml", true, []string{".xml"}},
		{"text/plain", true, []string{".txt", ".text", ".log"}},
		{"text/csv", false, []string{".csv"}},
	}
}

// usual is the name by which kinds and sniff know a type that goes by several: what IANA calls it, and what browsers do.
func usual(name string) string {
	switch name {
	case "application/gzip":
		return "application/x-gzip"
	case "application/x-zip-compressed":
		return "application/zip"
	case "application/xml":
		return "text/xml"
	case "audio/wav", "audio/x-wav", "audio/vnd.wave":
		return "audio/wave"
	case "audio/mp3":
		return "audio/mpeg"
	case "audio/x-flac":
		return "audio/flac"
	case "audio/x-aiff":
		return "audio/aiff"
	case "video/x-msvideo":
		return "video/avi"
	case "image/vnd.microsoft.icon":
		return "image/x-icon"
	}
	return name
}

// Accepter judges whether a file is of one of a list of media types and ranges.
type Accepter struct {
	list  []string
	known map[string]kind
}

// NewAccepter makes one of lower-case types and ranges, such as image/png and image/*. An empty list accepts everything.
func NewAccepter(list []string) *Accepter {
	a := &Accepter{known: map[string]kind{}}
	for _, name := range list {
		a.list = append(a.list, usual(name))
	}
	for _, k := range kinds() {
		a.known[k.media] = k
	}
	return a
}

const anything = "application/octet-stream"

// Accepts judges a file by the type that was declared, what its first bytes look like, and its name, all three of which must agree.
// The declared type is a lower-case essence; "" and application/octet-stream declare nothing, and the content decides. A type
// that cannot be told by its content, such as text/csv or image/svg+xml, must stand in the list by its own name, and its content must not
// have the signature of another. A range has only the types that can be told.
func (a *Accepter) Accepts(declared, sniffed, name string) bool {
	if len(a.list) == 0 {
		return true
	}
	if declared == "" || declared == anything {
		declared = sniffed
	}
	declared = usual(declared)
	known := a.known[declared]
	if named := slices.Contains(a.list, declared); !named {
		matches := func(pattern string) bool { return media.Matches(pattern, declared) }
		if !known.sniffed || !slices.ContainsFunc(a.list, matches) {
			return false // a range stands for what the content proves, and no more
		}
	}
	if known.sniffed && sniffed != declared || !known.sniffed && !plausible(declared, sniffed) {
		return false
	}
	extension := strings.ToLower(path.Ext(name))
	return extension == "" || known.extensions == nil || slices.Contains(known.extensions, extension)
}

// plausible reports whether content that looks like sniffed can be of a type that has no signature.
func plausible(declared, sniffed string) bool {
	switch {
	case declared == sniffed:
		return true
	case strings.HasPrefix(declared, "text/") || declared == "application/json":
		return sniffed == "text/plain"
	case declared == "application/ogg":
		return strings.HasSuffix(sniffed, "/ogg")
	case strings.HasSuffix(declared, "+xml"):
		return sniffed == "text/xml" || sniffed == "text/plain"
	}
	return sniffed == anything || sniffed == "text/plain" || packed(declared) && sniffed == "application/zip"
}

// packed reports whether files of a type are ZIP archives: those of offices and books, and what says so (RFC 6839, section 3.6).
func packed(declared string) bool {
	for _, prefix := range []string{"application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."} {
		if strings.HasPrefix(declared, prefix) {
			return true
		}
	}
	return strings.HasSuffix(declared, "+zip")
}
