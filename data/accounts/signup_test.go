package accounts_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/problem"
)

// joining are users of whom there can be more.
type joining struct{ users }

func (joining) Add(ctx context.Context, tx *data.Tx, email string, hash password.Hash) (string, error) {
	id, err := people.Insert(ctx, tx, personRow{Email: email, Role: "user", Active: true, PasswordHash: hash})
	return strconv.FormatInt(id, 10), err
}

// joined is a service that people can join, with a rule of its own for passwords.
func joined(s *service) *service {
	return newService(s.t, s.db, newShared(s.t), func(cfg *accounts.Config) {
		cfg.Users, cfg.Words = joining{}, []string{"tenonworks"}
		cfg.Judge = func(_ context.Context, who accounts.Account, secret tenon.Secret) error {
			if len(who.Words) == 0 {
				s.t.Error("nothing is known of who chose the password")
			}
			if secret.Equal(tenon.NewSecret("a password that was stolen")) {
				return problem.Fault{Code: "password_stolen", Message: "was stolen"}
			}
			return nil
		}
	})
}

const signUpPath = "/v1/auth/sign-up"

func TestSignUp(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.Post(signUpPath, credentials("kim@example.com", phrase)).Status(404) // of users who are not NewUsers
		open := joined(s)
		open.Post(signUpPath, credentials("Kim@Example.com", phrase)).Status(201).JSON(`{"subject":"4"}`)
		if got := open.events(); !slices.Equal(got, []string{"INFO user_created 4"}) {
			s.t.Errorf("events are %q", got)
		}
		open.as(open.signIn("kim@example.com").AccessToken).Get("/v1/me").Status(200).At("/subject", `"4"`)
		open.Post(signUpPath, credentials("ADA@example.com", phrase)).Status(409).Problem("email-taken")
		for secret, code := range map[string]string{
			"short": "minLength", "passwordpassword": "password_common", "lee@example.com": "password_words", "tenonworks12345": "password_words",
			"a password that was stolen": "password_stolen",
		} {
			open.Post(signUpPath, credentials("lee@example.com", secret)).Status(422).Fault("body", "/password", code).Faults(1)
		}
	})
}

func TestSignUpIsLimitedByAddress(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		open := joined(s)
		for range 10 {
			open.Post(signUpPath, credentials("ada@example.com", phrase)).Status(409)
		}
		open.Post(signUpPath, credentials("kim@example.com", phrase)).Status(429).Problem("rate-limited")
	})
}

// TestOfTwoSignUpsOneHasTheAddress and the other is told so, whichever of the table and the look before finds out.
func TestOfTwoSignUpsOneHasTheAddress(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		open := joined(s)
		for round := range 3 {
			codes := make([]int, 3)
			var all sync.WaitGroup
			for i := range codes {
				all.Go(func() {
					codes[i] = open.Post(signUpPath, credentials(fmt.Sprintf("kim%d@example.com", round), phrase)).Code
				})
			}
			all.Wait()
			slices.Sort(codes)
			if !slices.Equal(codes, []int{201, 409, 409}) {
				s.t.Errorf("round %d: %v", round, codes)
			}
		}
	})
}

// TestChangedPasswordsAreHeldToTheRulesOfTheService as new ones are.
func TestChangedPasswordsAreHeldToTheRulesOfTheService(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		open := joined(s)
		access := open.signIn("ada@example.com").AccessToken
		open.change(access, phrase, "a password that was stolen").Status(422).Fault("body", "/new_password", "password_stolen").Faults(1)
		open.change(access, phrase, another).Status(204)
	})
}

// TestEventsOfTheService are written as those of the accounts.
func TestEventsOfTheService(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.log.take()
		s.acc.Event(s.t.Context(), "user_updated", "1")
		s.acc.Event(s.t.Context(), "user_deleted", "2", slog.String("by", "3"))
		s.acc.Event(s.t.Context(), "user_updated", "3", slog.String("error", "x"))
		if got := s.events(); !slices.Equal(got, []string{"INFO user_updated 1", "WARN user_deleted 2", "WARN user_updated 3"}) {
			s.t.Errorf("events are %q", got)
		}
	})
}

// TestSD074StillOfNobody refuses who was never there, and what no key or session of ours is.
func TestSD074StillOfNobody(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		for _, of := range []auth.Identity{
			{Subject: "99"}, {Subject: "1", Session: "unknown"}, {Subject: "1", Kind: auth.KindMachine}, {Subject: "1", Kind: auth.KindMachine, Credential: "unknown"},
		} {
			p, err := auth.NewPrincipal(of)
			if err != nil {
				s.t.Fatal(err)
			}
			if err := s.still(p); !problem.New(problem.CodeUnauthorized, "").Is(err) {
				s.t.Errorf("%+v: %v", of, err)
			}
		}
		if err := s.still(nil); !problem.New(problem.CodeUnauthorized, "").Is(err) {
			s.t.Errorf("nobody: %v", err)
		}
		p, err := auth.NewPrincipal(auth.Identity{Subject: "1"})
		if err != nil {
			s.t.Fatal(err)
		}
		if err := s.still(p); err != nil {
			s.t.Error(err)
		}
	})
}

func (s *service) still(p *auth.Principal) error {
	return s.db.Write(s.t.Context(), func(ctx context.Context, tx *data.Tx) error { return s.acc.Still(ctx, tx, p) })
}
