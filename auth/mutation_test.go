package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

var b64 = base64.RawURLEncoding

// forge is what an attacker knows of a service: a token of somebody with few rights, the public key, and how tokens are made.
type forge struct {
	token            string
	header, claims   string // as JSON
	h, c, s          string // encoded
	private, another ed25519.PrivateKey
	kid              string
}

// newForge makes tokens and a forge of one of them.
func newForge(t *testing.T) (*auth.Tokens[auth.Access], *forge) {
	t.Helper()
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	_, another, _ := ed25519.GenerateKey(rand.Reader)
	key, err := auth.NewKey(private)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.NewKeys[auth.Access](key)
	if err != nil {
		t.Fatal(err)
	}
	tokens := newTokens(t, func(c *auth.TokensConfig[auth.Access]) { c.Keys = keys })
	token := issue(t, tokens, auth.Identity{Subject: "42", Roles: []string{"editor"}})
	parts := strings.Split(token, ".")
	return tokens, &forge{
		token: token, h: parts[0], c: parts[1], s: parts[2], header: string(mustDecode(parts[0])), claims: string(mustDecode(parts[1])),
		private: private, another: another, kid: key.ID(),
	}
}

// sign makes a token with our own key: what the attacker cannot do, but another service that shares the key may.
func (f *forge) sign(header, claims string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	return text + "." + b64.EncodeToString(ed25519.Sign(f.private, []byte(text)))
}

// with is the claims with one changed; nil takes it away.
func (f *forge) with(name string, value any) string {
	c := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(f.token, c); err != nil {
		panic(err)
	}
	c = maps.Clone(c)
	c[name] = value
	if value == nil {
		delete(c, name)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c)
	t.Header["kid"], t.Header["typ"] = f.kid, "at+jwt"
	signed, err := t.SignedString(f.private)
	if err != nil {
		panic(err)
	}
	return signed
}

func hs256(key []byte, header, claims string) string {
	text := b64.EncodeToString([]byte(header)) + "." + b64.EncodeToString([]byte(claims))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + b64.EncodeToString(mac.Sum(nil))
}

// mutations are tokens that must all be refused.
func mutations(t *testing.T, f *forge) map[string]string {
	t.Helper()
	public := f.private.Public().(ed25519.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	header := func(alg, rest string) string {
		return `{"alg":"` + alg + `","kid":"` + f.kid + `","typ":"at+jwt"` + rest + `}`
	}
	mine := func(header string) string { // signed by the attacker
		text := b64.EncodeToString([]byte(header)) + "." + f.c
		return text + "." + b64.EncodeToString(ed25519.Sign(f.another, []byte(text)))
	}
	now := time.Now().Unix()
	flipped := func(s string, at int) string {
		b, err := b64.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		b[at] ^= 1
		return b64.EncodeToString(b)
	}
	admin := strings.Replace(f.claims, `"editor"`, `"admin"`, 1)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, _ := rsa.GenerateKey(rand.Reader, 2048)
	otherAlgorithm := func(method jwt.SigningMethod, key any) string {
		t := jwt.NewWithClaims(method, jwt.MapClaims{"sub": "1"})
		t.Header["kid"], t.Header["typ"] = f.kid, "at+jwt"
		text, _ := t.SignedString(key)
		return text
	}
	all := map[string]string{
		// the algorithm
		"none":                              b64.EncodeToString([]byte(header("none", ""))) + "." + f.c + ".",
		"none with a signature":             b64.EncodeToString([]byte(header("none", ""))) + "." + f.c + "." + f.s,
		"None":                              b64.EncodeToString([]byte(header("None", ""))) + "." + f.c + "." + f.s,
		"NONE":                              b64.EncodeToString([]byte(header("NONE", ""))) + "." + f.c + "." + f.s,
		"nOnE":                              b64.EncodeToString([]byte(header("nOnE", ""))) + "." + f.c + "." + f.s,
		"an empty algorithm":                f.sign(header("", ""), f.claims),
		"no algorithm":                      f.sign(`{"kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),
		"the algorithm as a list":           f.sign(`{"alg":["EdDSA"],"kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),
		"the algorithm as null":             f.sign(`{"alg":null,"kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),
		"the algorithm in small letters":    f.sign(header("eddsa", ""), f.claims),
		"another name of the member":        f.sign(`{"ALG":"EdDSA","kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),
		"HS256 with the public key":         hs256(public, header("HS256", ""), admin),
		"HS256 with its PEM":                hs256(asPEM, header("HS256", ""), admin),
		"HS256 with its PEM without an end": hs256([]byte(strings.TrimSpace(string(asPEM))), header("HS256", ""), admin),
		"HS256 with its DER":                hs256(der, header("HS256", ""), admin),
		"HS256 with its kid":                hs256([]byte(f.kid), header("HS256", ""), admin),
		"HS256 with an empty key":           hs256(nil, header("HS256", ""), admin),
		"HS256 with a famous key":           hs256([]byte("secret"), header("HS256", ""), admin),
		"ES256 with another key":            otherAlgorithm(jwt.SigningMethodES256, ec),
		"RS256 with another key":            otherAlgorithm(jwt.SigningMethodRS256, rs),
		"PS256 with another key":            otherAlgorithm(jwt.SigningMethodPS256, rs),
		"ES256 that is all zero":            b64.EncodeToString([]byte(header("ES256", ""))) + "." + f.c + "." + b64.EncodeToString(make([]byte, 64)),

		// the key
		"another key":            mine(header("EdDSA", "")),
		"another key in the jwk": mine(header("EdDSA", `,"jwk":{"kty":"OKP","crv":"Ed25519","x":"`+b64.EncodeToString(f.another.Public().(ed25519.PublicKey))+`"}`)),
		"our key in the jwk":     f.sign(header("EdDSA", `,"jwk":{"kty":"OKP"}`), f.claims),
		"a URL of keys":          f.sign(header("EdDSA", `,"jku":"https://evil.example/jwks.json"`), f.claims),
		"a URL of certificates":  f.sign(header("EdDSA", `,"x5u":"https://evil.example/cert"`), f.claims),
		"certificates":           f.sign(header("EdDSA", `,"x5c":["AAAA"]`), f.claims),
		"no kid":                 f.sign(`{"alg":"EdDSA","typ":"at+jwt"}`, f.claims),
		"an empty kid":           f.sign(`{"alg":"EdDSA","kid":"","typ":"at+jwt"}`, f.claims),
		"an unknown kid":         f.sign(`{"alg":"EdDSA","kid":"x","typ":"at+jwt"}`, f.claims),
		"a path as kid":          f.sign(`{"alg":"EdDSA","kid":"../../../../dev/null","typ":"at+jwt"}`, f.claims),
		"SQL as kid":             f.sign(`{"alg":"EdDSA","kid":"x' UNION SELECT 'key","typ":"at+jwt"}`, f.claims),
		"a number as kid":        f.sign(`{"alg":"EdDSA","kid":0,"typ":"at+jwt"}`, f.claims),
		"two kids":               f.sign(`{"alg":"EdDSA","kid":"x","kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),
		"two algorithms":         f.sign(`{"alg":"none","alg":"EdDSA","kid":"`+f.kid+`","typ":"at+jwt"}`, f.claims),

		// the header
		"crit":                        f.sign(header("EdDSA", `,"crit":["exp"]`), f.claims),
		"an empty crit":               f.sign(header("EdDSA", `,"crit":[]`), f.claims),
		"crit that is null":           f.sign(header("EdDSA", `,"crit":null`), f.claims),
		"b64":                         f.sign(header("EdDSA", `,"b64":false`), f.claims),
		"zip":                         f.sign(header("EdDSA", `,"zip":"DEF"`), f.claims),
		"an encrypted token":          f.sign(header("EdDSA", `,"enc":"A128GCM"`), f.claims),
		"no typ":                      f.sign(`{"alg":"EdDSA","kid":"`+f.kid+`"}`, f.claims),
		"the typ JWT":                 f.sign(`{"alg":"EdDSA","kid":"`+f.kid+`","typ":"JWT"}`, f.claims),
		"the typ of another kind":     f.sign(`{"alg":"EdDSA","kid":"`+f.kid+`","typ":"reset+jwt"}`, f.claims),
		"a typ that is a list":        f.sign(`{"alg":"EdDSA","kid":"`+f.kid+`","typ":["at+jwt"]}`, f.claims),
		"a header with text after it": f.sign(header("EdDSA", "")+"{}", f.claims),
		"a header that is a list":     f.sign("["+header("EdDSA", "")+"]", f.claims),
		"a header that is null":       f.sign("null", f.claims),
		"a header that is not UTF-8":  f.sign(header("EdDSA", ",\"x\":\"\xff\""), f.claims),

		// the form
		"nothing":                           "",
		"dots":                              "..",
		"one part":                          f.h,
		"two parts":                         f.h + "." + f.c,
		"no signature":                      f.h + "." + f.c + ".",
		"four parts":                        f.token + "." + f.s,
		"five parts":                        f.h + ".." + f.c + ".." + f.s,
		"a part that is empty":              f.h + ".." + f.s,
		"a tab before it":                   "\t" + f.token,
		"a line end in it":                  f.h + "." + f.c + ".\n" + f.s,
		"a line end at its end":             f.token + "\n",
		"padding":                           f.token + "==",
		"base64 of the other alphabet":      f.h + "." + strings.NewReplacer("-", "+", "_", "/").Replace(f.c+"-") + "." + f.s,
		"bits after the end":                f.token[:len(f.token)-1] + nextLetter(f.token[len(f.token)-1]),
		"the JSON form":                     `{"payload":"` + f.c + `","protected":"` + f.h + `","signature":"` + f.s + `"}`,
		"a byte of the header":              flipped(f.h, 2) + "." + f.c + "." + f.s,
		"a byte of the claims":              f.h + "." + flipped(f.c, 10) + "." + f.s,
		"a byte of the signature":           f.h + "." + f.c + "." + flipped(f.s, 0),
		"the last byte of the signature":    f.h + "." + f.c + "." + flipped(f.s, 63),
		"a signature that is cut":           f.h + "." + f.c + "." + b64.EncodeToString(mustDecode(f.s)[:63]),
		"a signature that goes on":          f.h + "." + f.c + "." + b64.EncodeToString(append(mustDecode(f.s), 0)),
		"a signature of zeros":              f.h + "." + f.c + "." + b64.EncodeToString(make([]byte, 64)),
		"other claims":                      f.h + "." + b64.EncodeToString([]byte(admin)) + "." + f.s,
		"the claims of nobody":              f.h + "." + b64.EncodeToString([]byte(`{}`)) + "." + f.s,
		"a signature that is not canonical": f.h + "." + f.c + "." + b64.EncodeToString(plusOrder(mustDecode(f.s))),

		// the claims, by who has the key
		"claims that are a list":       f.sign(f.header, `[]`),
		"claims that are null":         f.sign(f.header, `null`),
		"claims that are no JSON":      f.sign(f.header, `{"sub":"1"`),
		"two subjects":                 f.sign(f.header, strings.Replace(f.claims, `"sub"`, `"sub":"1","sub"`, 1)),
		"a subject by another name":    f.sign(f.header, strings.Replace(f.claims, `"sub"`, `"Sub"`, 1)),
		"no subject":                   f.with("sub", nil),
		"an empty subject":             f.with("sub", ""),
		"a subject that is a number":   f.with("sub", 42),
		"a subject of two lines":       f.with("sub", "42\nadmin"),
		"a subject without end":        f.with("sub", strings.Repeat("x", 256)),
		"no jti":                       f.with("jti", nil),
		"an empty jti":                 f.with("jti", ""),
		"no exp":                       f.with("exp", nil),
		"exp that is null":             f.sign(f.header, strings.Replace(f.claims, `"exp":`, `"exp":null,"x":`, 1)),
		"exp that is a text":           f.with("exp", strconv.FormatInt(now+600, 10)),
		"exp that is past":             f.with("exp", now-31),
		"exp that is 0":                f.with("exp", 0),
		"exp that is below 0":          f.with("exp", -1),
		"exp without end":              f.with("exp", 1e300),
		"exp before iat":               f.with("exp", now-5),
		"no iat":                       f.with("iat", nil),
		"iat in the future":            f.with("iat", now+60),
		"nbf in the future":            f.with("nbf", now+60),
		"no issuer":                    f.with("iss", nil),
		"another issuer":               f.with("iss", "https://evil.example"),
		"an issuer that begins alike":  f.with("iss", issuer+".evil.example"),
		"issuers":                      f.with("iss", []string{issuer}),
		"no audience":                  f.with("aud", nil),
		"an empty audience":            f.with("aud", []string{}),
		"another audience":             f.with("aud", "shop"),
		"audiences that begin alike":   f.with("aud", []string{"sto", "store2"}),
		"an audience that is a number": f.with("aud", 1),
		"roles that are a text":        f.with("roles", "admin"),
		"a role without end":           f.with("roles", []string{strings.Repeat("x", 256)}),
	}
	return all
}

func mustDecode(s string) []byte {
	b, err := b64.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// nextLetter changes bits of the last letter that say nothing.
func nextLetter(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, c)^1])
}

// plusOrder adds the order of the group to the second half of a signature of Ed25519, which some verify as well (RFC 8032, section 5.1.7).
func plusOrder(signature []byte) []byte {
	order := []byte{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 31: 0x10}
	carry := 0
	for i, o := range order {
		sum := int(signature[32+i]) + int(o) + carry
		signature[32+i], carry = byte(sum), sum>>8
	}
	return signature
}

// TestSD062MutatedTokensAreRefused shows each mutation to each guarded operation of an app, and the token itself before and after.
func TestSD062MutatedTokensAreRefused(t *testing.T) {
	t.Parallel()
	tokens, f := newForge(t)
	token := f.token
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)}, auth.Required(auth.Bearer(tokens, auth.BearerConfig{})), storeRoles())
	app.Get("/me", me)
	app.Post("/me", me, auth.Role("editor"))
	app.Put("/me", me, auth.Or(auth.Role("editor"), auth.Scope("x")))
	app.Delete("/me", me, auth.Not(auth.Role("admin")))
	app.Patch("/me", perhaps, auth.Optional("a test"))
	app.Mount("/mounted", compile(t, tenon.New(tenon.Config{})))
	compile(t, app)

	targets := []string{"GET /me", "HEAD /me", "POST /me", "PUT /me", "DELETE /me", "PATCH /me", "GET /mounted/x"}
	all := mutations(t, f)
	if len(all) < 60 {
		t.Errorf("%d mutations, want 60 or more", len(all))
	}
	all["the token itself"], all["the same claims, signed again"] = token, f.with("roles", []string{"editor"})
	shown := 0
	for name, text := range all {
		for _, target := range targets {
			method, path, _ := strings.Cut(target, " ")
			status := call(t, app, method, path, "Authorization: Bearer "+text).Code
			shown++
			if want := text == token || name == "the same claims, signed again"; (status != 401) != want {
				t.Errorf("%s: %s answers %d: %.80s", name, target, status, text)
			}
		}
		if _, err := tokens.Verify(context.Background(), text, true); err != nil && strings.Contains(err.Error(), "panic") {
			t.Error(err)
		}
	}
	t.Logf("%d mutations at %d operations: %d requests", len(all)-2, len(targets), shown)
}

// TestJO06CausesCanBeToldApart has the program tell what clients are not told.
func TestJO06CausesCanBeToldApart(t *testing.T) {
	t.Parallel()
	tokens, f := newForge(t)
	all := mutations(t, f)
	for name, want := range map[string]error{
		"None": auth.ErrAlgorithm, "none": auth.ErrMalformed, "HS256 with the public key": auth.ErrAlgorithm, "another key": auth.ErrSignature, "an unknown kid": auth.ErrUnknownKey,
		"no kid": auth.ErrUnknownKey, "crit": auth.ErrCritical, "our key in the jwk": auth.ErrCritical, "zip": auth.ErrCritical, "the typ JWT": auth.ErrType,
		"no typ": auth.ErrType, "two parts": auth.ErrMalformed, "two kids": auth.ErrMalformed, "padding": auth.ErrMalformed, "two subjects": auth.ErrMalformed,
		"other claims": auth.ErrSignature, "a byte of the signature": auth.ErrSignature, "no subject": auth.ErrClaims, "no jti": auth.ErrClaims,
		"no exp": auth.ErrClaims, "exp that is past": auth.ErrClaims, "iat in the future": auth.ErrNotYetValid, "nbf in the future": auth.ErrNotYetValid,
		"another issuer": auth.ErrIssuer, "another audience": auth.ErrAudience, "no audience": auth.ErrClaims,
	} {
		text, ok := all[name]
		if !ok {
			t.Errorf("there is no mutation %q", name)
		}
		if _, err := tokens.Verify(context.Background(), text, false); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := tokens.Verify(context.Background(), strings.Repeat("x", 9000), false); !errors.Is(err, auth.ErrTooLarge) {
		t.Error(err)
	}
}
