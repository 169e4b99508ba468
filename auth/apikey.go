package auth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// APIKeyConfig says where keys stand, and who knows them.
type APIKeyConfig struct {
	// Verify says whom a key is of; user is "". Required.
	Verify Verify
	// Header is the field that holds the key. Default "X-API-Key".
	Header string
	// Name is that of the scheme in the document. Default "apiKey".
	Name string
	// Realm is told to clients. Default "api".
	Realm string
	// Description is Markdown for the document. Default none.
	Description string
}

type apiKey struct {
	cfg    APIKeyConfig
	header string // as net/http has it
}

// APIKey makes the scheme of keys in a header field of their own.
func APIKey(cfg APIKeyConfig) Scheme { //nolint:ireturn // Schemes are known by what they do.
	if cfg.Header == "" {
		cfg.Header = "X-API-Key"
	}
	if cfg.Name == "" {
		cfg.Name = "apiKey"
	}
	if cfg.Realm == "" {
		cfg.Realm = "api"
	}
	return &apiKey{cfg, http.CanonicalHeaderKey(cfg.Header)}
}

// Check finds what is wrong with the configuration.
func (k *apiKey) Check() error {
	var errs []error
	if k.cfg.Verify == nil {
		errs = append(errs, errors.New("auth.APIKey has no Verify"))
	}
	if !token(k.cfg.Header) {
		errs = append(errs, fmt.Errorf("auth.APIKey: the Header %q is no name of a field (RFC 9110, section 5.1)", k.cfg.Header))
	}
	if slices.Contains(taken, k.header) {
		errs = append(errs, fmt.Errorf("auth.APIKey: the Header %s has a meaning of its own", k.cfg.Header))
	}
	return errors.Join(append(errs, quoted(k.cfg.Realm))...)
}

// taken are fields that mean something else, or that net/http takes out of the header.
var taken = []string{
	"Accept", "Authorization", "Connection", "Content-Length", "Content-Type", "Cookie", "Date", "Expect", "Forwarded", "Host", "Origin", "Proxy-Authorization",
	"Referer", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
}

// token reports whether a text is one (RFC 9110, section 5.6.2).
func token(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// Security describes the scheme.
func (k *apiKey) Security() tenon.Security {
	return tenon.Security{Name: k.cfg.Name, Scheme: &openapi.SecurityScheme{
		Type: "apiKey", In: "header", Name: k.cfg.Header, Description: k.cfg.Description,
	}}
}

func (k *apiKey) place() string { return k.header }

// Challenge tells of the scheme. No standard has a name for it.
func (k *apiKey) Challenge() string {
	return `ApiKey realm="` + k.cfg.Realm + `", header="` + k.cfg.Header + `"`
}

// Authenticate asks who has the key.
func (k *apiKey) Authenticate(r *http.Request, fresh bool) (*Principal, error) {
	key, there, err := one(r.Header, k.header)
	switch {
	case !there || err != nil:
		return nil, err
	case len(key) > maxKey:
		return nil, ErrTooLarge
	}
	return valid(k.cfg.Verify(r.Context(), "", NewSecret(key), fresh))
}

// valid refuses nobody, and whose credential has ended.
func valid(p *Principal, err error) (*Principal, error) {
	switch {
	case err != nil:
		return nil, err
	case p.Subject() == "":
		return nil, ErrUnknown
	case !p.Expires().IsZero() && !time.Now().Before(p.Expires()):
		return nil, ErrExpired
	}
	return p, nil
}
