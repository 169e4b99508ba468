package accounts_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/tenontest"
)

func (s *service) change(access, current, next string) *tenontest.Response {
	return s.as(access).Post("/v1/auth/password", fmt.Sprintf(`{"current_password":%q,"new_password":%q}`, current, next))
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		here, there := s.signIn("ada@example.com"), s.signIn("ada@example.com")
		s.change(here.AccessToken, another, another).Status(403).Problem("wrong-password")
		s.change(here.AccessToken, phrase, "passwordpassword").Status(422).Fault("body", "/new_password", "password_common")
		s.change(here.AccessToken, phrase, "ada@example.com.ada").Status(422).Fault("body", "/new_password", "password_words")
		s.change(here.AccessToken, phrase, "short").Status(422).Fault("body", "/new_password", "minLength")
		s.change(here.AccessToken, phrase, another).Status(204)
		s.refresh(there.RefreshToken).Status(401)
		s.as(there.AccessToken).Post("/v1/me", nil).Status(401)
		s.refresh(here.RefreshToken).Status(200)
		s.login("ada@example.com", phrase).Status(401)
		s.login("ada@example.com", another).Status(200)
	})
}

// TestTokenHoldersCannotGuessThePassword either.
func TestTokenHoldersCannotGuessThePassword(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada := s.signIn("ada@example.com")
		for range 10 {
			s.change(ada.AccessToken, another, another).Status(403)
		}
		s.change(ada.AccessToken, phrase, another).Status(429).Problem("too-many-attempts")
		s.clock.advance(30 * time.Second)
		s.change(ada.AccessToken, phrase, another).Status(204)
	})
}

func TestSD066SessionsAreListed(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		here := s.token(s.With("User-Agent", strings.Repeat("ä", 150)).Post("/v1/auth/login", credentials("ada@example.com", phrase)))
		there, bob := s.signIn("ada@example.com"), s.signIn("bob@example.com")
		var list struct {
			Items []struct {
				ID      string `json:"id"`
				Current bool   `json:"current"`
				Client  string `json:"client"`
			} `json:"items"`
		}
		r := s.as(here.AccessToken).Get("/v1/auth/sessions").Status(200)
		if err := json.Unmarshal(r.Body, &list); err != nil || len(list.Items) != 2 || !list.Items[0].Current || list.Items[1].Current {
			s.t.Fatalf("%v: %s", err, r.Body)
		}
		if list.Items[0].Client != strings.Repeat("ä", 100) {
			s.t.Errorf("the client is %q", list.Items[0].Client)
		}
		other := list.Items[1].ID
		s.as(bob.AccessToken).Delete("/v1/auth/sessions/" + other).Status(404).Problem("no-session")
		s.as(here.AccessToken).Delete("/v1/auth/sessions/" + other).Status(204)
		s.as(here.AccessToken).Delete("/v1/auth/sessions/" + other).Status(404)
		s.refresh(there.RefreshToken).Status(401)
		s.as(there.AccessToken).Get("/v1/me").Status(401)
		s.refresh(here.RefreshToken).Status(200)
	})
}

// TestSD140NoSecretShows: passwords, hashes and tokens stand in no answer but the one that gives them, and in no line of the log.
func TestSD140NoSecretShows(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		var shown []string
		see := func(r *tenontest.Response) { shown = append(shown, string(r.Body), fmt.Sprint(r.Headers)) }
		ada := s.signIn("ada@example.com")
		next := s.token(s.refresh(ada.RefreshToken))
		key := s.key(next.AccessToken, `{"name":"x","scopes":["people:read"]}`)
		form := s.With("Content-Type", "application/x-www-form-urlencoded")
		see(s.login("ada@example.com", another))
		see(s.login(phrase, phrase))
		see(s.Post("/v1/auth/login", `{"email":"ada@example.com","password":{"x":"`+phrase+`"}}`))
		see(s.Post("/v1/auth/login", `{"email":"ada@example.com","password":"`+phrase))
		see(form.Post("/v1/auth/token", "grant_type=password&username=x&password="+strings.ReplaceAll(phrase, " ", "+")))
		see(s.Post("/v1/auth/refresh", `{"refresh_token":"`+ada.RefreshToken+`x"}`))
		see(s.Get("/v1/me?access_token=" + next.AccessToken))
		see(s.as(ada.AccessToken + "x").Get("/v1/me"))
		see(s.with(key.Key + "x").Get("/v1/me"))
		see(s.as(next.AccessToken).Get("/v1/auth/sessions"))
		see(s.as(next.AccessToken).Get("/v1/auth/keys"))
		see(s.change(next.AccessToken, another, phrase))
		see(s.change(next.AccessToken, phrase, "passwordpassword"))
		see(s.change(next.AccessToken, phrase, another))
		s.sinceRefresh(time.Minute)
		see(s.refresh(ada.RefreshToken)) // a reuse
		hash := s.hash("ada@example.com")
		all := strings.Join(append(shown, s.log.String()), "\n")
		for name, canary := range map[string]string{
			"password": phrase, "other password": another, "hash": hash[len(hash)-20:], "refresh token": ada.RefreshToken[20:40], "next": next.RefreshToken[20:40],
			"key": key.Key[12:40], "access token": next.AccessToken[len(next.AccessToken)-40:], "column": "password_hash",
		} {
			if strings.Contains(all, canary) {
				s.t.Errorf("the %s shows", name)
			}
		}
		if s.log.String() == "" || len(shown) < 20 {
			s.t.Error("nothing was looked at")
		}
	})
}
