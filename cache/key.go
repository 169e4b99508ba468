package cache

import (
	"crypto/sha256"
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/tenon-go/tenon/internal/record"
)

// keyed is what the key of an operation's answers is made of, beside what is the same for all of them.
type keyed struct {
	start       []byte   // the operation, its version and the release
	wildcards   []string // of the path
	headers     []string // fields that the operation reads, or that Vary names
	cookies     []string // that it reads
	credentials []string // fields that say who calls, where nobody has found out; nil for Public
	public      bool
}

// text appends a text behind its length, so that no two texts run into each other.
func text(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func texts(b []byte, all []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(all)))
	for _, s := range all {
		b = text(b, s)
	}
	return b
}

// room is where keys are put together.
var room = sync.Pool{New: func() any { return new([]byte) }}

// of makes the key of a request. Its parts stand behind their lengths and in a fixed order, so that two requests with one key are one.
func (k *keyed) of(r *http.Request, rec *record.Record, form string) string {
	held := room.Get().(*[]byte)
	b := (*held)[:0]
	b = append(b, k.start...)
	for _, name := range k.wildcards {
		b = text(b, r.PathValue(name))
	}
	b = text(b, form)
	b = text(b, r.Host)
	if rec != nil {
		b = texts(b, []string{rec.Scheme, rec.Host, rec.Prefix}) // as a proxy says; links begin with the prefix
	}
	b = query(b, r.URL.RawQuery)
	for _, name := range k.headers {
		b = texts(b, r.Header[name])
	}
	for _, name := range k.cookies {
		found := r.CookiesNamed(name)
		b = binary.AppendUvarint(b, uint64(len(found)))
		for _, c := range found {
			b = text(b, c.Value)
		}
	}
	if !k.public {
		b = k.caller(b, r, rec)
	}
	key := digest(b)
	*held = b
	room.Put(held)
	return key
}

// digest names bytes.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// caller appends who calls: what authentication has found, or what the request shows.
func (k *keyed) caller(b []byte, r *http.Request, rec *record.Record) []byte {
	if rec != nil && rec.Caller != nil {
		if known, ok := rec.Caller.(encoding.BinaryAppender); ok {
			if with, err := known.AppendBinary(append(b, 1)); err == nil {
				return with
			}
		}
	}
	b = append(b, 0)
	for _, name := range k.credentials {
		b = texts(b, r.Header[name])
	}
	if r.TLS != nil {
		for _, c := range r.TLS.PeerCertificates {
			b = append(binary.AppendUvarint(b, uint64(len(c.Raw))), c.Raw...)
		}
	}
	return b
}

// query appends the pairs of a query in the order of their names, those of one name in their own. Escapes that mean nothing are undone, as far
// as that is the same for every reader (RFC 3986, section 6.2.2).
func query(b []byte, raw string) []byte {
	if raw == "" {
		return binary.AppendUvarint(b, 0)
	}
	if !strings.ContainsAny(raw, "&%") {
		return text(binary.AppendUvarint(b, 1), raw)
	}
	var few [16]string
	pairs := few[:0]
	for pair := range strings.SplitSeq(raw, "&") {
		if pair != "" {
			pairs = append(pairs, unescaped(pair))
		}
	}
	slices.SortStableFunc(pairs, func(a, b string) int {
		a, _, _ = strings.Cut(a, "=")
		b, _, _ = strings.Cut(b, "=")
		return strings.Compare(a, b)
	})
	return texts(b, pairs)
}

// unescaped undoes the escapes of characters that need none, and writes the others in upper case.
func unescaped(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) || !isDigit(s[i+1]) || !isDigit(s[i+2]) {
			b.WriteByte(s[i])
			continue
		}
		if c := digit(s[i+1])<<4 | digit(s[i+2]); unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func isDigit(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

func digit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
