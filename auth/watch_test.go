package auth_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

// standingOf answers as a test says.
type standingOf struct {
	now func(p *auth.Principal) (*auth.Principal, error)
}

func (s *standingOf) Current(_ context.Context, p *auth.Principal, _ bool) (*auth.Principal, error) {
	return s.now(p)
}

// believing answers from what it read within the last four seconds, unless it must not.
type believing struct {
	revoked time.Time
	read    time.Time
	good    bool
}

func (b *believing) Current(_ context.Context, p *auth.Principal, fresh bool) (*auth.Principal, error) {
	if now := time.Now(); fresh || now.Sub(b.read) >= 4*time.Second {
		b.read, b.good = now, now.Before(b.revoked)
	}
	if !b.good {
		return nil, auth.ErrRevoked
	}
	return p, nil
}

type beats struct {
	Events iter.Seq2[int, error] `body:"text/event-stream"`
}

// TestAStreamEndsWithTheRightToIt opens streams and takes their callers' rights away meanwhile.
func TestAStreamEndsWithTheRightToIt(t *testing.T) {
	t.Parallel()
	errAway := errors.New("the database is away")
	for _, tt := range []struct {
		name string
		now  func(since time.Duration, p *auth.Principal) (*auth.Principal, error)
		ends time.Duration
	}{
		{"the credential ends", func(_ time.Duration, p *auth.Principal) (*auth.Principal, error) { return p, nil }, 10 * time.Minute},
		{"it is revoked", func(since time.Duration, p *auth.Principal) (*auth.Principal, error) {
			if since > 12*time.Second {
				return nil, auth.ErrRevoked
			}
			return p, nil
		}, 15 * time.Second},
		{"the caller is no admin any more", func(since time.Duration, p *auth.Principal) (*auth.Principal, error) {
			of := p.Identity()
			if since > time.Second {
				of.Roles = []string{"user"}
			}
			return auth.NewPrincipal(of)
		}, 5 * time.Second},
		{"nobody can tell for a moment", func(since time.Duration, p *auth.Principal) (*auth.Principal, error) {
			if since > time.Second && since < 11*time.Second {
				return nil, errAway
			}
			return p, nil
		}, 10 * time.Minute},
		{"nobody can tell", func(since time.Duration, p *auth.Principal) (*auth.Principal, error) {
			if since > time.Second {
				return nil, errAway
			}
			return p, nil
		}, 15 * time.Second},
		{"a panic", func(since time.Duration, p *auth.Principal) (*auth.Principal, error) {
			if since > time.Second {
				panic("a mistake")
			}
			return p, nil
		}, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				standing := &standingOf{func(p *auth.Principal) (*auth.Principal, error) { return tt.now(time.Since(start), p) }}
				stream(t, standing, tt.ends, auth.Role("admin"))
			})
		})
	}
}

// TestAStreamOutlivesARevocationByFiveSeconds has a cache believe in the session, which was read just before it was revoked.
func TestAStreamOutlivesARevocationByFiveSeconds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		read, revoked time.Duration
		ends          time.Duration
	}{
		{"revoked before the stream begins", -3 * time.Second, -2 * time.Second, time.Second},
		{"revoked in its course", 3 * time.Second, 4 * time.Second, 6 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := &believing{revoked: time.Now().Add(tt.revoked), read: time.Now().Add(tt.read), good: true}
				stream(t, b, tt.ends)
			})
		})
	}
}

// stream opens a stream of an admin, whose standing is given, and looks when it ends.
func stream(t *testing.T, standing auth.Standing, ends time.Duration, rules ...tenon.Option) {
	t.Helper()
	start := time.Now()
	tokens := newTokens(t, func(cfg *auth.TokensConfig[auth.Access]) { cfg.Standing = standing })
	app := tenon.New(quiet(), append(rules, storeRoles(), auth.Required(auth.Bearer(tokens, auth.BearerConfig{})))...)
	var sent atomic.Int64
	app.Get("/beats", func(ctx context.Context, _ *noCaller) (*beats, error) {
		return &beats{func(yield func(int, error) bool) {
			for {
				select {
				case <-ctx.Done():
					return
				case <-time.After(time.Second / 2):
					sent.Add(1)
					if !yield(1, nil) {
						return
					}
				}
			}
		}}, nil
	})
	compile(t, app)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/beats", nil)
	r.Header.Set("Authorization", "Bearer "+issue(t, tokens, auth.Identity{Subject: "42", Roles: []string{"admin"}}))
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if reason, _ := recover().(error); !errors.Is(reason, http.ErrAbortHandler) {
				t.Errorf("it ends with %v, want the connection to be cut", reason)
			}
		}()
		app.ServeHTTP(w, r)
	}()
	if took := time.Since(start); took != ends || w.Code != http.StatusOK || sent.Load() == 0 {
		t.Errorf("%d after %v, want 200 for %v", w.Code, took, ends)
	}
}
