package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/tenon-go/tenon"
)

// The prefixes of tokens, so that those who look for lost ones find them.
const (
	refreshPrefix = "tenon_refresh_"
	keyPrefix     = "tenon_key_"
)

const (
	familyBytes = 16
	secretBytes = 32
	sumBytes    = 4
)

// errOpaque is a token that nobody has made.
var errOpaque = errors.New("accounts: the token is none of ours")

// seal writes random bytes as a token: a prefix, and in base64url the bytes and their CRC-32. The sum refuses what was cut or mistyped before a
// database is asked; it keeps nobody from anything.
func seal(prefix string, secret []byte) string {
	return prefix + base64.RawURLEncoding.EncodeToString(append(secret, sum(prefix, secret)...))
}

func sum(prefix string, secret []byte) []byte {
	return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(append([]byte(prefix), secret...)))
}

// unseal returns the n bytes of a token, which has one spelling only.
func unseal(prefix string, n int, token tenon.Secret) (secret []byte, err error) {
	err = token.Use(func(text []byte) error {
		rest := len(text) - len(prefix)
		if rest != base64.RawURLEncoding.EncodedLen(n+sumBytes) || string(text[:len(prefix)]) != prefix {
			return errOpaque
		}
		raw := make([]byte, n+sumBytes+3)
		size, err := base64.RawURLEncoding.Strict().Decode(raw, text[len(prefix):])
		if err != nil || size != n+sumBytes || string(raw[n:size]) != string(sum(prefix, raw[:n])) {
			return errOpaque
		}
		secret = raw[:n]
		return nil
	})
	return secret, err
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it does not fail: the process ends instead
	return b
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// hashed is what the database knows of random bytes: too many to be guessed, so that one round of SHA-256 will do. purpose keeps apart what is
// hashed for different things.
func hashed(purpose string, secret []byte) string {
	h := sha256.New()
	h.Write([]byte(purpose + "\x00"))
	h.Write(secret)
	return encoded(h.Sum(nil))
}

// successor is the secret that takes the place of one. Only who has the one can work it out, with the nonce that the database has.
func successor(secret, nonce []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write(nonce)
	return mac.Sum(nil)
}
