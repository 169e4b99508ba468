package auth

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// claims are those of a token (RFC 7519, section 4.1; RFC 9068, section 2.2). Each but those with omitzero must be there.
type claims struct {
	Issuer    string      `json:"iss"`
	Subject   string      `json:"sub"`
	Audience  audience    `json:"aud"`
	Expires   numericDate `json:"exp"`
	IssuedAt  numericDate `json:"iat"`
	NotBefore numericDate `json:"nbf,omitzero"`
	ID        string      `json:"jti"`
	Client    string      `json:"client_id,omitzero"`
	AuthTime  numericDate `json:"auth_time,omitzero"`
	Scope     string      `json:"scope,omitzero"`
	Roles     []string    `json:"roles,omitzero"`
	Tenant    string      `json:"tenant,omitzero"`
	Session   string      `json:"sid,omitzero"`
	Kind      string      `json:"kind,omitzero"`

	Others map[string]jsontext.Value `json:",embed"`
}

// ours are the claims that have a field.
var ours = []string{"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "auth_time", "scope", "roles", "tenant", "sid", "kind"}

// audience is one name or several.
type audience []string

// UnmarshalJSONFrom reads a string, or an array of them.
func (a *audience) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == jsontext.KindString {
		var one string
		err := json.UnmarshalDecode(dec, &one)
		*a = audience{one}
		return err
	}
	return json.UnmarshalDecode(dec, (*[]string)(a))
}

// MarshalJSONTo writes one name as a string.
func (a audience) MarshalJSONTo(enc *jsontext.Encoder) error {
	if len(a) == 1 {
		return enc.WriteToken(jsontext.String(a[0]))
	}
	return json.MarshalEncode(enc, []string(a))
}

// numericDate is a number of seconds since 1970; 0 is none.
type numericDate int64

// lastDate is the end of the year 9999.
const lastDate = 253402300799

// UnmarshalJSONFrom reads a number of those years; what it has of a second is cut.
func (d *numericDate) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if token.Kind() != jsontext.KindNumber {
		return errors.New("a date is a number")
	}
	whole, err := token.Int()
	if err != nil { // it has a fraction, or is out of range
		f, err := token.Float()
		if err != nil || f > lastDate {
			return errors.New("a date is out of range")
		}
		whole = int64(f)
	}
	if whole < 1 || whole > lastDate {
		return errors.New("a date is out of range")
	}
	*d = numericDate(whole)
	return nil
}

func (d numericDate) time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(int64(d), 0)
}

func dateOf(t time.Time) numericDate {
	if t.IsZero() {
		return 0
	}
	return numericDate(t.Unix())
}

// check looks at the claims whose values do not depend on who reads them.
func (c *claims) check() error {
	switch {
	case checkName(c.Subject, true) != nil:
		return fmt.Errorf("%w: sub", ErrClaims)
	case checkName(c.ID, true) != nil:
		return fmt.Errorf("%w: jti", ErrClaims)
	case c.Expires == 0:
		return fmt.Errorf("%w: exp", ErrClaims)
	case c.IssuedAt == 0:
		return fmt.Errorf("%w: iat", ErrClaims)
	case c.Issuer == "":
		return fmt.Errorf("%w: iss", ErrClaims)
	case len(c.Audience) == 0:
		return fmt.Errorf("%w: aud", ErrClaims)
	case c.Expires <= c.IssuedAt:
		return fmt.Errorf("%w: exp is not after iat", ErrClaims)
	}
	return nil
}

// at looks at the claims of time.
func (c *claims) at(now time.Time, leeway time.Duration) error {
	switch {
	case !now.Before(c.Expires.time().Add(leeway)):
		return ErrExpired
	case now.Add(leeway).Before(c.IssuedAt.time()), now.Add(leeway).Before(c.NotBefore.time()):
		return ErrNotYetValid
	}
	return nil
}

// principal is whom the claims are of.
func (c *claims) principal() (*Principal, error) {
	scopes := strings.FieldsFunc(c.Scope, func(r rune) bool { return r == ' ' })
	of := &Identity{
		Subject: c.Subject, Kind: c.Kind, Roles: c.Roles, Scopes: scopes, Tenant: c.Tenant, Session: c.Session, Credential: c.ID,
		AuthenticatedAt: c.AuthTime.time(), IssuedAt: c.IssuedAt.time(), Expires: c.Expires.time(), Claims: encodedClaims(c.Others),
	}
	if err := of.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrClaims, err)
	}
	return &Principal{of: of}, nil
}

// encodedClaims are claims as a principal keeps them.
func encodedClaims(others map[string]jsontext.Value) map[string]any {
	if others == nil {
		return nil
	}
	all := make(map[string]any, len(others))
	for name, value := range others {
		all[name] = value
	}
	return all
}

// claimsOf are the claims of a token for somebody, of a principal.
func claimsOf(i *Identity) (*claims, error) {
	var others map[string]jsontext.Value
	for name, value := range i.Claims {
		if slices.Contains(ours, strings.ToLower(name)) {
			return nil, fmt.Errorf("auth: Identity.Claims has %q, which has a field of its own", name)
		}
		if others == nil {
			others = map[string]jsontext.Value{}
		}
		others[name] = value.(jsontext.Value) // as a principal keeps them
	}
	return &claims{
		Subject: i.Subject, Scope: strings.Join(i.Scopes, " "), Roles: i.Roles, Tenant: i.Tenant, Session: i.Session, Kind: i.Kind,
		AuthTime: dateOf(i.AuthenticatedAt), Others: others,
	}, nil
}
