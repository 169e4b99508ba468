// Package compress compresses answers with zstd or gzip, by github.com/klauspost/compress, as far as the client takes them.
//
//	app := tenon.New(tenon.Config{}, tenon.Use(compress.New(compress.Config{})))
//
// What is compressed is text: JSON, problems, YAML, HTML and the like, of 1 KiB or more. Events, ranges, what is compressed already, and
// what says no-transform are sent as they are, and so are answers that set a cookie.
//
// Who can make a client send requests, and see how long the answers are, learns what the answers say from how well they compress, when
// what the attacker chose stands beside a secret in one body (BREACH). Where that can be, set Cache-Control: no-transform.
package compress

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// Config describes New.
type Config struct {
	// MinSize is the fewest bytes of an answer that is compressed, when its length is known before it is sent. Default 1 KiB.
	MinSize int
	// Types are media types to compress besides text/*, JSON, XML, YAML and JavaScript, such as application/wasm. Default none.
	Types []string
}

// New makes the middleware. Every answer that may be compressed varies by Accept-Encoding. The ETag of one that is ends in the name of
// the coding; conditions of requests are held against the tag without it, so that a client may send back what it got.
func New(cfg Config) (func(http.Handler) http.Handler, error) {
	if cfg.MinSize < 0 {
		return nil, fmt.Errorf("compress.Config: MinSize is %d, want 0 (the default) or more", cfg.MinSize)
	}
	types := map[string]bool{}
	for _, t := range cfg.Types {
		if main, sub, ok := strings.Cut(t, "/"); !ok || main == "" || sub == "" || strings.ContainsAny(t, "*; ") {
			return nil, fmt.Errorf("compress.Config: Types has %q, want a media type such as application/wasm", t)
		}
		types[strings.ToLower(t)] = true
	}
	minimum := cmp.Or(cfg.MinSize, 1<<10)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := &writer{ResponseWriter: w, types: types, minimum: minimum, head: r.Method == http.MethodHead}
			if len(r.Header["Range"]) == 0 {
				c.coding = accepted(r.Header["Accept-Encoding"])
			}
			r, c.tags = original(r)
			defer c.abandon()
			next.ServeHTTP(c, r)
			c.finish()
		})
	}, nil
}
