package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tenon-go/tenon/auth"
)

// TestJO01TokensOfEveryAlgorithm issues, verifies, and has another library agree.
func TestJO01TokensOfEveryAlgorithm(t *testing.T) {
	t.Parallel()
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	secret := newRoot(t).Derive("test", 32)
	hs, err := auth.NewHMAC(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		key    any
		alg    auth.Algorithm
		public any
	}{{ed, auth.EdDSA, ed.Public()}, {ec, auth.ES256, &ec.PublicKey}, {rs, auth.RS256, &rs.PublicKey}, {hs, auth.HS256, secret}} {
		key, ok := tt.key.(auth.Key)
		if !ok {
			if key, err = auth.NewKey(tt.key); err != nil {
				t.Fatal(err)
			}
		}
		if key.Algorithm() != tt.alg || !key.Signs() {
			t.Errorf("%v has the algorithm %s", key, key.Algorithm())
		}
		keys, err := auth.NewKeys[auth.Access](key)
		if err != nil {
			t.Fatal(err)
		}
		tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
		at := time.Now().Add(-time.Minute).Truncate(time.Second)
		of := auth.Identity{
			Subject: "42", Kind: "robot", Roles: []string{"a", "b"}, Scopes: []string{"x:read", "y"}, Tenant: "t1", Session: "s1", AuthenticatedAt: at,
			Claims: map[string]any{"plan": "free"},
		}
		token := issue(t, tokens, of)
		p, err := tokens.Verify(context.Background(), token, false)
		if err != nil {
			t.Fatalf("%s: %v", tt.alg, err)
		}
		plan, _ := p.Claim("plan")
		if p.Subject() != "42" || p.Kind() != "robot" || strings.Join(p.Roles(), " ") != "a b" || strings.Join(p.Scopes(), " ") != "x:read y" || p.Tenant() != "t1" ||
			p.Session() != "s1" || !p.AuthenticatedAt().Equal(at) || plan != "free" || p.Credential() == "" || p.Expires().Sub(p.IssuedAt()) != 10*time.Minute {
			t.Errorf("%s: %+v", tt.alg, p.Identity())
		}
		parsed, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return tt.public, nil }, jwt.WithValidMethods([]string{string(tt.alg)}),
			jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithSubject("42"), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
		if err != nil || parsed.Header["typ"] != "at+jwt" || parsed.Header["kid"] != key.ID() {
			t.Errorf("%s: another library says %v", tt.alg, err)
		}
	}
}

// TestSD061KeysRotate puts a new key first: tokens of before still count, until their key is gone.
func TestSD061KeysRotate(t *testing.T) {
	t.Parallel()
	old, recent := newRoot(t), newRoot(t)
	with := func(newest auth.Root, older ...auth.Root) *auth.Tokens[auth.Access] {
		keys, err := auth.DeriveKeys[auth.Access](newest, older...)
		if err != nil {
			t.Fatal(err)
		}
		return newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
	}
	before, during, after := with(old), with(recent, old), with(recent)
	oldToken, newToken := issue(t, before, auth.Identity{Subject: "1"}), issue(t, during, auth.Identity{Subject: "1"})
	for _, tt := range []struct {
		name   string
		tokens *auth.Tokens[auth.Access]
		token  string
		want   error
	}{
		{"the old one, before", before, oldToken, nil},
		{"the old one, during", during, oldToken, nil},
		{"the new one, during", during, newToken, nil},
		{"the new one, after", after, newToken, nil},
		{"the old one, after", after, oldToken, auth.ErrUnknownKey},
		{"the new one, before", before, newToken, auth.ErrUnknownKey},
	} {
		if _, err := tt.tokens.Verify(context.Background(), tt.token, false); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// TestSD062Times looks at a token at every second that matters, with the cache and without.
func TestSD062Times(t *testing.T) {
	t.Parallel()
	for name, cache := range map[string]int{"with the cache": 0, "without": -1} {
		for leeway, end := range map[time.Duration]time.Duration{0: 30 * time.Second, -1: 0, 5 * time.Second: 5 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Cache, c.Leeway, c.Lifetime = cache, leeway, time.Minute })
				token := issue(t, tokens, auth.Identity{Subject: "1"})
				for at := range 100 {
					_, err := tokens.Verify(t.Context(), token, false)
					want := error(nil)
					if time.Duration(at)*time.Second >= time.Minute+end {
						want = auth.ErrExpired
					}
					if !errors.Is(err, want) {
						t.Errorf("%s, leeway %v: after %d s: %v, want %v", name, end, at, err, want)
					}
					<-time.After(time.Second)
				}
			})
		}
	}
}

// standing answers for whoever is verified.
type standing struct {
	calls, fresh atomic.Int64
	answer       func(*auth.Principal) (*auth.Principal, error)
}

func (s *standing) Current(_ context.Context, p *auth.Principal, fresh bool) (*auth.Principal, error) {
	s.calls.Add(1)
	if fresh {
		s.fresh.Add(1)
	}
	return s.answer(p)
}

// TestSD073StandingIsAskedEachTime changes what a caller may, while the token is in the cache.
func TestSD073StandingIsAskedEachTime(t *testing.T) {
	t.Parallel()
	away := errors.New("the database is away")
	s := &standing{answer: func(p *auth.Principal) (*auth.Principal, error) { return p, nil }}
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Standing = s })
	token := issue(t, tokens, auth.Identity{Subject: "1", Roles: []string{"admin"}})
	roles := func() (string, error) {
		p, err := tokens.Verify(context.Background(), token, true)
		return strings.Join(p.Roles(), " "), err
	}
	if got, err := roles(); got != "admin" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	s.answer = func(p *auth.Principal) (*auth.Principal, error) {
		now := p.Identity()
		now.Roles = []string{"user"}
		return auth.NewPrincipal(now)
	}
	if got, err := roles(); got != "user" || err != nil {
		t.Errorf("demoted: %q, %v", got, err)
	}
	for name, answer := range map[error]func(*auth.Principal) (*auth.Principal, error){
		auth.ErrRevoked: func(*auth.Principal) (*auth.Principal, error) { return nil, auth.ErrRevoked },
		away:            func(*auth.Principal) (*auth.Principal, error) { return nil, away },
	} {
		s.answer = answer
		if _, err := roles(); !errors.Is(err, name) {
			t.Errorf("%v, want %v", err, name)
		}
	}
	for _, wrong := range []string{"", "2"} {
		s.answer = func(*auth.Principal) (*auth.Principal, error) {
			if wrong == "" {
				return nil, nil
			}
			return auth.NewPrincipal(auth.Identity{Subject: wrong})
		}
		if _, err := roles(); !errors.Is(err, auth.ErrRevoked) {
			t.Errorf("somebody else: %v", err)
		}
	}
	if s.calls.Load() != 6 || s.fresh.Load() != 6 {
		t.Errorf("asked %d times, %d of them afresh; want 6", s.calls.Load(), s.fresh.Load())
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	t.Parallel()
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Cache = 1 })
	for range 200 {
		token := issue(t, tokens, auth.Identity{Subject: "1"})
		for range 2 {
			if _, err := tokens.Verify(context.Background(), token, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := auth.Cached(tokens); n > 32 {
		t.Errorf("%d tokens are kept", n)
	}
}

func TestNoCopyOfAPrincipalChangesAnother(t *testing.T) {
	t.Parallel()
	of := auth.Identity{Subject: "1", Roles: []string{"user"}, Scopes: []string{"a"}, Claims: map[string]any{"a": 1}}
	p, err := auth.NewPrincipal(of)
	if err != nil {
		t.Fatal(err)
	}
	of.Roles[0], of.Scopes[0], of.Claims["a"] = "admin", "admin", 2
	p.Roles()[0], p.Scopes()[0] = "admin", "admin"
	p.Identity().Roles[0] = "admin"
	p.Identity().Claims["a"] = 3
	if value, _ := p.Claim("a"); p.HasRole("admin") || p.HasScope("admin") || value != 1.0 || p.Roles()[0] != "user" {
		t.Errorf("%+v", p.Identity())
	}
	ctx := auth.With(context.Background(), p)
	admin, _ := auth.NewPrincipal(auth.Identity{Subject: "admin"})
	*auth.From(ctx) = *admin
	if auth.From(ctx).Subject() != "1" {
		t.Error("a handler makes its caller another")
	}
	if auth.From(context.Background()) != nil || auth.From(auth.With(ctx, nil)) != nil {
		t.Error("nobody is somebody")
	}
	var nobody *auth.Principal
	if nobody.Subject() != "" || nobody.Is("admin") || nobody.String() != "nobody" || (&auth.Principal{}).HasRole("") {
		t.Error("nobody is somebody")
	}
}

func TestConfigurationOfTokens(t *testing.T) {
	t.Parallel()
	_, err := auth.NewTokens(auth.TokensConfig[noType]{Lifetime: 25 * time.Hour, Leeway: time.Minute, MaxBytes: -1})
	for _, want := range []string{"there are no Keys", "no Issuer", "no Audience", "Lifetime is 25h0m0s", "Leeway is 1m0s", "MaxBytes is -1", `the type ""`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
	tokens := newTokens(t, nil)
	for name, of := range map[string]auth.Identity{
		"nobody": {}, "a claim of ours": {Subject: "1", Claims: map[string]any{"exp": 1}}, "in capitals": {Subject: "1", Claims: map[string]any{"EXP": 1}},
		"a scope with a space": {Subject: "1", Scopes: []string{"a b"}}, "a subject of two lines": {Subject: "a\nb"},
		"too large": {Subject: "1", Claims: map[string]any{"x": strings.Repeat("x", 9000)}}, "not JSON": {Subject: "1", Claims: map[string]any{"x": func() {}}},
	} {
		if _, _, err := tokens.Issue(of); err == nil {
			t.Errorf("%s gets a token", name)
		}
	}
}

type noType struct{}

func (noType) TokenType() string { return "" }

// TestClaimsStandBesideOurs: what a program adds is a claim like any other, not a member of one.
func TestClaimsStandBesideOurs(t *testing.T) {
	t.Parallel()
	tokens := newTokens(t, nil)
	token := issue(t, tokens, auth.Identity{Subject: "42", Claims: map[string]any{"plan": "gold"}})
	_, rest, _ := strings.Cut(token, ".")
	part, _, _ := strings.Cut(rest, ".")
	claims, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || !strings.Contains(string(claims), `,"plan":"gold"}`) || strings.Contains(string(claims), "Others") {
		t.Errorf("claims are %s, %v", claims, err)
	}
	p, err := tokens.Verify(t.Context(), token, false)
	if plan, _ := p.Claim("plan"); err != nil || plan != "gold" {
		t.Errorf("the claim is %v, %v", plan, err)
	}
}
