package auth

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Root is the one key of a service, of which the others are made: for each purpose another (HKDF with SHA-256, RFC 5869), so that no key
// serves two. The zero value is none. It never shows its bytes.
type Root struct {
	open func() []byte
}

// rootBytes is the least length of a root key.
const rootBytes = 32

// rootPrefix stands before a root key in its text form, so that those who look for lost keys find it.
const rootPrefix = "tenon_root_"

// GenerateRoot returns the text of a new root key: 32 bytes of the random source of the system, in base64url, with a prefix.
func GenerateRoot() string {
	key := make([]byte, rootBytes)
	_, _ = rand.Read(key) // it does not fail: the process ends instead
	return rootPrefix + base64.RawURLEncoding.EncodeToString(key)
}

// ParseRoot reads a root key of at least 32 bytes, as GenerateRoot writes it or as hexadecimal digits or base64 without the prefix. It refuses
// keys that nobody has drawn at random, and those that stand in the documentation. The error never shows the key.
func ParseRoot(text string) (Root, error) {
	text = strings.TrimSpace(text)
	key, err := decodeRoot(text)
	if err != nil {
		return Root{}, err
	}
	if err := weak(key); err != nil {
		return Root{}, fmt.Errorf("auth: root key: %w; make one with keygen", err)
	}
	key = bytes.Clone(key)
	return Root{func() []byte { return key }}, nil
}

var errRootForm = errors.New("auth: root key: it is neither base64 nor hexadecimal digits; make one with keygen")

func decodeRoot(text string) ([]byte, error) {
	if text == "" {
		return nil, errors.New("auth: root key: there is none; make one with keygen")
	}
	if rest, ok := strings.CutPrefix(text, rootPrefix); ok {
		key, err := base64.RawURLEncoding.Strict().DecodeString(rest)
		if err != nil {
			return nil, errRootForm
		}
		return key, nil
	}
	if key, err := hex.DecodeString(text); err == nil {
		return key, nil
	}
	if strings.ToLower(text) == text || strings.ToUpper(text) == text {
		return nil, errors.New("auth: root key: it is words, not random bytes; make one with keygen")
	}
	text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "=")
	key, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errRootForm
	}
	return key, nil
}

// weak says why a key was not drawn at random. A random one is refused less often than once in 2^30 times.
func weak(key []byte) error {
	steps := make([]byte, 0, len(key))
	for i := range key[:max(len(key)-1, 0)] {
		steps = append(steps, key[i+1]-key[i])
	}
	half := len(key) / 2
	switch {
	case len(key) < rootBytes:
		return fmt.Errorf("it has %d bytes, want %d or more", len(key), rootBytes)
	case known(key):
		return errors.New("it stands in documentation, so everybody knows it")
	case utf8.Valid(key) && !bytes.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }):
		return errors.New("it is a text, not random bytes")
	case distinct(key) < rootBytes/2 || distinct(steps) < rootBytes/2 || bytes.Equal(key[:half], key[half:]):
		return errors.New("it is a pattern, not random bytes")
	}
	return nil
}

// known reports whether everybody has a key, as it is, without the space around it, or as what it encodes.
func known(key []byte) bool {
	text := bytes.TrimSpace(key)
	decoded, _ := decodeRoot(string(text))
	return slices.ContainsFunc([][]byte{key, text, decoded}, func(one []byte) bool {
		sum := sha256.Sum256(one)
		return slices.Contains(published, hex.EncodeToString(sum[:]))
	})
}

func distinct(b []byte) int {
	seen := [256]bool{}
	n := 0
	for _, x := range b {
		if !seen[x] {
			seen[x] = true
			n++
		}
	}
	return n
}

// published are the SHA-256 sums of keys that everybody knows: those that were ever printed in the documentation, of which none is taken off, and
// the one that the tutorial of FastAPI prints.
var published = []string{
	"cb3ae6118dc6510c4de4bd3c8f05d7cea0017ac4ff4bca19b54e07baf765aaa2",
	"4d0f8dec4515d07a611c502f22adb95c854d943d6122fb8f96c9503b42356bac",
}

// IsZero reports whether there is no key.
func (r Root) IsZero() bool { return r.open == nil }

// Derive makes the key of a purpose, which must not change for as long as anything that was made with it is to be read. Keys of two purposes
// say nothing of each other. size is in bytes, at most 255*32. It panics where the root is the zero value: that would be a key everybody has.
func (r Root) Derive(purpose string, size int) []byte {
	if r.open == nil || purpose == "" {
		panic("auth: a key is derived of a root key, for a purpose")
	}
	key, err := hkdf.Key(sha256.New, r.open(), []byte("tenon root 1"), purpose, size)
	if err != nil {
		panic("auth: derive: " + err.Error()) // the size is the program's own
	}
	return key
}

// Format writes "[root key]" for every verb.
func (Root) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[root key]") }

// LogValue is "[root key]".
func (Root) LogValue() slog.Value { return slog.StringValue("[root key]") }

var errRoot = errors.New("auth: a root key cannot be encoded")

// MarshalText always fails.
func (Root) MarshalText() ([]byte, error) { return nil, errRoot }

// MarshalJSON always fails.
func (Root) MarshalJSON() ([]byte, error) { return nil, errRoot }

// NeverEncode marks the type: an output that contains it is refused at start.
func (Root) NeverEncode() {}

// UnmarshalText reads the key as ParseRoot does, so that a setting can be a Root.
func (r *Root) UnmarshalText(text []byte) error {
	parsed, err := ParseRoot(string(text))
	if err != nil {
		return err
	}
	*r = parsed
	return nil
}
