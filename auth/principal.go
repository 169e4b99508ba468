package auth

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tenon-go/tenon/internal/record"
)

// The kinds of caller that this package knows. A scheme may use others.
const (
	KindUser    = "user"    // a person
	KindMachine = "machine" // a program
)

// Identity is what a credential says of a caller. NewPrincipal makes a Principal of it.
type Identity struct {
	// Subject is the id of the caller, which never becomes another's: not a name or an address. Required, at most 255 bytes.
	Subject string
	// Kind says what the caller is. Default KindUser.
	Kind string
	// Roles are what the caller is in this service. Default none.
	Roles []string
	// Scopes are what the credential is good for. Default nothing that asks for a scope.
	Scopes []string
	// Tenant is whose part of the service the caller works in. Default "": there are none.
	Tenant string
	// Session is what the credential belongs to, and ends with. Default "".
	Session string
	// Credential is the id of the credential, such as the jti of a token. It is logged, so it must not be the credential. Default "".
	Credential string
	// AuthenticatedAt is when the caller showed who they are, which may be long before the credential was made. Default: not known.
	AuthenticatedAt time.Time
	// IssuedAt is when the credential was made. Default: not known.
	IssuedAt time.Time
	// Expires is when the credential ends. Default: it does not.
	Expires time.Time
	// Claims are what else the credential says, by name: what has a form in JSON, in which it is kept. Default none.
	Claims map[string]any
}

// Principal is the caller of an operation, as a credential that was verified says. It cannot be changed. The zero value is nobody.
type Principal struct {
	of *Identity
	by *access // of the operation that is called; nil is none
}

// maxName is the most bytes of a subject, a role, a scope and the like.
const maxName = 255

// NewPrincipal makes a principal of what a scheme knows of a caller.
func NewPrincipal(of Identity) (*Principal, error) {
	own, err := of.clone()
	if err != nil {
		return nil, err
	}
	return &Principal{of: own}, nil
}

func (i *Identity) clone() (*Identity, error) {
	own := *i
	own.Roles, own.Scopes, own.Claims = slices.Clone(i.Roles), slices.Clone(i.Scopes), maps.Clone(i.Claims)
	errs := []error{own.check()}
	for name, value := range own.Claims {
		text, err := json.Marshal(value, json.Deterministic(true))
		if err != nil {
			errs = append(errs, fmt.Errorf("auth: Identity.Claims: %q: %w", name, err))
		}
		own.Claims[name] = jsontext.Value(text)
	}
	return &own, errors.Join(errs...)
}

// check sets what is left out, and finds what cannot be.
func (i *Identity) check() error {
	if i.Kind == "" {
		i.Kind = KindUser
	}
	var errs []error
	check := func(field, value string, required bool) {
		if err := checkName(value, required); err != nil {
			errs = append(errs, fmt.Errorf("auth: Identity.%s %w", field, err))
		}
	}
	check("Subject", i.Subject, true)
	check("Kind", i.Kind, true)
	check("Tenant", i.Tenant, false)
	check("Session", i.Session, false)
	check("Credential", i.Credential, false)
	for _, role := range i.Roles {
		check("Roles", role, true)
	}
	for _, scope := range i.Scopes {
		if err := checkScope(scope); err != nil {
			errs = append(errs, fmt.Errorf("auth: Identity.Scopes: one %w", err))
		}
	}
	return errors.Join(errs...)
}

var (
	errNameEmpty = errors.New("is empty")
	errNameLong  = errors.New("is longer than 255 bytes")
	errNameText  = errors.New("is not text of one line")
	errScope     = errors.New("is not of printable ASCII without space, quote and backslash (RFC 6749, section 3.3)")
)

// checkName refuses what would be cut, or would break a line of the log.
func checkName(name string, required bool) error {
	switch {
	case name == "" && required:
		return errNameEmpty
	case len(name) > maxName:
		return errNameLong
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errNameText
	}
	return nil
}

// checkScope refuses what is no scope-token, so that no two readers take one for several.
func checkScope(scope string) error {
	if strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
		return errScope
	}
	return checkName(scope, true)
}

// identity is what the credential says; of nobody, it is the zero value.
func (p *Principal) identity() *Identity {
	if who := p.who(); who != nil {
		return who
	}
	return &Identity{}
}

// who is the caller; nil is nobody.
func (p *Principal) who() *Identity {
	if p == nil {
		return nil
	}
	return p.of
}

// Subject is the id of the caller, which never becomes another's; "" is nobody.
func (p *Principal) Subject() string { return p.identity().Subject }

// Kind says what the caller is: KindUser, KindMachine, or what a scheme says.
func (p *Principal) Kind() string { return p.identity().Kind }

// Roles are those of the credential, without what they include. The slice is the caller's own.
func (p *Principal) Roles() []string { return slices.Clone(p.identity().Roles) }

// Scopes are those of the credential. The slice is the caller's own.
func (p *Principal) Scopes() []string { return slices.Clone(p.identity().Scopes) }

// Is reports whether the caller has a role, by itself or by one that includes it; what includes what is that of Roles on the operation.
func (p *Principal) Is(role string) bool {
	if p == nil || p.of == nil {
		return false
	}
	if p.by == nil || p.by.roles == nil {
		return p.HasRole(role)
	}
	return intersects(p.of.Roles, p.by.roles.having[role])
}

// HasRole reports whether the credential itself says that the caller has the role. Rules, and Is, look at what roles include; this does not.
func (p *Principal) HasRole(role string) bool { return slices.Contains(p.identity().Roles, role) }

// HasScope reports whether the credential has the scope.
func (p *Principal) HasScope(scope string) bool { return slices.Contains(p.identity().Scopes, scope) }

// Tenant is whose part of the service the caller works in; "" is none.
func (p *Principal) Tenant() string { return p.identity().Tenant }

// Session is what the credential belongs to, and ends with; "" is none.
func (p *Principal) Session() string { return p.identity().Session }

// Credential is the id of the credential; "" is none. It is no secret.
func (p *Principal) Credential() string { return p.identity().Credential }

// AuthenticatedAt is when the caller showed who they are; zero is not known.
func (p *Principal) AuthenticatedAt() time.Time { return p.identity().AuthenticatedAt }

// IssuedAt is when the credential was made; zero is not known.
func (p *Principal) IssuedAt() time.Time { return p.identity().IssuedAt }

// Expires is when the credential ends; zero is never.
func (p *Principal) Expires() time.Time { return p.identity().Expires }

// Claim is what the credential says under a name beside all that, decoded from JSON: a number is a float64. The value is the caller's own.
func (p *Principal) Claim(name string) (value any, ok bool) {
	value, ok = p.identity().Claims[name]
	return decodedClaim(value), ok
}

// decodedClaim is a claim that is kept as JSON. Those of an Identity that was made no principal, as in Matrix, are what they are.
func decodedClaim(kept any) (value any) {
	text, ok := kept.(jsontext.Value)
	if !ok {
		return kept
	}
	_ = json.Unmarshal(text, &value) // it was read, or written, when it was kept
	return value
}

// Identity is all that the credential says, as a copy. With other roles it makes the principal of a caller who has changed since: see Standing.
func (p *Principal) Identity() Identity {
	if p.who() == nil {
		return Identity{}
	}
	own := *p.of
	own.Roles, own.Scopes, own.Claims = slices.Clone(own.Roles), slices.Clone(own.Scopes), maps.Clone(own.Claims)
	for name, kept := range own.Claims {
		own.Claims[name] = decodedClaim(kept)
	}
	return own
}

// String names the caller, such as "user 42".
func (p *Principal) String() string {
	if p.who() == nil {
		return "nobody"
	}
	return p.of.Kind + " " + p.of.Subject
}

type principalKey struct{}

// From returns the caller of the request that ctx belongs to; nil is nobody, as where no operation that is guarded runs. It is safe for
// concurrent use once the handler runs.
func From(ctx context.Context) *Principal {
	p, other := ctx.Value(principalKey{}).(*Principal)
	if rec := record.From(ctx); rec != nil {
		rec.Look(record.AtCaller)
		known, _ := rec.Caller.(*Principal)
		switch {
		case !other:
			p = known
		case p.who() != known.who():
			rec.Look(record.AtAnother)
		}
	}
	if p.who() == nil {
		return nil
	}
	own := *p // what a handler does to its own makes nobody somebody else
	return &own
}

// With returns a context in which p calls: for tests, and for work outside a request that is done for somebody.
func With(ctx context.Context, p *Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// provide is the provider of the caller.
func provide(ctx context.Context, _ *struct{}) (*Principal, error) { return From(ctx), nil }
