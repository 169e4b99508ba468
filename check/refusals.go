package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
)

// refusals are what a service does not start with.
func refusals() []Check {
	return []Check{
		{"T001", "The app does not compile.", "Change what the line registers.", Error, faults},
		{"T002", "Clients reach it over plain HTTP.",
			"Set the public URL to https, and serve TLS or put a proxy that does in front.", Error, func(s *Subject) []Place {
				return is(s.PublicURL != nil && s.PublicURL.Scheme == "http" && !loopback(s.PublicURL.Host), "public_url", "")
			}},
		{"T003", "Others can reach the listener for operations.", "Listen on a loopback address or a Unix socket.", Error, func(s *Subject) []Place {
			return is(s.Server.OperationsAddr != "" && asOperations(s.Server).Check() != nil, "operations", "")
		}},
		{"T004", "So many addresses are trusted that anybody can say where a request comes from.",
			"Name the proxies: /8 or narrower, /7 for IPv6.", Error, wideProxies},
		{"T005", "The certificate cannot be used.",
			"Name the files of a certificate that is valid, of its key, and of the authorities of clients where they show certificates.", Error, certificate},
		{"T006", "Others can write into a directory of data.",
			"chmod 700, and the user of the service as its owner.", Error, func(s *Subject) []Place {
				return modes(s.Dirs, 0o002, "everybody can write into it")
			}},
		unruled(),
		{"T008", "Everybody on the machine can read a secret.",
			"chmod 600, with the user of the service as its owner.", Error, func(s *Subject) []Place {
				if !s.Production {
					return nil
				}
				return modes(s.SecretKeys, 0o004, "")
			}},
		{"T009", "What is for development alone is set in production.", "Leave it out, or say that it is development.", Error, func(s *Subject) []Place {
			var places []Place
			for _, name := range s.Developing {
				places = append(places, is(s.Production, name, "")...)
			}
			return places
		}},
		{"T010", "The log has the level DEBUG in production.",
			"Set the log level to INFO; it can be changed while the service runs.", Error, func(s *Subject) []Place {
				return is(s.Production && s.Debug, "log_level", "")
			}},
		{"T011", "Two secrets are the same, so that who learns one has both.", "Make a random one for each.", Error, func(s *Subject) []Place {
			var places []Place
			for _, name := range slices.Sorted(maps.Keys(s.Reused)) {
				places = append(places, Place{name, "it is that of " + s.Reused[name]})
			}
			return places
		}},
		{"T012", "The server cannot be configured so.", "Change the setting, or what Build says of the server.", Error, func(s *Subject) []Place {
			rest := s.Server // than what other checks tell of
			rest.Operations, rest.OperationsAddr, rest.InsecureOperations = nil, "", false
			rest.Forwarded, rest.TLS, rest.SecureHeaders.PublicURL = middleware.ForwardedConfig{}, tenon.TLSConfig{}, ""
			return located("server", rest.Check())
		}},
		{"T013", "A secret that can be guessed is used in production.", "Make it of 32 random characters.", Error, func(s *Subject) []Place {
			return guessed(s, s.Production)
		}},
	}
}

// asOperations is where a server answers operations, for what Serve says of that alone.
func asOperations(server tenon.ServerConfig) tenon.ServerConfig {
	return tenon.ServerConfig{Operations: http.NotFoundHandler(), OperationsAddr: server.OperationsAddr, InsecureOperations: server.InsecureOperations}
}

// guessed are the secrets that can be guessed, where that counts.
func guessed(s *Subject, counts bool) []Place {
	var places []Place
	for _, name := range s.Weak {
		places = append(places, is(counts, name, "it has fewer than 16 characters, or fewer than 6 different ones")...)
	}
	return places
}

// unruled finds operations that were left out where others have rules. A service without any rule is one that is open to everybody, or that
// something else guards.
func unruled() Check {
	c := each("T007", "Nobody says who may call it, while other operations have rules.", "Give it a rule, or auth.Public with the reason.",
		func(s *Subject, o *tenon.OperationInfo) string { return when(ruled(s) && open(o)) })
	c.Severity = Error
	return c
}

// faults are those of the app, each with its line.
func faults(s *Subject) []Place { return located("app", s.Err) }

// located is a place of each fault, which begins with it; unknown is that of one that does not.
func located(unknown string, faults error) []Place {
	var places []Place
	for _, err := range unjoin(faults) {
		where, what, ok := strings.Cut(err.Error(), ": ")
		if !ok {
			where, what = unknown, err.Error()
		}
		places = append(places, Place{where, what})
	}
	return places
}

func unjoin(err error) []error {
	if err == nil {
		return nil
	}
	if all, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		return all.Unwrap()
	}
	return []error{err}
}

// loopback reports whether only this machine reaches an address, with or without a port, as far as that can be known: of a socket that is inherited it
// cannot.
func loopback(addr string) bool {
	if strings.HasPrefix(addr, "unix:") || strings.HasPrefix(addr, "fd:") || addr == "systemd" {
		return true
	}
	host := addr
	if h, _, err := net.SplitHostPort(addr); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func wideProxies(s *Subject) []Place {
	var places []Place
	for _, p := range s.Server.Forwarded.TrustedProxies {
		if narrowest := map[bool]int{true: 8, false: 7}[p.Addr().Is4()]; p.Bits() < narrowest {
			places = append(places, Place{"trusted_proxies", fmt.Sprintf("%v is trusted", p)})
		}
	}
	return places
}

// certificate loads what the server is going to load.
func certificate(s *Subject) []Place {
	t := s.Server.TLS
	if t.CertFile == "" && t.KeyFile == "" && t.ClientCAFile == "" {
		return nil
	}
	if t.CertFile == "" || t.KeyFile == "" {
		return []Place{{"tls", "one of certificate and key is missing"}}
	}
	var places []Place
	pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
	switch {
	case err != nil:
		places = append(places, Place{"tls", err.Error()})
	case !s.Now.IsZero() && s.Now.Before(pair.Leaf.NotBefore):
		places = append(places, Place{"tls", "the certificate is not valid before " + pair.Leaf.NotBefore.Format(time.DateTime)})
	case !s.Now.IsZero() && s.Now.After(pair.Leaf.NotAfter):
		places = append(places, Place{"tls", "the certificate was valid until " + pair.Leaf.NotAfter.Format(time.DateTime)})
	}
	if t.ClientCAFile != "" {
		if text, err := os.ReadFile(t.ClientCAFile); err != nil || !x509.NewCertPool().AppendCertsFromPEM(text) {
			places = append(places, Place{"tls", t.ClientCAFile + " has no certificate of an authority"})
		}
	}
	return places
}

// modes finds files that give others what they should not have. One that is not there yet is passed over.
func modes(names []string, bits fs.FileMode, what string) []Place {
	var places []Place
	for _, name := range names {
		info, err := os.Stat(name)
		if err == nil && info.Mode().Perm()&bits != 0 {
			places = append(places, Place{name, what})
		}
	}
	return places
}
