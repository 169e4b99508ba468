package auth

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/tenon-go/tenon"
)

// Secret is tenon.Secret: a text that must not leave the process, such as a password or a key. Use is the only way to its bytes, and Equal
// compares without saying how much is equal.
type Secret = tenon.Secret

// NewSecret keeps a copy of text.
func NewSecret(text string) Secret { return tenon.NewSecret(text) }

// PII is a text that says something of a person: an address, a telephone number. It can be an input and a column; printing and logging show
// "[pii]", and an output that contains one is refused at start, so that a view that shows it to somebody says so with Open. The zero value is
// empty.
type PII struct {
	open func() string // fmt reads unexported fields without asking their methods, but not this
}

var errPII = errors.New("auth: a PII cannot be encoded; Open it where it may be shown")

// NewPII keeps a text.
func NewPII(text string) PII { return PII{func() string { return text }} }

// Open returns the text, to be shown to who may see it.
func (p PII) Open() string {
	if p.open == nil {
		return ""
	}
	return p.open()
}

// UnmarshalText takes the submitted text.
func (p *PII) UnmarshalText(text []byte) error {
	*p = NewPII(string(text))
	return nil
}

// MarshalText always fails.
func (PII) MarshalText() ([]byte, error) { return nil, errPII }

// MarshalJSON always fails.
func (PII) MarshalJSON() ([]byte, error) { return nil, errPII }

// Format writes "[pii]" for every verb.
func (PII) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[pii]") }

// LogValue is "[pii]".
func (PII) LogValue() slog.Value { return slog.StringValue("[pii]") }

// NeverEncode marks the type: an output that contains it is refused at start.
func (PII) NeverEncode() {}

// Value is the text, for a database.
func (p PII) Value() (driver.Value, error) { return p.Open(), nil }

// Scan takes a text from a database; NULL is the empty text.
func (p *PII) Scan(from any) error {
	switch text := from.(type) {
	case nil:
		*p = PII{}
	case string:
		*p = NewPII(text)
	case []byte:
		*p = NewPII(string(text))
	default:
		return fmt.Errorf("auth: a PII is a text, not %T", from)
	}
	return nil
}
