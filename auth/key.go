package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

// Algorithm is how a key signs (RFC 7518, section 3.1, and RFC 8037). It belongs to the key: a token that names another is refused.
type Algorithm string

// The algorithms of keys. There is no "none", and none is chosen by a token.
const (
	EdDSA Algorithm = "EdDSA" // Ed25519: short signatures, the default
	ES256 Algorithm = "ES256" // ECDSA on P-256 with SHA-256
	RS256 Algorithm = "RS256" // RSA of 2048 bits or more with SHA-256
	HS256 Algorithm = "HS256" // HMAC with SHA-256: who can verify can sign too
)

// Key signs tokens, or verifies them, by one algorithm. Make one with NewKey, NewHMAC, ParseKey or a Root. It never shows what it holds. The zero
// value is none.
type Key struct {
	id     string
	alg    Algorithm
	sign   func(text string) ([]byte, error) // nil: it only verifies
	verify func(text string, signature []byte) error
	public *jwk // nil: it has no public half
}

// ID names the key in the header of a token (kid). That of a key pair is its thumbprint (RFC 7638).
func (k Key) ID() string { return k.id }

// Algorithm is that of the key.
func (k Key) Algorithm() Algorithm { return k.alg }

// Signs reports whether the key can sign; otherwise it only verifies.
func (k Key) Signs() bool { return k.sign != nil }

// Format writes the id and the algorithm for every verb.
func (k Key) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "[key "+string(k.alg)+" "+k.id+"]")
}

// LogValue is the id and the algorithm.
func (k Key) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// NeverEncode marks the type: an output that contains it is refused at start.
func (Key) NeverEncode() {}

var errNilKey = errors.New("auth: key: it is nil")

// NewKey makes a key of an ed25519.PrivateKey, an *ecdsa.PrivateKey on P-256 or an *rsa.PrivateKey of 2048 to 8192 bits; or, to verify alone, of
// their public halves. The kind of key decides the algorithm.
func NewKey(key any) (Key, error) {
	switch key := key.(type) {
	case ed25519.PrivateKey:
		if len(key) != ed25519.PrivateKeySize {
			return Key{}, errors.New("auth: key: an Ed25519 key has 64 bytes")
		}
		return newPair(EdDSA, jwt.SigningMethodEdDSA, key, key.Public())
	case ed25519.PublicKey:
		return newPair(EdDSA, jwt.SigningMethodEdDSA, nil, key)
	case *ecdsa.PrivateKey:
		if key == nil {
			return Key{}, errNilKey
		}
		return newPair(ES256, jwt.SigningMethodES256, key, &key.PublicKey)
	case *ecdsa.PublicKey:
		if key == nil {
			return Key{}, errNilKey
		}
		return newPair(ES256, jwt.SigningMethodES256, nil, key)
	case *rsa.PrivateKey:
		if key == nil {
			return Key{}, errNilKey
		}
		if err := key.Validate(); err != nil {
			return Key{}, errors.New("auth: key: the RSA key is not valid")
		}
		return newPair(RS256, jwt.SigningMethodRS256, key, &key.PublicKey)
	case *rsa.PublicKey:
		if key == nil || key.N == nil {
			return Key{}, errNilKey
		}
		return newPair(RS256, jwt.SigningMethodRS256, nil, key)
	}
	return Key{}, fmt.Errorf("auth: key: %T is no key of Ed25519, ECDSA or RSA", key)
}

func newPair(alg Algorithm, method jwt.SigningMethod, private, public any) (Key, error) {
	j, err := publicJWK(alg, public)
	if err != nil {
		return Key{}, fmt.Errorf("auth: key: %w", err)
	}
	k := Key{id: j.KeyID, alg: alg, public: j}
	k.verify = func(text string, signature []byte) error { return method.Verify(text, signature, public) }
	if private != nil {
		k.sign = func(text string) ([]byte, error) { return method.Sign(text, private) }
	}
	return k, nil
}

// NewHMAC makes a key of HS256 of 32 random bytes or more. A text counts as what it encodes, in hexadecimal digits or base64, since many services
// use such a text as it is. It refuses other texts, and what looks like a public key: as a secret, it is one that everybody has.
func NewHMAC(secret []byte) (Key, error) {
	text := bytes.TrimSpace(secret)
	_, notPKIX := x509.ParsePKIXPublicKey(text)
	_, notPKCS1 := x509.ParsePKCS1PublicKey(text)
	_, notCertificate := x509.ParseCertificate(text)
	if notPKIX == nil || notPKCS1 == nil || notCertificate == nil || bytes.Contains(text, []byte("-----BEGIN")) || bytes.HasPrefix(text, []byte("ssh-")) {
		return Key{}, errors.New("auth: key: a public key is no secret")
	}
	if err := weakSecret(secret); err != nil {
		return Key{}, fmt.Errorf("auth: key: %w", err)
	}
	return newHMAC(bytes.Clone(secret)), nil
}

func newHMAC(secret []byte) Key {
	id := sha256.Sum256(append([]byte("tenon hmac key id 1\x00"), secret...))
	return Key{
		id: base64.RawURLEncoding.EncodeToString(id[:12]), alg: HS256,
		sign: func(text string) ([]byte, error) { return jwt.SigningMethodHS256.Sign(text, secret) },
		verify: func(text string, signature []byte) error {
			return jwt.SigningMethodHS256.Verify(text, signature, secret)
		},
	}
}

// weakSecret is weak for a secret that may be the text of one.
func weakSecret(secret []byte) error {
	if text, err := decodeRoot(string(bytes.TrimSpace(secret))); err == nil && weak(secret) != nil {
		return weak(text)
	}
	return weak(secret)
}

// ParseKey reads one key in PEM: a private one (PKCS #8, SEC 1, PKCS #1), or a public one (PKIX) that verifies alone.
func ParseKey(text []byte) (Key, error) {
	block, rest := pem.Decode(text)
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return Key{}, errors.New("auth: key: want one block of PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	default:
		return Key{}, fmt.Errorf("auth: key: %q is not PRIVATE KEY or PUBLIC KEY", block.Type)
	}
	if err != nil {
		return Key{}, errors.New("auth: key: the block of PEM holds no key") // the cause may show bytes of it
	}
	return NewKey(key)
}

// checkPublic refuses keys that are too weak, or that make signatures that anybody can make.
func checkPublic(key any) error {
	switch key := key.(type) {
	case ed25519.PublicKey:
		if len(key) != ed25519.PublicKeySize {
			return errors.New("an Ed25519 key has 32 bytes")
		}
		if smallOrder(key) {
			return errors.New("the Ed25519 key is of small order")
		}
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return errors.New("the ECDSA key is not on P-256")
		}
		if _, err := key.Bytes(); err != nil {
			return errors.New("the ECDSA key is no point of P-256")
		}
	case *rsa.PublicKey:
		if n := key.N.BitLen(); n < 2048 || n > 8192 {
			return fmt.Errorf("the RSA key has %d bits, want 2048 to 8192", n)
		}
		if key.E < 3 || key.E%2 == 0 || key.N.Bit(0) == 0 {
			return errors.New("the RSA key has a wrong modulus or exponent")
		}
		if guessable(key.N) {
			return errors.New("the RSA key is one of those whose primes can be found (CVE-2017-15361)")
		}
	}
	return nil
}

// smallOrder reports whether a key is one of the points for which some signature verifies for many messages. They are those of RFC 8032's curve
// whose order divides eight, with their encodings that are not canonical; the sign bit makes no difference.
func smallOrder(key ed25519.PublicKey) bool {
	low := bytes.Clone(key)
	low[31] &= 0x7f
	return slices.Contains(smallOrders, hex.EncodeToString(low))
}

// smallOrders are the y coordinates of those points, little-endian.
var smallOrders = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 0, not canonical
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 1, not canonical
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
}
