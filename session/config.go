package session

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tenon-go/tenon/internal/ascii"
	"github.com/tenon-go/tenon/store"
)

// Root makes keys: an auth.Root.
type Root interface {
	// Derive makes the key of a purpose. Those of two purposes say nothing of each other.
	Derive(purpose string, size int) []byte
	// IsZero reports whether there is no key.
	IsZero() bool
}

// Config says where sessions stand, and for how long. It needs Keys or a Store.
type Config struct {
	// Keys seal what stands in the cookie: the first seals, all open. To change keys without ending sessions, first add the new one at the end,
	// everywhere; then put it first; and take the old one away when Absolute has passed. Not used with a Store. Default none.
	Keys []Root
	// Store keeps the values, so that the cookie holds a random id alone. What the store loses, such as by eviction, has ended. Default: the values
	// stand in the cookie.
	Store store.Store
	// Name is that of the cookie, a token; two kinds of session have two. One that begins with "__Host-" is never taken from another host, and one
	// with "__Secure-" never from plain HTTP. Default "__Host-session"; "session" with InsecureHTTP.
	Name string
	// SameSite says whether browsers send the cookie with what pages of other sites ask for: http.SameSiteLaxMode for links alone,
	// http.SameSiteStrictMode never, http.SameSiteNoneMode always. Default Lax.
	SameSite http.SameSite
	// Idle is how long a session that nobody uses is kept, at most Absolute. Each use moves the end, once a tenth of Idle has passed: that
	// of the cookie, or with a Store that of what is kept there. Default 24 h.
	Idle time.Duration
	// Absolute is how long a session is kept since it began or was renewed, and with a Store how long browsers keep the cookie; at most
	// 400 days, which is what browsers keep. Default 7 days, or Idle where that is longer.
	Absolute time.Duration
	// InsecureHTTP lets browsers send the cookie over plain HTTP, for a machine on which somebody develops. Default false.
	InsecureHTTP bool
	// Logger is told, at Debug, of cookies that count for nothing. Default slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
}

// Bounds of sessions.
const (
	// MaxCookie is the most bytes of a cookie, its name and attributes counted, that every browser keeps (RFC 6265, section 6.1).
	MaxCookie = 4096
	// MaxStored is the most bytes of a value, as JSON, that is kept in a Store.
	MaxStored = 64 << 10

	longest = 400 * 24 * time.Hour
)

func withDefaults(c Config) Config {
	if c.Name == "" {
		c.Name = "__Host-session"
		if c.InsecureHTTP {
			c.Name = "session"
		}
	}
	c.SameSite = cmp.Or(c.SameSite, http.SameSiteLaxMode)
	c.Idle = cmp.Or(c.Idle, 24*time.Hour)
	c.Absolute = cmp.Or(c.Absolute, max(7*24*time.Hour, c.Idle))
	c.Logger = cmp.Or(c.Logger, slog.Default())
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// check finds all that is wrong.
func (c *Config) check() error {
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("session.Config: "+format, args...))
		}
	}
	fault(c.Store == nil && len(c.Keys) == 0, "it has neither Keys nor a Store")
	for i, k := range c.Keys {
		fault(k == nil || k.IsZero(), "Keys: key %d is missing", i)
	}
	fault(!ascii.IsToken(c.Name) || len(c.Name) > 128, "Name is %q, want a token of 128 bytes or fewer", c.Name)
	prefixed := strings.HasPrefix(strings.ToLower(c.Name), "__host-") || strings.HasPrefix(strings.ToLower(c.Name), "__secure-")
	fault(c.InsecureHTTP && prefixed, "Name is %q, which browsers do not take over plain HTTP; leave InsecureHTTP or the prefix out", c.Name)
	fault(c.SameSite < http.SameSiteLaxMode || c.SameSite > http.SameSiteNoneMode, "SameSite is %d, want that of Lax, Strict or None", c.SameSite)
	fault(c.SameSite == http.SameSiteNoneMode && c.InsecureHTTP, "SameSite is None, which browsers do not take over plain HTTP")
	fault(c.Idle < time.Minute || c.Idle > c.Absolute, "Idle is %v, want 1m0s to Absolute, %v", c.Idle, c.Absolute)
	fault(c.Absolute > longest, "Absolute is %v, want %v or less", c.Absolute, longest)
	return errors.Join(errs...)
}
