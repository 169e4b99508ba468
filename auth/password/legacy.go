package password

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // Old hashes are of it; new ones are not.
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// form is a stored hash of one form.
type form interface {
	// fits reports whether a password is that of the hash. key is what hashes with argon2.
	fits(password []byte, key func(argon, []byte) []byte) bool
}

// parse reads a stored hash by how it begins.
func parse(text string) (form, error) { //nolint:ireturn // The forms have nothing else in common.
	switch scheme, rest, _ := strings.Cut(text, "$"); scheme {
	case "argon2":
		return parseArgon("$" + rest)
	case "bcrypt":
		return parseBcrypt(rest, nil)
	case "bcrypt_sha256":
		return parseBcrypt(rest, func(password []byte) []byte {
			sum := sha256.Sum256(password)
			return []byte(hex.EncodeToString(sum[:]))
		})
	case "pbkdf2_sha256":
		return parseDjango(rest, sha256.New)
	case "pbkdf2_sha1":
		return parseDjango(rest, sha1.New)
	case "scrypt":
		return parseDjangoScrypt(rest)
	case "":
	default:
		return nil, ErrUnreadable
	}
	switch scheme, rest, _ := strings.Cut(strings.TrimPrefix(text, "$"), "$"); scheme {
	case "argon2id", "argon2i":
		return parseArgon(text)
	case "2a", "2b", "2y":
		return parseBcrypt(text, nil)
	case "bcrypt-sha256":
		return parsePasslibBcrypt(rest)
	case "pbkdf2":
		return parsePasslib(rest, sha1.New)
	case "pbkdf2-sha256":
		return parsePasslib(rest, sha256.New)
	case "pbkdf2-sha512":
		return parsePasslib(rest, sha512.New)
	case "scrypt":
		return parsePasslibScrypt(rest)
	}
	return nil, ErrUnreadable
}

// bcrypted is a hash of bcrypt, of the password or of what before makes of it.
type bcrypted struct {
	text   string
	before func([]byte) []byte
}

// The costs of bcrypt that are paid: 14 takes about a second.
const leastCost, mostCost = 4, 14

// parseBcrypt reads $2b$12$ and 53 characters of salt and tag.
func parseBcrypt(text string, before func([]byte) []byte) (form, error) { //nolint:ireturn // See parse.
	if len(text) != 60 || text[:2] != "$2" || strings.IndexByte("aby", text[2]) < 0 || text[3] != '$' || text[6] != '$' ||
		strings.Trim(text[7:], "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return nil, ErrUnreadable
	}
	if cost, err := bcrypt.Cost([]byte(text)); err != nil || !between(cost, leastCost, mostCost) {
		return nil, ErrUnreadable
	}
	return bcrypted{text, before}, nil
}

func (b bcrypted) fits(password []byte, _ func(argon, []byte) []byte) bool {
	if b.before != nil {
		password = b.before(password)
	}
	return bcrypt.CompareHashAndPassword([]byte(b.text), password) == nil
}

// parsePasslibBcrypt reads v=2,t=2b,r=12$salt$tag: bcrypt of the base64 of an HMAC with the salt, as it is written, for a key.
func parsePasslibBcrypt(rest string) (form, error) { //nolint:ireturn // See parse.
	parts := strings.Split(rest, "$")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "v=2,t=2b,r=") {
		return nil, ErrUnreadable
	}
	cost, ok := number(parts[0], "v=2,t=2b,r=", leastCost, mostCost)
	if !ok {
		return nil, ErrUnreadable
	}
	salt := parts[1]
	return parseBcrypt("$2b$"+string([]byte{'0' + byte(cost/10), '0' + byte(cost%10)})+"$"+salt+parts[2], func(password []byte) []byte {
		mac := hmac.New(sha256.New, []byte(salt))
		mac.Write(password)
		return []byte(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	})
}

// stretched is a hash of PBKDF2 (RFC 8018).
type stretched struct {
	hash      func() hash.Hash
	rounds    int
	salt, tag []byte
}

// mostRounds is what is paid for a hash of PBKDF2; Django's default was 1,200,000 in 2026.
const mostRounds = 2_000_000

// parseDjango reads rounds$salt$tag; the salt is taken as it is written.
func parseDjango(rest string, h func() hash.Hash) (form, error) { //nolint:ireturn // See parse.
	parts := strings.Split(rest, "$")
	if len(parts) != 3 {
		return nil, ErrUnreadable
	}
	tag, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	return newStretched(h, parts[0], []byte(parts[1]), tag, err)
}

// parsePasslib reads rounds$salt$tag, where + is written as a dot, and there is no padding.
func parsePasslib(rest string, h func() hash.Hash) (form, error) { //nolint:ireturn // See parse.
	parts := strings.Split(strings.ReplaceAll(rest, ".", "+"), "$")
	if len(parts) != 3 {
		return nil, ErrUnreadable
	}
	salt, err := base64.RawStdEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return nil, ErrUnreadable
	}
	tag, err := base64.RawStdEncoding.Strict().DecodeString(parts[2])
	return newStretched(h, parts[0], salt, tag, err)
}

func newStretched(h func() hash.Hash, rounds string, salt, tag []byte, err error) (form, error) { //nolint:ireturn // See parse.
	n, ok := number(rounds, "", 1, mostRounds)
	if err != nil || !ok || !between(len(salt), 1, 1024) || len(tag) != h().Size() {
		return nil, ErrUnreadable
	}
	return stretched{h, n, salt, tag}, nil
}

func (s stretched) fits(password []byte, _ func(argon, []byte) []byte) bool {
	tag, err := pbkdf2.Key(s.hash, string(password), s.salt, s.rounds, len(s.tag))
	return err == nil && subtle.ConstantTimeCompare(tag, s.tag) == 1
}
