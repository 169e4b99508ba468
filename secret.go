package tenon

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that must not leave the process: a password as it was submitted, a key, a token. It can be an input;
// an output that contains one is refused at start, and printing, logging or encoding it shows "[secret]" or fails. The
// bytes stand in a closure, because fmt reads unexported fields without asking their methods. The zero value is empty.
type Secret struct {
	open func() []byte
}

var errSecret = errors.New("tenon: a Secret cannot be encoded")

// NewSecret keeps a copy of text.
func NewSecret(text string) Secret {
	return Secret{open: func() []byte { return []byte(text) }}
}

// Use calls fn with a copy of the secret bytes and returns what fn returns. It is the only way to them.
func (s Secret) Use(fn func([]byte) error) error {
	if s.open == nil {
		return fn(nil)
	}
	return fn(s.open())
}

// Equal reports whether two secrets are the same. How long it takes says nothing about the bytes, nor about how many there are.
func (s Secret) Equal(other Secret) bool {
	sum := func(s Secret) (sum [sha256.Size]byte) {
		_ = s.Use(func(b []byte) error { sum = sha256.Sum256(b); return nil }) // it returns nil
		return sum
	}
	a, b := sum(s), sum(other)
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// UnmarshalText takes the submitted text.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// MarshalText always fails.
func (Secret) MarshalText() ([]byte, error) { return nil, errSecret }

// MarshalJSON always fails.
func (Secret) MarshalJSON() ([]byte, error) { return nil, errSecret }

// Format writes "[secret]" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// LogValue is "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// NeverEncode marks the type: an output that contains it is refused at start.
func (Secret) NeverEncode() {}
