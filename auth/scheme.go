package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon"
)

// Scheme is one way in which callers show who they are. It reads header fields alone, so that it runs before a byte of the body is read. Bearer,
// APIKey and Basic make schemes. Its methods are called by many goroutines at once.
type Scheme interface {
	// Security describes the scheme for the document.
	Security() tenon.Security
	// Authenticate returns whom a request is from; nil without an error where it shows nothing of this scheme. An error that is, or wraps, one of
	// those of this package refuses the credential; any other says that nobody can tell, and the request is answered 503. fresh demands that
	// nothing is taken from a cache that may be out of date.
	Authenticate(r *http.Request, fresh bool) (*Principal, error)
	// Challenge is what tells a client of the scheme in WWW-Authenticate (RFC 9110, section 11.6.1), such as `Basic realm="api"`.
	Challenge() string
}

// checker is a Scheme that can be made wrong. Required tells what Check finds.
type checker interface{ Check() error }

// placer is a Scheme whose credentials stand in one place, which another cannot share: it would never be asked.
type placer interface{ place() string }

// selfReliant is a Scheme that always can tell, as it asks nothing but its own memory.
type selfReliant interface{ selfReliant() bool }

// authorization splits the Authorization field. The name of the scheme is in lower case: it is written in any (RFC 9110, section 11.1).
func authorization(r *http.Request) (scheme, credential string, err error) {
	values := r.Header["Authorization"]
	switch len(values) {
	case 0:
		return "", "", nil
	case 1:
	default:
		return "", "", ErrAmbiguous
	}
	scheme, credential, _ = strings.Cut(values[0], " ")
	if scheme == "" {
		return "", "", ErrEmpty
	}
	return strings.ToLower(scheme), strings.TrimLeft(credential, " "), nil
}

// one returns the value of a field that may stand there once.
func one(h http.Header, name string) (value string, there bool, err error) {
	values := h[name]
	switch {
	case len(values) == 0:
		return "", false, nil
	case len(values) > 1:
		return "", true, ErrAmbiguous
	case values[0] == "":
		return "", true, ErrEmpty
	}
	return values[0], true, nil
}

// maxKey is the most bytes of an API key, a user name and a password.
const maxKey = 1024

// quoted refuses a realm that would end early.
func quoted(realm string) error {
	if strings.ContainsFunc(realm, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		return errors.New("the Realm is not of printable ASCII without quotes and backslashes")
	}
	return nil
}

// Verify says whom a key or a password is of: ErrUnknown, ErrExpired and ErrRevoked refuse it, any other error says that nobody can tell. How long
// it takes should not say whether a user exists.
type Verify func(ctx context.Context, user string, secret Secret, fresh bool) (*Principal, error)
