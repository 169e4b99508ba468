package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// sealer seals what stands in a cookie. A sealed text is the version, a random salt and what AES-256-GCM makes, in base64url. Key and nonce are derived
// anew for each (HKDF with SHA-256, RFC 5869), so that no number of sessions brings two under one nonce.
type sealer struct {
	keys [][]byte // of the purpose and the name of the cookie; the first seals
}

const (
	sealVersion = 1
	saltBytes   = 24
	tagBytes    = 16
	keyBytes    = 32
	nonceBytes  = 12
)

func newSealer(roots []Root, name string) *sealer {
	s := &sealer{}
	for _, root := range roots {
		s.keys = append(s.keys, root.Derive("tenon session 1 "+name, keyBytes))
	}
	return s
}

// sealedLen is how long what is sealed is.
func sealedLen(plain int) int {
	return base64.RawURLEncoding.EncodedLen(1 + saltBytes + plain + tagBytes)
}

// with is the cipher for one salt.
func with(key, salt []byte) (aead cipher.AEAD, nonce []byte) {
	derived, err := hkdf.Expand(sha256.New, key, "tenon session 1 value "+string(salt), keyBytes+nonceBytes)
	if err != nil {
		panic("session: " + err.Error()) // the sizes are constants
	}
	block, err := aes.NewCipher(derived[:keyBytes])
	if err != nil {
		panic("session: " + err.Error())
	}
	aead, err = cipher.NewGCM(block)
	if err != nil {
		panic("session: " + err.Error())
	}
	return aead, derived[keyBytes:]
}

func (s *sealer) seal(plain []byte) string {
	out := make([]byte, 1+saltBytes, 1+saltBytes+len(plain)+tagBytes)
	out[0] = sealVersion
	_, _ = rand.Read(out[1:]) // it does not fail: the process ends instead
	aead, nonce := with(s.keys[0], out[1:])
	return base64.RawURLEncoding.EncodeToString(aead.Seal(out, nonce, plain, out[:1]))
}

// decode reads base64url as it is written, and in no other way: the standard library passes over line ends.
func decode(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, errForm
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errForm
	}
	return b, nil
}

var (
	errForm   = errors.New("it has not the form of a session")
	errForged = errors.New("no key opens it")
)

// open reads what seal made; older is that another key than the first did.
func (s *sealer) open(text string) (plain []byte, older bool, err error) {
	sealed, err := decode(text)
	if err != nil || len(sealed) < 1+saltBytes+tagBytes || sealed[0] != sealVersion {
		return nil, false, errForm
	}
	for i, key := range s.keys {
		aead, nonce := with(key, sealed[1:1+saltBytes])
		if plain, err := aead.Open(nil, nonce, sealed[1+saltBytes:], sealed[:1]); err == nil {
			return plain, i > 0, nil
		}
	}
	return nil, false, errForged
}
