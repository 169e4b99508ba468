package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/data/datatest"
)

// tries counts the statuses of answers.
type tries map[int]int

// guess sends wrong passwords, each from another address, all at once, to two replicas.
func guess(s *service, other *service, n int, email string) tries {
	var mu sync.Mutex
	got := tries{}
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			to := s
			if i%2 == 1 {
				to = other
			}
			w := to.from(fmt.Sprintf("203.0.113.%d", i), email, fmt.Sprintf("wrong password %d", i))
			mu.Lock()
			defer mu.Unlock()
			got[w.Code]++
		})
	}
	all.Wait()
	return got
}

// TestSD065GuessesAreBounded: a hundred addresses and two replicas verify at most 20 passwords of an account in 15 minutes.
func TestSD065GuessesAreBounded(t *testing.T) {
	t.Parallel()
	datatest.Each(t, migrations(), func(t *testing.T, db *data.DB) {
		of := newShared(t)
		one, two := newService(t, db, of, nil), newService(t, db, of, nil)
		one.add("ada@example.com", "user")
		for _, email := range []string{"ada@example.com", "nobody@example.com"} {
			verified := 0
			for range 15 {
				got := guess(one, two, 100, email)
				verified += got[http.StatusUnauthorized]
				// Those who find no connection free in time are refused, too.
				if got[http.StatusUnauthorized]+got[http.StatusTooManyRequests]+got[http.StatusServiceUnavailable] != 100 {
					t.Fatalf("%s: answers are %v", email, got)
				}
				of.clock.advance(time.Minute)
			}
			if verified < 10 || verified > 20 {
				t.Errorf("%s: %d guesses were verified in 15 minutes, want 10 to 20", email, verified)
			}
			t.Logf("%s: %d of 1500 guesses were verified in 15 minutes", email, verified)
		}
	})
}

func TestSD065WhoTriesTooOftenWaitsAndNotForGood(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		at := func(want int, secret string) string {
			s.t.Helper()
			w := s.from("198.51.100.7", "ada@example.com", secret)
			if w.Code != want {
				s.t.Fatalf("status %d, want %d: %s", w.Code, want, w.Body)
			}
			return w.Header().Get("Retry-After")
		}
		for range 10 {
			at(401, another)
		}
		for _, want := range []int{30, 60, 120, 240, 480, 900, 900} {
			wait, err := strconv.Atoi(at(429, phrase))
			if err != nil || wait > want || wait < want-5 {
				s.t.Fatalf("must wait %d s, want %d", wait, want)
			}
			at(429, phrase) // asking does not make it longer
			s.clock.advance(time.Duration(wait) * time.Second)
			at(401, another)
		}
		s.clock.advance(15 * time.Minute)
		at(200, phrase)
		for range 10 { // it began anew
			at(401, another)
		}
	})
}

// TestSD065NoStrangerLocksAnybodyOut: where somebody has signed in before, others' tries do not count, and sessions go on.
func TestSD065NoStrangerLocksAnybodyOut(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		session := s.signIn("bob@example.com")
		if w := s.from("198.51.100.7", "bob@example.com", phrase); w.Code != 200 {
			s.t.Fatal(w.Body)
		}
		for range 3 {
			guess(s, s, 30, "bob@example.com")
			if w := s.from("203.0.113.200", "bob@example.com", phrase); w.Code != 429 {
				s.t.Fatalf("a stranger gets %d, so nothing is shown", w.Code)
			}
			if w := s.from("198.51.100.7", "bob@example.com", phrase); w.Code != 200 {
				s.t.Errorf("bob at home gets %d: %s", w.Code, w.Body)
			}
			s.as(session.AccessToken).Get("/v1/me").Status(200)
			session = s.token(s.refresh(session.RefreshToken))
			s.clock.advance(time.Minute)
		}
	})
}

// TestSD065AnAddressIsKnownForAMonth since the last login from there, whether or not anybody swept.
func TestSD065AnAddressIsKnownForAMonth(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		for _, of := range []struct {
			days, want int
		}{{29, http.StatusOK}, {31, http.StatusTooManyRequests}} {
			if w := s.from("198.51.100.7", "bob@example.com", phrase); w.Code != http.StatusOK {
				s.t.Fatal(w.Body)
			}
			s.clock.advance(time.Duration(of.days) * 24 * time.Hour)
			guess(s, s, 30, "bob@example.com")
			if w := s.from("198.51.100.7", "bob@example.com", phrase); w.Code != of.want {
				s.t.Errorf("after %d days: %d, want %d", of.days, w.Code, of.want)
			}
			s.clock.advance(24 * time.Hour)
		}
	})
}

// TestTriesAreForgottenByTries: guesses for addresses that nobody has leave nothing after a day, though nobody ever signs in.
func TestTriesAreForgottenByTries(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		const guesses = 600 // more than are deleted at once
		now := s.clock.now()
		err := s.db.Write(s.t.Context(), func(ctx context.Context, tx *data.Tx) (err error) {
			for i := range guesses {
				_, failed := tx.Exec(ctx, data.SQL(`INSERT INTO account_attempts (bucket, tries, last_at, day_tries, day_since, not_before, forget_at)
					VALUES (?, 1, ?, 1, ?, ?, ?)`, fmt.Sprint("bucket", i), now, now, now, now.Add(24*time.Hour)))
				err = errors.Join(err, failed)
			}
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
		left := func() (n int64) {
			err := s.db.Read(s.t.Context(), func(ctx context.Context, v *data.View) (err error) {
				n, err = data.One[int64](ctx, v, data.SQL(`SELECT COUNT(*) FROM account_attempts WHERE bucket LIKE 'bucket%'`))
				return err
			})
			if err != nil {
				s.t.Fatal(err)
			}
			return n
		}
		s.clock.advance(24*time.Hour + time.Second)
		n := left()
		for i := range 5 {
			s.from("203.0.113.1", fmt.Sprintf("nobody%d@example.com", i), another)
			now := left()
			if deleted := n - now; deleted > 200 {
				s.t.Errorf("one login deletes %d rows", deleted)
			}
			n = now
		}
		if n != 0 {
			s.t.Errorf("%d counts are left", n)
		}
	})
}

func TestSD065AHundredADay(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		verified := 0
		for range 23 * 4 {
			for range 2 {
				if s.from("203.0.113.1", "ada@example.com", another).Code == http.StatusUnauthorized {
					verified++
				}
			}
			s.clock.advance(15 * time.Minute)
		}
		for range 40 {
			if s.from("203.0.113.1", "ada@example.com", another).Code == http.StatusUnauthorized {
				verified++
			}
			s.clock.advance(time.Minute)
		}
		if verified > 100 {
			s.t.Errorf("%d guesses in a day", verified)
		}
		s.clock.advance(24 * time.Hour)
		if w := s.from("203.0.113.1", "ada@example.com", phrase); w.Code != 200 {
			s.t.Errorf("the next day: %d", w.Code)
		}
	})
}

func TestSD056AddressesAreBounded(t *testing.T) {
	t.Parallel()
	datatest.Each(t, migrations(), func(t *testing.T, db *data.DB) {
		s := newService(t, db, newShared(t), func(cfg *accounts.Config) { cfg.Limits = accounts.Limits{} })
		for _, address := range [][2]string{{"198.51.100.7", "198.51.100.7"}, {"2001:db8::1", "2001:db8::ffff"}, {"::ffff:192.0.2.9", "192.0.2.9"}} {
			for i := range 30 {
				if w := s.from(address[0], fmt.Sprintf("a%d@example.com", i), another); w.Code != http.StatusUnauthorized {
					t.Fatalf("try %d: %d", i, w.Code)
				}
			}
			if w := s.from(address[1], "fresh@example.com", another); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
				t.Errorf("the 31st from %s: %d", address[1], w.Code)
			}
		}
		if w := s.from("2001:db8:0:1::1", "fresh@example.com", another); w.Code != http.StatusUnauthorized {
			t.Errorf("another network: %d", w.Code)
		}
		s.clock.advance(time.Minute)
		if w := s.from("198.51.100.7", "fresh@example.com", another); w.Code != http.StatusUnauthorized {
			t.Errorf("a minute later: %d", w.Code)
		}
	})
}

// TestSD065NobodyIsLetInUncounted: without the table of counts the right password is refused, too.
func TestSD065NobodyIsLetInUncounted(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.exec(data.SQL(`DROP TABLE account_attempts`))
		if w := s.from("198.51.100.7", "ada@example.com", phrase); w.Code < 500 {
			s.t.Errorf("status %d", w.Code)
		}
	})
}

// TestSD065WhatIsNotTriedIsNotCounted: a service that has too much to do uses nobody's tries up.
func TestSD065WhatIsNotTriedIsNotCounted(t *testing.T) {
	t.Parallel()
	datatest.Each(t, migrations(), func(t *testing.T, db *data.DB) {
		hasher, err := password.New(password.Config{Working: 1, Waiting: -1})
		if err != nil {
			t.Fatal(err)
		}
		s := newService(t, db, newShared(t), func(cfg *accounts.Config) { cfg.Passwords = hasher })
		s.add("ada@example.com", "user")
		stop := make(chan struct{})
		var busy sync.WaitGroup
		var refused atomic.Int64
		busy.Go(func() { // keeps the only place most of the time
			for {
				select {
				case <-stop:
					return
				default:
					_, _ = hasher.Hash(context.Background(), tenon.NewSecret(phrase))
				}
			}
		})
		for refused.Load() < 15 {
			if s.from("198.51.100.7", "ada@example.com", phrase).Code == http.StatusServiceUnavailable {
				refused.Add(1)
			}
		}
		close(stop)
		busy.Wait()
		if w := s.from("198.51.100.7", "ada@example.com", phrase); w.Code != 200 {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}

func TestSweepForgetsWhatHasEnded(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.signIn("ada@example.com")
		s.login("bob@example.com", another).Status(401)
		s.clock.advance(15 * 24 * time.Hour)
		s.signIn("ada@example.com")
		s.clock.advance(31 * 24 * time.Hour)
		if err := s.acc.Sweep(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		var sessions, attempts int64
		err := s.db.Read(s.t.Context(), func(ctx context.Context, v *data.View) (err error) {
			if sessions, err = data.One[int64](ctx, v, data.SQL(`SELECT COUNT(*) FROM account_sessions`)); err != nil {
				return err
			}
			attempts, err = data.One[int64](ctx, v, data.SQL(`SELECT COUNT(*) FROM account_attempts`))
			return err
		})
		if err != nil || sessions != 1 || attempts != 0 {
			s.t.Errorf("%d sessions and %d counts are left, want 1 and 0: %v", sessions, attempts, err)
		}
	})
}
