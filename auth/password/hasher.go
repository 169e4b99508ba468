package password

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// Config says what a hash costs, and how many are worked on. The zero value is right for most.
type Config struct {
	// Memory is that of one hash in KiB, 8192..131072. Default 19456 (OWASP).
	Memory int
	// Passes is how often it is gone through, 1..10. Default 2; where it is 1, Memory is 47104 or more (OWASP).
	Passes int
	// Working is how many hashes are made at once. Default: as many as there are cores.
	Working int
	// Waiting is how many callers wait for them. Hash takes at most half of the places, those of Working among them, so that Verify always has
	// the others. Default 64; below 0, nobody waits.
	Waiting int
	// Imported is one of the hashes that another program made and that logins have not replaced yet, or any of the same form and cost. While it is
	// set, each Verify costs a hash of our own and one such, so that nobody can tell by the time who is there and who has signed in since. Take it away
	// when few are left. Default none: a wrong password for an imported hash then takes longer than for nobody, by what that hash costs.
	Imported Hash
}

// MaxBytes is the most bytes of a password.
const MaxBytes = 4096

var (
	// ErrBusy is answered when more passwords wait than can be hashed in good time.
	ErrBusy = problem.Define(http.StatusServiceUnavailable, "busy", "The service has too much to do now.").WithHeader("Retry-After", "1")
	// ErrTooLong is a new password of more than MaxBytes. A service that bounds its input never sees it.
	ErrTooLong = errors.New("password: it is longer than 4096 bytes")
	// ErrUnreadable is a stored hash of a form that is not known, or whose cost is beyond what Verify pays.
	ErrUnreadable = errors.New("password: the stored hash is of no form that is known, or costs too much")
)

// Hasher hashes passwords, only so many at once: each takes memory and a core, so a flood of them waits in a queue of bounded length. It is
// safe for concurrent use.
type Hasher struct {
	own   argon
	queue chan struct{} // holds those who wait and those who work
	fresh chan struct{} // holds those of them with a new password
	next  chan struct{} // holds those of these who stand in line with the others
	work  chan struct{} // holds those who work
	key   func(a argon, password []byte) []byte

	imported form // nil is none
}

// New makes a Hasher, or returns all that is wrong with the configuration.
func New(cfg Config) (*Hasher, error) {
	if cfg.Memory == 0 {
		cfg.Memory = 19 << 10
	}
	if cfg.Passes == 0 {
		cfg.Passes = 2
	}
	if cfg.Working == 0 {
		cfg.Working = runtime.GOMAXPROCS(0)
	}
	if cfg.Waiting == 0 {
		cfg.Waiting = 64
	}
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("password: "+format, args...))
		}
	}
	fault(cfg.Memory < 8<<10 || cfg.Memory > mostMemory, "Memory is %d KiB, want 8192..%d", cfg.Memory, mostMemory)
	fault(cfg.Passes < 1 || cfg.Passes > mostPasses, "Passes is %d, want 1..%d", cfg.Passes, mostPasses)
	fault(cfg.Passes >= 1 && cfg.Memory*cfg.Passes < 2*19<<10, "Memory*Passes is %d, less than OWASP's 38912", cfg.Memory*cfg.Passes)
	fault(cfg.Passes == 1 && cfg.Memory < 46<<10, "with one pass Memory is 47104 or more")
	fault(cfg.Working < 1 || cfg.Working > 1024, "Working is %d, want 1..1024", cfg.Working)
	fault(cfg.Waiting > 100000, "Waiting is %d, want 100,000 or less", cfg.Waiting)
	var imported form
	if !cfg.Imported.IsZero() {
		var err error
		imported, err = parse(cfg.Imported.text())
		fault(err != nil, "Imported is of no form that is known, or costs too much")
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	places := max(cfg.Waiting, 0) + cfg.Working
	return &Hasher{
		own:   argon{memory: uint32(cfg.Memory), passes: uint32(cfg.Passes), lanes: 1, kind: "argon2id"},
		queue: make(chan struct{}, places), fresh: make(chan struct{}, max(places/2, 1)),
		next: make(chan struct{}, cfg.Working), work: make(chan struct{}, cfg.Working), key: argon.key, imported: imported,
	}, nil
}

// Hash hashes a new password. It returns ErrBusy when the queue is full, or the half of it that is for new passwords, and the context's error when that
// ends while it waits. However many sign up, Verify waits for no more of them than work at once.
func (h *Hasher) Hash(ctx context.Context, password tenon.Secret) (hash Hash, err error) {
	err = password.Use(func(plain []byte) error {
		if len(plain) > MaxBytes {
			return ErrTooLong
		}
		return h.turn(ctx, true, func() error {
			hash = h.make(plain)
			return nil
		})
	})
	return hash, err
}

// Verify reports whether a password is that of a stored hash. Of nobody, the zero Hash, none is, at the same cost, nor of
// Django's "!…", which no password fits. newer, unless it is zero, belongs in its place: the stored one is of another form or another cost than those that
// Hash makes. Then a hash of our own is made besides, also where the password is wrong.
//
// These forms are understood: argon2id and argon2i in the PHC form, also after Django's "argon2"; bcrypt ($2a$, $2b$, $2y$), also after Django's
// "bcrypt$"; the bcrypt_sha256 of Django and of passlib (version 2); pbkdf2_sha256 and pbkdf2_sha1 of Django; $pbkdf2-sha256$, $pbkdf2-sha512$ and
// $pbkdf2$ of passlib; the scrypt of both. Others, and those that would cost more than 128 MiB, 10 passes of argon2, 512 MiB in all lanes of scrypt, cost 14
// or 2,000,000 rounds, are ErrUnreadable, at the cost of nobody. Other errors are those of Hash; a password that is too long is wrong.
func (h *Hasher) Verify(ctx context.Context, password tenon.Secret, stored Hash) (ok bool, newer Hash, err error) {
	err = password.Use(func(plain []byte) error {
		if len(plain) > MaxBytes {
			return nil
		}
		return h.turn(ctx, false, func() error {
			ok, newer, err = h.verify(plain, stored)
			return err
		})
	})
	return ok, newer, err
}

// unusable begins what Django keeps where somebody has no password.
const unusable = "!"

func (h *Hasher) verify(plain []byte, stored Hash) (ok bool, newer Hash, err error) {
	if stored.IsZero() || strings.HasPrefix(stored.text(), unusable) {
		h.pretend(plain)
		return false, Hash{}, nil
	}
	old, err := parse(stored.text())
	if err != nil {
		h.pretend(plain)
		return false, Hash{}, err
	}
	if a, current := old.(argon); current && a.as(h.own) {
		ok = old.fits(plain, h.key)
		h.pretendImported(plain)
		return ok, Hash{}, nil
	}
	if !old.fits(plain, h.key) {
		h.pretendOwn(plain) // as long as the right one takes
		return false, Hash{}, nil
	}
	return true, h.make(plain), nil
}

// pretend takes as long as any hash would.
func (h *Hasher) pretend(plain []byte) {
	h.pretendOwn(plain)
	h.pretendImported(plain)
}

// pretendOwn takes as long as a hash of our own would.
func (h *Hasher) pretendOwn(plain []byte) {
	decoy := h.own
	decoy.salt, decoy.tag = make([]byte, saltBytes), make([]byte, tagBytes)
	_ = decoy.fits(plain, h.key) // what it says is not asked for
}

// pretendImported takes as long as one that was imported would, where there are any.
func (h *Hasher) pretendImported(plain []byte) {
	if h.imported != nil {
		_ = h.imported.fits(plain, h.key)
	}
}

func (h *Hasher) make(plain []byte) Hash {
	a := h.own
	a.salt, a.tag = make([]byte, saltBytes), make([]byte, tagBytes)
	_, _ = rand.Read(a.salt) // it does not fail: the process ends instead
	a.tag = h.key(a, plain)
	return Stored(a.String())
}

// turn does what takes memory and a core, when it is its turn. New passwords have half of the queue, and stand in line with others only as many at once
// as work.
func (h *Hasher) turn(ctx context.Context, fresh bool, do func() error) error {
	if fresh {
		if !enter(h.fresh) {
			return ErrBusy
		}
		defer leave(h.fresh)
	}
	if !enter(h.queue) {
		return ErrBusy
	}
	defer leave(h.queue)
	if fresh {
		if err := wait(ctx, h.next); err != nil {
			return err
		}
		defer leave(h.next)
	}
	if err := wait(ctx, h.work); err != nil {
		return err
	}
	defer leave(h.work)
	return do()
}

// enter takes a place if there is one.
func enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
		return false
	}
}

// wait takes a place when there is one; those who wait get theirs in the order in which they came.
func wait(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func leave(places chan struct{}) { <-places }
