package accounts

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
)

// kept is how long what was read is believed, where nothing is changed and no role is asked for. What is promised is five seconds, of which the
// read and clocks take some.
const kept = 4 * time.Second

// mostKept is how many callers are remembered.
const mostKept = 10000

// standing says whether sessions go on, and what their users are now.
type standing struct {
	of *Accounts

	mu   sync.Mutex
	seen map[caller]seen
}

// caller is what a token says that does not change.
type caller struct{ session, subject string }

// seen is what was read of a session and its user.
type seen struct {
	live  bool
	roles []string
	until time.Time
}

func newStanding(a *Accounts) *standing { return &standing{of: a, seen: map[caller]seen{}} }

// Current returns the caller with the roles that they have now.
func (s *standing) Current(ctx context.Context, p *auth.Principal, fresh bool) (*auth.Principal, error) {
	is, known := s.remembered(p, fresh)
	if !known {
		var err error
		if is, err = s.read(ctx, p); err != nil {
			return nil, err
		}
	}
	if !is.live {
		return nil, auth.ErrRevoked
	}
	if slices.Equal(p.Roles(), is.roles) {
		return p, nil
	}
	of := p.Identity()
	of.Roles = is.roles
	return auth.NewPrincipal(of)
}

func (s *standing) remembered(p *auth.Principal, fresh bool) (seen, bool) {
	if fresh {
		return seen{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	is, ok := s.seen[caller{p.Session(), p.Subject()}]
	return is, ok && s.of.cfg.Now().Before(is.until)
}

// read asks the database.
func (s *standing) read(ctx context.Context, p *auth.Principal) (seen, error) {
	is := seen{until: s.of.cfg.Now().Add(kept)}
	err := s.of.db.Read(ctx, func(ctx context.Context, v *data.View) error {
		who, live, err := s.of.stands(ctx, v, p)
		is.live, is.roles = live, who.Roles
		return err
	})
	if err != nil {
		return seen{}, err
	}
	s.remember(caller{p.Session(), p.Subject()}, is)
	return is, nil
}

func (s *standing) remember(key caller, is seen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) >= mostKept {
		clear(s.seen)
	}
	s.seen[key] = is
}

// forget has everybody looked up anew. That is for this process; others believe for as long as kept says.
func (s *standing) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.seen)
}
