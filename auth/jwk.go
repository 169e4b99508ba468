package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// jwk is a public key (RFC 7517; RFC 7518, section 6; RFC 8037, section 2).
type jwk struct {
	KeyType   string   `json:"kty"`
	KeyID     string   `json:"kid,omitzero"`
	Use       string   `json:"use,omitzero"`
	KeyOps    []string `json:"key_ops,omitzero"`
	Algorithm string   `json:"alg,omitzero"`
	Curve     string   `json:"crv,omitzero"`
	X         string   `json:"x,omitzero"`
	Y         string   `json:"y,omitzero"`
	N         string   `json:"n,omitzero"`
	E         string   `json:"e,omitzero"`

	// D and K are of private and symmetric keys, which nobody publishes on purpose.
	D jsontext.Value `json:"d,omitzero"`
	K jsontext.Value `json:"k,omitzero"`
}

// jwks is a set of keys (RFC 7517, section 5).
type jwks struct {
	Keys []jsontext.Value `json:"keys"`
}

// maxKeys is the most keys of a set.
const maxKeys = 100

func encode64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decode64 reads base64url as it must be written: without padding, line ends and bits that say nothing.
func decode64(text string) ([]byte, error) {
	for i := range len(text) {
		if c := text[i]; (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return nil, errors.New("it is not base64url")
		}
	}
	return base64.RawURLEncoding.Strict().DecodeString(text)
}

// publicJWK describes a public key. Its id is its thumbprint (RFC 7638).
func publicJWK(alg Algorithm, key any) (*jwk, error) {
	if err := checkPublic(key); err != nil {
		return nil, err
	}
	j := &jwk{Use: "sig", Algorithm: string(alg)}
	var members string // in the order of their names
	switch key := key.(type) {
	case ed25519.PublicKey:
		j.KeyType, j.Curve, j.X = "OKP", "Ed25519", encode64(key)
		members = `{"crv":"Ed25519","kty":"OKP","x":"` + j.X + `"}`
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			return nil, err
		}
		j.KeyType, j.Curve, j.X, j.Y = "EC", "P-256", encode64(point[1:33]), encode64(point[33:])
		members = `{"crv":"P-256","kty":"EC","x":"` + j.X + `","y":"` + j.Y + `"}`
	case *rsa.PublicKey:
		j.KeyType, j.N, j.E = "RSA", encode64(key.N.Bytes()), encode64(big.NewInt(int64(key.E)).Bytes())
		members = `{"e":"` + j.E + `","kty":"RSA","n":"` + j.N + `"}`
	}
	sum := sha256.Sum256([]byte(members))
	j.KeyID = encode64(sum[:])
	return j, nil
}

// errOtherKey is of a key that is for something else than to verify tokens by our algorithms.
var errOtherKey = errors.New("it is for something else")

// key makes the key that a document describes. Only public ones that verify signatures are taken.
func (j *jwk) key() (Key, error) {
	if j.D != nil || j.K != nil {
		return Key{}, errors.New("it is no public key")
	}
	if j.Use != "" && j.Use != "sig" || j.KeyOps != nil && !slices.Equal(j.KeyOps, []string{"verify"}) {
		return Key{}, errOtherKey
	}
	public, alg, err := j.public()
	if err != nil {
		return Key{}, err
	}
	known := []string{"", string(alg)}
	if alg == EdDSA {
		known = append(known, "Ed25519") // as RFC 9864 calls it
	}
	if !slices.Contains(known, j.Algorithm) {
		return Key{}, errOtherKey
	}
	if err := checkName(j.KeyID, true); err != nil {
		return Key{}, fmt.Errorf("its kid %w", err)
	}
	k, err := NewKey(public)
	k.id = j.KeyID
	return k, err
}

func (j *jwk) public() (key any, alg Algorithm, err error) {
	read := func(name, text string, size int) []byte {
		b, wrong := decode64(text)
		if wrong != nil || len(b) == 0 || size > 0 && len(b) != size || size == 0 && b[0] == 0 {
			err = fmt.Errorf("its member %s is wrong", name)
		}
		return b
	}
	switch {
	case j.KeyType == "OKP" && j.Curve == "Ed25519":
		return ed25519.PublicKey(read("x", j.X, 32)), EdDSA, err
	case j.KeyType == "EC" && j.Curve == "P-256":
		point := append(append([]byte{4}, read("x", j.X, 32)...), read("y", j.Y, 32)...)
		if err != nil {
			return nil, "", err
		}
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			return nil, "", errors.New("it is no point of P-256")
		}
		return key, ES256, nil
	case j.KeyType == "RSA":
		n, e := new(big.Int).SetBytes(read("n", j.N, 0)), new(big.Int).SetBytes(read("e", j.E, 0))
		if err == nil && (!e.IsInt64() || e.Int64() > 1<<31-1) {
			err = errors.New("its exponent is too large")
		}
		return &rsa.PublicKey{N: n, E: int(e.Int64())}, RS256, err
	}
	return nil, "", errOtherKey
}

// parseJWKS reads a set of keys. Keys that are for something else are passed over; one that is wrong, or two of one id, make the set wrong.
func parseJWKS(text []byte) ([]Key, error) {
	var set jwks
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errors.New("it is no JWK set")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("it has %d keys, more than %d", len(set.Keys), maxKeys)
	}
	var all []Key
	for i, text := range set.Keys {
		var j jwk
		if err := json.Unmarshal(text, &j); err != nil {
			return nil, fmt.Errorf("key %d is no JWK", i)
		}
		k, err := j.key()
		if errors.Is(err, errOtherKey) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i, err)
		}
		if slices.ContainsFunc(all, func(other Key) bool { return other.id == k.id }) {
			return nil, fmt.Errorf("key %d: two keys have its kid", i)
		}
		all = append(all, k)
	}
	if all == nil {
		return nil, errors.New("it has no key that verifies tokens")
	}
	return all, nil
}
