package store

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"

	"golang.org/x/crypto/argon2"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// PasswordHash is a password as it is stored: an argon2id hash in the PHC form, $argon2id$v=19$m=19456,t=2,p=1$salt$tag.
// It is in a closure, so that no printing, logging or encoding shows it; only the database receives it. An output that
// contains one is refused at start.
type PasswordHash struct{ open func() string }

var errHashIsSecret = errors.New("store: a password hash cannot be encoded")

// NeverEncode marks the type: an output that contains it does not compile into an operation.
func (PasswordHash) NeverEncode() {}

// MarshalText always fails.
func (PasswordHash) MarshalText() ([]byte, error) { return nil, errHashIsSecret }

// MarshalJSON always fails.
func (PasswordHash) MarshalJSON() ([]byte, error) { return nil, errHashIsSecret }

// Format writes "[secret]" for every verb.
func (PasswordHash) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// LogValue is "[secret]".
func (PasswordHash) LogValue() slog.Value { return slog.StringValue("[secret]") }

// Value gives the hash to the database.
func (h PasswordHash) Value() (driver.Value, error) {
	if h.open == nil {
		return nil, errors.New("store: the password hash is empty")
	}
	return h.open(), nil
}

// Scan takes the hash from the database.
func (h *PasswordHash) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("store: a password hash is text, not %T", value)
	}
	h.open = func() string { return text }
	return nil
}

// The cost of a hash, as OWASP advises for argon2id: 19 MiB, two passes, one lane. It takes about 30 ms of one core.
const (
	hashMemory  = 19 << 10 // KiB
	hashPasses  = 2
	hashLanes   = 1
	saltBytes   = 16
	tagBytes    = 32
	hashWaiting = 64
)

// errBusy is answered when more passwords wait to be hashed than can be hashed in good time.
var errBusy = problem.Define(503, "busy", "The service has too much to do now.").WithHeader("Retry-After", "1")

// hasher hashes passwords, only so many at once: each takes memory and a core, so a flood of sign-ups must wait in a queue of
// bounded length. It is safe for concurrent use.
type hasher struct {
	queue  chan struct{} // holds those who wait and those who work
	work   chan struct{} // holds those who work
	derive func(password, salt []byte) []byte
}

// newHasher makes a hasher that works with all cores.
func newHasher() *hasher {
	return sizedHasher(hashWaiting, runtime.GOMAXPROCS(0), func(password, salt []byte) []byte {
		return argon2.IDKey(password, salt, hashPasses, hashMemory, hashLanes, tagBytes)
	})
}

func sizedHasher(waiting, working int, derive func(password, salt []byte) []byte) *hasher {
	return &hasher{queue: make(chan struct{}, waiting+working), work: make(chan struct{}, working), derive: derive}
}

// hash returns errBusy when the queue is full, and the context's error when it ends while waiting.
func (h *hasher) hash(ctx context.Context, password tenon.Secret) (PasswordHash, error) {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return PasswordHash{}, errBusy
	}
	select {
	case h.work <- struct{}{}:
		defer func() { <-h.work }()
	case <-ctx.Done():
		return PasswordHash{}, ctx.Err()
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	var text string
	err := password.Use(func(plain []byte) error {
		tag := h.derive(plain, salt)
		text = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes,
			base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(tag))
		return nil
	})
	return PasswordHash{func() string { return text }}, err
}
