package password

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// Hash is a password as it is stored, as text. It stands in a closure, so that no printing, logging or encoding shows it; only a database receives
// it. An output that contains one is refused at start. The zero value is the hash of nobody: no password fits.
type Hash struct{ open func() string }

var errSecret = errors.New("password: a hash cannot be encoded")

// Stored is the hash of a text that a database, or another program, kept. Which texts are understood is said at Hasher.Verify.
func Stored(text string) Hash { return Hash{func() string { return text }} }

// IsZero reports whether it is the hash of nobody.
func (h Hash) IsZero() bool { return h.open == nil }

func (h Hash) text() string {
	if h.open == nil {
		return ""
	}
	return h.open()
}

// NeverEncode marks the type: an output that contains it is refused at start.
func (Hash) NeverEncode() {}

// MarshalText always fails.
func (Hash) MarshalText() ([]byte, error) { return nil, errSecret }

// MarshalJSON always fails.
func (Hash) MarshalJSON() ([]byte, error) { return nil, errSecret }

// Format writes "[secret]" for every verb.
func (Hash) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// LogValue is "[secret]".
func (Hash) LogValue() slog.Value { return slog.StringValue("[secret]") }

// Value gives the hash to a database; that of nobody is an error.
func (h Hash) Value() (driver.Value, error) {
	if h.open == nil {
		return nil, errors.New("password: the hash is that of nobody")
	}
	return h.open(), nil
}

// Scan takes the hash from a database; NULL is that of nobody.
func (h *Hash) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*h = Hash{}
	case string:
		*h = Stored(v)
	case []byte:
		*h = Stored(string(v))
	default:
		return fmt.Errorf("password: a hash is text, not %T", value)
	}
	return nil
}
