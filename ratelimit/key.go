package ratelimit

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/record"
)

// Key says for whom a limit counts: requests of one key share what there is. Make one with Address, Caller, Credential, Tenant, Everybody, Func or
// Each. The zero value is Address.
type Key struct {
	name  string
	after bool // it is known once the caller is
	of    func(b []byte, r *http.Request, rec *record.Record) []byte
	err   error
}

// named is the key with the default of the zero value.
func (k Key) named() Key {
	if k.name == "" && k.err == nil {
		return Address()
	}
	return k
}

// Address counts by the client's address, that of IPv6 by its network of 64 bits: see middleware.ClientIP, which believes trusted proxies and nobody
// else. Clients whose address is not known, as those of a Unix socket without a proxy, are counted together.
func Address() Key { return Key{name: "address", of: appendAddress} }

// Everybody counts all requests together.
func Everybody() Key {
	return Key{name: "everybody", of: func(b []byte, _ *http.Request, _ *record.Record) []byte { return append(b, '*') }}
}

// Caller counts by who calls, as package auth found out, whatever credential they show; those who show none are counted by their address.
// So are those whom authentication refuses, by themselves and at the first plan, for this key and all others that need the caller.
func Caller() Key { return Key{name: "caller", after: true, of: appendCaller} }

// Credential counts by the credential of the caller: API keys of one user apart. Sign-ins, whose tokens change all the time, count by who calls, and
// so do credentials without an id; nobody is counted by address. It is for credentials that callers cannot make as they like.
func Credential() Key { return Key{name: "credential", after: true, of: appendCredential} }

// Tenant counts by the tenant in which the caller works, and where there is none as Caller does.
func Tenant() Key { return Key{name: "tenant", after: true, of: appendTenant} }

// Func counts by what of returns, which runs once the caller is known and must be safe for concurrent use; "" counts by address. name says for
// people by what, such as "customer".
func Func(name string, of func(*http.Request) string) Key {
	k := Key{name: name, after: true}
	switch {
	case !plain(name):
		k.err = fmt.Errorf("ratelimit.Func: the name %q is not 1 to %d letters of ASCII without quotes", name, maxName)
	case of == nil:
		k.err = fmt.Errorf("ratelimit.Func: %q has no function", name)
	}
	k.of = func(b []byte, r *http.Request, rec *record.Record) []byte {
		text := of(r)
		if text == "" {
			return appendAddress(b, r, rec)
		}
		return appendText(append(b, 'f'), text)
	}
	return k
}

// Each counts by several keys together: two requests share what there is when all of the keys are the same.
func Each(keys ...Key) Key {
	var all Key
	var names []string
	var errs []error
	if len(keys) < 2 {
		errs = append(errs, errors.New("ratelimit.Each wants two keys or more"))
	}
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i] = keys[i].named()
		names, errs = append(names, keys[i].name), append(errs, keys[i].err)
		all.after = all.after || keys[i].after
	}
	all.name, all.err = strings.Join(names, " and "), errors.Join(errs...)
	all.of = func(b []byte, r *http.Request, rec *record.Record) []byte {
		for _, k := range keys {
			start := len(b)
			b = k.of(b, r, rec)
			b = append(strconv.AppendInt(append(b, ','), int64(len(b)-start), 10), ';') // so that no two pairs make one text
		}
		return b
	}
	return all
}

// maxName is the most bytes of a name that clients see.
const maxName = 64

// plain reports whether a text can stand in quotes in a header field (RFC 9651, section 3.3.3) as it is.
func plain(text string) bool {
	return text != "" && len(text) <= maxName && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' })
}

// appendAddress writes the address behind an a.
func appendAddress(b []byte, _ *http.Request, rec *record.Record) []byte {
	b = append(b, 'a')
	if rec == nil || !rec.Client.IsValid() {
		return append(b, '-')
	}
	if address := rec.Client.Unmap(); address.Is4() {
		return appendIPv4(b, address.As4())
	}
	return netip.PrefixFrom(rec.Client.WithZone(""), 64).Masked().AppendTo(b)
}

// appendIPv4 writes an address as netip does, in a third of the time.
func appendIPv4(b []byte, address [4]byte) []byte {
	for i, n := range address {
		if i > 0 {
			b = append(b, '.')
		}
		if n >= 100 {
			b = append(b, '0'+n/100)
		}
		if n >= 10 {
			b = append(b, '0'+n/10%10)
		}
		b = append(b, '0'+n%10)
	}
	return b
}

// principal is what this package has to know of auth.Principal.
type principal interface {
	Kind() string
	Subject() string
	Tenant() string
	Session() string
	Credential() string
}

func appendCaller(b []byte, r *http.Request, rec *record.Record) []byte {
	if rec == nil {
		return appendAddress(b, r, rec)
	}
	if p, ok := rec.Caller.(principal); ok && p.Subject() != "" {
		b = appendText(append(b, 'c'), p.Kind())
		return appendText(b, p.Subject())
	}
	if rec.Principal != "" {
		return appendText(append(b, 'p'), rec.Principal)
	}
	return appendAddress(b, r, rec)
}

func appendCredential(b []byte, r *http.Request, rec *record.Record) []byte {
	if rec != nil {
		if p, ok := rec.Caller.(principal); ok && p.Credential() != "" && p.Session() == "" {
			return appendText(append(appendCaller(b, r, rec), 'k'), p.Credential())
		}
	}
	return appendCaller(b, r, rec)
}

func appendTenant(b []byte, r *http.Request, rec *record.Record) []byte {
	if rec != nil {
		if p, ok := rec.Caller.(principal); ok && p.Tenant() != "" {
			return appendText(append(b, 't'), p.Tenant())
		}
	}
	return appendCaller(b, r, rec)
}

// maxText is the most bytes of a text that stands in a key as it is.
const maxText = 100

// appendText writes a text behind its length, or the hash of a long or strange one.
func appendText(b []byte, text string) []byte {
	if len(text) > maxText || !utf8.ValidString(text) {
		sum := sha256.Sum256([]byte(text))
		return hex.AppendEncode(append(b, '#'), sum[:])
	}
	b = strconv.AppendInt(b, int64(len(text)), 10)
	return append(append(b, ':'), text...)
}

// known is the plan of General.
func known(r *http.Request) string {
	if rec := record.From(r.Context()); rec != nil && rec.Principal != "" {
		return "caller"
	}
	return "anonymous"
}
