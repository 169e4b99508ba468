package auth

import (
	"context"
	"encoding/json/v2"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"uuid"
)

// TokensConfig says how tokens of one kind are made and verified.
type TokensConfig[K Kind] struct {
	// Keys sign and verify. Required.
	Keys Keys[K]
	// Issuer is the iss that tokens get and must have: the URL of who makes them. Required.
	Issuer string
	// Audience is the aud that tokens get, and one of those that they must have: the service that takes them. Required.
	Audience string
	// Client is the client_id that tokens get (RFC 9068, section 2.2). Default: Audience.
	Client string
	// Lifetime is how long a new token is good for: at most 24 hours. Default 10 minutes.
	Lifetime time.Duration
	// Leeway is how far clocks may differ: at most 30 seconds, and not at all when it is below 0. Default 30 seconds.
	Leeway time.Duration
	// MaxBytes is the most bytes of a token. Default 8 KiB.
	MaxBytes int
	// Cache is the most verified tokens that are kept, so that each is verified once; below 0 none are. Default 10,000.
	Cache int
	// InsecureUntyped also takes tokens whose typ is JWT, or that have none, as some issuers make them. Any other kind of token of such an issuer
	// then passes for this one where its other claims agree, such as an ID token. Default false.
	InsecureUntyped bool
	// Standing is asked whether what a token says still holds, each time that it is shown. Default: it does until it expires.
	Standing Standing
}

// Standing says whether what a credential says still holds. Its methods are called by many goroutines at once.
type Standing interface {
	// Current returns the caller as they are now: p itself, or one with other roles. ErrRevoked refuses the credential; another error says that
	// nobody can tell, and the request is answered 503. fresh demands that nothing is taken from a cache: the request changes something, its rule
	// asks for a role, or it is a stream that goes on; that of Objects.All, at a request that only reads, does not demand it. It is
	// also asked for tokens that were verified before.
	Current(ctx context.Context, p *Principal, fresh bool) (*Principal, error)
}

// Tokens makes and verifies signed tokens (JWT, RFC 7519) of one kind. It is safe for concurrent use.
type Tokens[K Kind] struct {
	cfg   TokensConfig[K]
	typ   string
	cache *cache
}

// NewTokens makes Tokens, or returns all that is wrong with the configuration.
func NewTokens[K Kind](cfg TokensConfig[K]) (*Tokens[K], error) {
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("auth: tokens: "+format, args...))
		}
	}
	typ := typeOf[K]()
	fault(cfg.Keys.source == nil, "there are no Keys")
	fault(cfg.Issuer == "", "there is no Issuer")
	fault(cfg.Audience == "", "there is no Audience")
	fault(cfg.Lifetime < 0 || cfg.Lifetime > 24*time.Hour, "Lifetime is %v, want 0 (10 minutes) to 24 hours", cfg.Lifetime)
	fault(cfg.Leeway > 30*time.Second, "Leeway is %v, want 30 seconds or less", cfg.Leeway)
	fault(cfg.MaxBytes < 0, "MaxBytes is %d, want 0 (8 KiB) or more", cfg.MaxBytes)
	wrong := typ == "" || typ == "jwt" || typ != strings.ToLower(typ) || strings.Trim(typ, "abcdefghijklmnopqrstuvwxyz0123456789+.-") != ""
	fault(wrong, "the kind has the type %q, want one of its own such as \"reset+jwt\"", typ)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if cfg.Client == "" {
		cfg.Client = cfg.Audience
	}
	if cfg.Lifetime == 0 {
		cfg.Lifetime = 10 * time.Minute
	}
	if cfg.Leeway == 0 {
		cfg.Leeway = 30 * time.Second
	}
	cfg.Leeway = max(cfg.Leeway, 0)
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = 8 << 10
	}
	if cfg.Cache == 0 {
		cfg.Cache = 10000
	}
	return &Tokens[K]{cfg: cfg, typ: typ, cache: newCache(cfg.Cache)}, nil
}

// Lifetime is how long a new token is good for.
func (t *Tokens[K]) Lifetime() time.Duration { return t.cfg.Lifetime }

// Issue makes a token for somebody. Credential, IssuedAt and Expires of the identity are made anew; p has them.
func (t *Tokens[K]) Issue(of Identity) (token Secret, p *Principal, err error) {
	k, ok := t.cfg.Keys.source.signing()
	if !ok {
		return Secret{}, nil, errors.New("auth: the keys only verify")
	}
	now := time.Now().Truncate(time.Second)
	of.Credential, of.IssuedAt, of.Expires = uuid.NewV7().String(), now, now.Add(t.cfg.Lifetime)
	if p, err = NewPrincipal(of); err != nil {
		return Secret{}, nil, err
	}
	c, err := claimsOf(p.of)
	if err != nil {
		return Secret{}, nil, err
	}
	c.Issuer, c.Audience, c.Client, c.ID = t.cfg.Issuer, audience{t.cfg.Audience}, t.cfg.Client, of.Credential
	c.IssuedAt, c.Expires = dateOf(of.IssuedAt), dateOf(of.Expires)
	text, err := json.Marshal(c, json.Deterministic(true))
	if err != nil {
		return Secret{}, nil, fmt.Errorf("auth: issue: %w", err)
	}
	signed := encodedHeader(k, t.typ) + "." + encode64(text)
	signature, err := k.sign(signed)
	if err != nil {
		return Secret{}, nil, fmt.Errorf("auth: issue: %w", err)
	}
	if n := len(signed) + len(signature)*4/3 + 3; n > t.cfg.MaxBytes {
		return Secret{}, nil, fmt.Errorf("auth: issue: the token would have %d bytes, more than %d", n, t.cfg.MaxBytes)
	}
	return NewSecret(signed + "." + encode64(signature)), p, nil
}

// Verify returns whom a token is of, or why it is refused: one of the errors of this package, or that of Standing. fresh is for Standing.
func (t *Tokens[K]) Verify(ctx context.Context, token string, fresh bool) (*Principal, error) {
	if len(token) > t.cfg.MaxBytes {
		return nil, ErrTooLarge
	}
	p, err := t.verified(ctx, token, time.Now())
	if err != nil {
		return nil, err
	}
	if t.cfg.Standing == nil {
		return p, nil
	}
	current, err := t.cfg.Standing.Current(ctx, p, fresh)
	if err != nil {
		return nil, err
	}
	if current == nil || current.Subject() != p.Subject() {
		return nil, fmt.Errorf("%w: Standing returns somebody else", ErrRevoked)
	}
	return current, nil
}

// verified looks into the cache first.
func (t *Tokens[K]) verified(ctx context.Context, token string, now time.Time) (*Principal, error) {
	if t.cache == nil {
		return t.verify(ctx, token, now)
	}
	key := keyOf(token)
	if p := t.cache.get(key, now); p != nil {
		return p, nil
	}
	p, err := t.verify(ctx, token, now)
	if err == nil {
		t.cache.put(key, p, now)
	}
	return p, err
}

func (t *Tokens[K]) verify(ctx context.Context, token string, now time.Time) (*Principal, error) {
	e, err := t.authentic(ctx, token)
	if err != nil {
		return nil, err
	}
	var c claims
	if err := decodePart(e.claims, &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	switch {
	case c.Issuer != t.cfg.Issuer:
		return nil, ErrIssuer
	case !slices.Contains(c.Audience, t.cfg.Audience):
		return nil, ErrAudience
	}
	if err := c.at(now, t.cfg.Leeway); err != nil {
		return nil, err
	}
	return c.principal()
}

// authentic takes apart a token that is signed with one of our keys. Its claims are not looked at.
func (t *Tokens[K]) authentic(ctx context.Context, token string) (envelope, error) {
	e, err := open(token)
	if err != nil {
		return e, err
	}
	k, err := t.key(ctx, &e)
	if err != nil {
		return e, err
	}
	signature, err := decode64(e.signature)
	if err != nil {
		return e, fmt.Errorf("%w: the signature is not base64url", ErrMalformed)
	}
	if k.verify(e.signed, signature) != nil {
		return e, ErrSignature
	}
	return e, nil
}

// key finds the key that a token names. Its algorithm is the key's own; that of the header is only compared.
func (t *Tokens[K]) key(ctx context.Context, e *envelope) (Key, error) {
	if k, ok := t.cfg.Keys.source.known(e.header); ok { // the header is, byte for byte, one that we write
		return k, nil
	}
	h, err := e.read(t.typ, t.cfg.InsecureUntyped)
	if err != nil {
		return Key{}, err
	}
	k, err := t.cfg.Keys.source.find(ctx, h.KeyID)
	if err != nil {
		return Key{}, err
	}
	if h.Algorithm != string(k.alg) {
		return Key{}, ErrAlgorithm
	}
	return k, nil
}
