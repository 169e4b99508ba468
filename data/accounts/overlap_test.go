package accounts_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
)

// late are users of whom one request learns what they were, once, before somebody else changed them.
type late struct {
	users

	login   *accounts.Account                                                             // what ByLogin told
	subject atomic.Pointer[accounts.Account]                                              // what the next transaction that writes is told by BySubject
	meet    atomic.Pointer[func(ctx context.Context, tx *data.Tx, who *accounts.Account)] // what happens as a transaction looks at somebody
}

func (l *late) ByLogin(ctx context.Context, q data.Querier, email string) (accounts.Account, error) {
	if l.login != nil {
		return *l.login, nil
	}
	return l.users.ByLogin(ctx, q, email)
}

func (l *late) BySubject(ctx context.Context, q data.Querier, subject string) (accounts.Account, error) {
	who, err := l.users.BySubject(ctx, q, subject)
	tx, writes := q.(*data.Tx)
	if !writes {
		return who, err
	}
	if was := l.subject.Swap(nil); was != nil {
		return *was, nil
	}
	if meet := l.meet.Load(); meet != nil {
		(*meet)(ctx, tx, &who)
	}
	return who, err
}

// behind is another replica, whose users are late.
func behind(s *service, l *late) *service {
	return newService(s.t, s.db, newShared(s.t), func(cfg *accounts.Config) { cfg.Users = l })
}

// TestSD066ALoginBeginsNothingAfterAChange that was made while its password was looked at, and does not put the old password back.
func TestSD066ALoginBeginsNothingAfterAChange(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		was := accounts.Account{Subject: "1", Roles: []string{"user"}, Active: true, Password: password.Stored(quick)}
		slow := behind(s, &late{login: &was})
		ada := s.signIn("ada@example.com")
		slow.login("ada@example.com", phrase).Status(200) // another hash, of the same password
		s.change(ada.AccessToken, phrase, another).Status(204)
		hash := s.hash("ada@example.com")
		slow.login("ada@example.com", phrase).Status(401).Problem("wrong-credentials")
		if now := s.hash("ada@example.com"); now != hash {
			s.t.Error("the old password is back")
		}
		s.login("ada@example.com", another).Status(200)
	})
}

// TestOfTwoChangesOneCounts: that which was judged by a password that is not stored any more is refused.
func TestOfTwoChangesOneCounts(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		l := &late{}
		slow := behind(s, l)
		here := s.signIn("bob@example.com")
		was := accounts.Account{Subject: "2", Roles: []string{"user"}, Active: true, Password: password.Stored(s.hash("bob@example.com"))}
		s.change(here.AccessToken, phrase, another).Status(204)
		there := slow.token(slow.login("bob@example.com", another))
		l.subject.Store(&was)
		slow.change(there.AccessToken, phrase, another+" and more").Status(403).Problem("wrong-password")
		s.login("bob@example.com", another).Status(200)
	})
}

func TestChangesInParallel(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		var done atomic.Int64
		var all sync.WaitGroup
		var in []token
		for range 3 {
			in = append(in, s.signIn("ada@example.com"))
		}
		for i, here := range in {
			all.Go(func() {
				if s.change(here.AccessToken, phrase, fmt.Sprint(another, i)).Code == 204 {
					done.Add(1)
				}
			})
		}
		all.Wait()
		if n := done.Load(); n != 1 {
			s.t.Errorf("%d changes of one password counted, want 1", n)
		}
	})
}

// TestFirstLoginsInParallel replace the hash once, and all are let in.
func TestFirstLoginsInParallel(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { s.signIn("ada@example.com") })
		}
		all.Wait()
	})
}

func TestTheLastKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada := s.signIn("ada@example.com")
		const wish = `{"name":"x","scopes":["people:read"]}`
		var made atomic.Int64
		var all sync.WaitGroup
		for range 9 { // at once, so that the connections are there
			all.Go(func() {
				for range 11 {
					s.key(ada.AccessToken, wish)
				}
			})
		}
		all.Wait()
		for range 8 {
			all.Go(func() {
				if s.as(ada.AccessToken).Post("/v1/auth/keys", wish).Code == 201 {
					made.Add(1)
				}
			})
		}
		all.Wait()
		if n := made.Load(); n != 1 {
			s.t.Errorf("%d keys were made beside 99, want 1", n)
		}
	})
}

// TestACallerWhoIsOutGetsNothing, though the request came while they were in.
func TestACallerWhoIsOutGetsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		l := &late{}
		slow := behind(s, l)
		ada := slow.signIn("ada@example.com")
		for _, meet := range []func(ctx context.Context, tx *data.Tx, who *accounts.Account){
			func(_ context.Context, _ *data.Tx, who *accounts.Account) { who.Active = false },
			func(ctx context.Context, tx *data.Tx, _ *accounts.Account) {
				if _, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET ended_at = created_at`)); err != nil {
					s.t.Error(err)
				}
			},
		} {
			l.meet.Store(&meet)
			slow.as(ada.AccessToken).Post("/v1/auth/keys", `{"name":"x","scopes":["people:read"]}`).Status(401).Problem("unauthorized")
			slow.change(ada.AccessToken, phrase, another).Status(401)
			l.meet.Store(nil)
		}
		slow.login("ada@example.com", phrase).Status(200)
	})
}
