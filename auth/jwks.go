package auth

import (
	"context"

	"github.com/tenon-go/tenon"
)

// JWKSView is the document of public keys (RFC 7517, section 5).
type JWKSView struct {
	// CacheControl says how long the keys may be kept.
	CacheControl string `header:"Cache-Control" doc:"How long the keys may be kept."`
	// Body is the document.
	Body JWKSet `body:""`
}

// JWKSet is a set of public keys (RFC 7517, section 5).
type JWKSet struct {
	// Keys are those that verify tokens; the one that signs stands first.
	Keys []PublicKey `json:"keys" doc:"Keys that verify tokens."`
}

// PublicKey is a public key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037, section 2).
type PublicKey struct {
	KeyType   string            `json:"kty" enum:"OKP,EC,RSA" doc:"Kind of key."`
	KeyID     string            `json:"kid" doc:"Id of the key, which tokens name."`
	Use       string            `json:"use" enum:"sig" doc:"What the key is for."`
	Algorithm string            `json:"alg" enum:"EdDSA,ES256,RS256" doc:"The only algorithm that tokens of the key have."`
	Curve     tenon.Opt[string] `json:"crv" doc:"Curve of OKP and EC."`
	X         tenon.Opt[string] `json:"x" doc:"Coordinate of OKP and EC, in base64url."`
	Y         tenon.Opt[string] `json:"y" doc:"Coordinate of EC, in base64url."`
	N         tenon.Opt[string] `json:"n" doc:"Modulus of RSA, in base64url."`
	E         tenon.Opt[string] `json:"e" doc:"Exponent of RSA, in base64url."`
}

// JWKS makes the handler that shows others the public keys with which they verify our tokens, as they are when it is asked. Keys without a public
// half are left out. Those of another issuer are shown by that one alone: of RemoteKeys it is nil, which is refused at start. Register it with Public:
//
//	app.Get("/.well-known/jwks.json", auth.JWKS(keys), auth.Public("others verify our tokens"))
func JWKS[K Kind](keys Keys[K]) tenon.Handler[struct{}, JWKSView] {
	if _, remote := keys.source.(*remoteKeys); remote {
		return nil
	}
	return func(context.Context, *struct{}) (*JWKSView, error) {
		view := &JWKSView{CacheControl: "public, max-age=300", Body: JWKSet{Keys: []PublicKey{}}}
		if keys.source == nil {
			return view, nil
		}
		for _, k := range keys.source.keys() {
			if k.public != nil {
				view.Body.Keys = append(view.Body.Keys, k.public.view(k.id))
			}
		}
		return view, nil
	}
}

func (j *jwk) view(id string) PublicKey {
	opt := func(text string) tenon.Opt[string] {
		if text == "" {
			return tenon.Opt[string]{}
		}
		return tenon.Some(text)
	}
	return PublicKey{
		KeyType: j.KeyType, KeyID: id, Use: "sig", Algorithm: j.Algorithm,
		Curve: opt(j.Curve), X: opt(j.X), Y: opt(j.Y), N: opt(j.N), E: opt(j.E),
	}
}
