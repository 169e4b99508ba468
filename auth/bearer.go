package auth

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// BearerConfig says how tokens are shown. The zero value is right for most.
type BearerConfig struct {
	// Name is that of the scheme in the document. Default "bearer".
	Name string
	// Realm is told to clients. Default "api".
	Realm string
	// Description is Markdown for the document. Default none.
	Description string
	// TokenURL is where a client gets a token for a user's name and password. It describes the scheme as OAuth2 with the password flow, which the
	// page of the documentation signs in with; it is for one's own tools alone (RFC 9700, section 2.4). Default: an HTTP scheme, and no such form.
	TokenURL string
	// Scopes are those that the form offers, with what they are for; where there are any, all that rules name are among them. Default none.
	Scopes map[string]string
	// Scheme describes the scheme in the document instead of all that, such as OAuth2 with an authorization code, or OpenID Connect. Default none.
	Scheme *openapi.SecurityScheme
}

type bearer struct {
	tokens *Tokens[Access]
	cfg    BearerConfig
}

// Bearer makes the scheme of access tokens in the field Authorization (RFC 6750, section 2.1). A token in the URL is refused: URLs are logged.
func Bearer(tokens *Tokens[Access], cfg BearerConfig) Scheme { //nolint:ireturn // Schemes are known by what they do.
	if cfg.Name == "" {
		cfg.Name = "bearer"
	}
	if cfg.Realm == "" {
		cfg.Realm = "api"
	}
	return &bearer{tokens, cfg}
}

// Check finds what is wrong with the configuration.
func (b *bearer) Check() error {
	if b.tokens == nil {
		return errors.New("auth.Bearer has no Tokens")
	}
	if err := quoted(b.cfg.Realm); err != nil {
		return errors.Join(errors.New("auth.Bearer"), err)
	}
	return nil
}

// Security describes the scheme.
func (b *bearer) Security() tenon.Security {
	s := &openapi.SecurityScheme{Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: b.cfg.Description}
	if b.cfg.TokenURL != "" {
		scopes := b.cfg.Scopes
		if scopes == nil {
			scopes = map[string]string{}
		}
		s = &openapi.SecurityScheme{Type: "oauth2", Description: b.cfg.Description, Flows: &openapi.OAuthFlows{
			Password: &openapi.OAuthFlow{TokenURL: b.cfg.TokenURL, Scopes: scopes},
		}}
	}
	if b.cfg.Scheme != nil {
		s = b.cfg.Scheme
	}
	return tenon.Security{Name: b.cfg.Name, Scheme: s}
}

// Challenge tells of the scheme.
func (b *bearer) Challenge() string { return `Bearer realm="` + b.cfg.Realm + `"` }

func (b *bearer) place() string { return "Authorization: Bearer" }

func (b *bearer) selfReliant() bool {
	_, local := b.tokens.cfg.Keys.source.(*localKeys)
	return local && b.tokens.cfg.Standing == nil
}

// tokenParameter is where RFC 6750, section 2.3, lets a token stand in a URL.
const tokenParameter = "access_token="

func tokenInURL(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(pair, tokenParameter) {
			return true
		}
	}
	return false
}

// Authenticate verifies the token.
func (b *bearer) Authenticate(r *http.Request, fresh bool) (*Principal, error) {
	if strings.Contains(r.URL.RawQuery, tokenParameter) && tokenInURL(r.URL.RawQuery) {
		return nil, ErrWrongPlace
	}
	scheme, token, err := authorization(r)
	if err != nil || scheme != "bearer" {
		return nil, err
	}
	if token == "" {
		return nil, ErrEmpty
	}
	return b.tokens.Verify(r.Context(), token, fresh)
}
