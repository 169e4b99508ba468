package accounts_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"
)

var eventLine = regexp.MustCompile(`level=(\w+) msg=accounts event=(\w+) subject=(\S+) request_id=\S+`)

// events are what was logged since the last look, as level, event and subject.
func (s *service) events() []string {
	var all []string
	for _, m := range eventLine.FindAllStringSubmatch(s.log.take(), -1) {
		all = append(all, m[1]+" "+m[2]+" "+m[3])
	}
	return all
}

// TestEventsAreLogged in the words of OWASP, and at its levels.
func TestEventsAreLogged(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		expect := func(what string, want ...string) {
			s.t.Helper()
			if got := s.events(); !slices.Equal(got, want) {
				s.t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		expect("nothing yet")
		s.login("ada@example.com", "wrong").Status(401)
		expect("a wrong password", "WARN authn_login_fail 1")
		s.login("nobody@example.com", "wrong").Status(401)
		expect("an unknown user", `WARN authn_login_fail ""`)
		ada := s.signIn("ada@example.com")
		expect("a login", "INFO authn_login_success 1")
		next := s.token(s.refresh(ada.RefreshToken))
		expect("a refresh")
		s.sinceRefresh(time.Minute)
		s.refresh(ada.RefreshToken).Status(401)
		expect("a refresh token again", "WARN authn_token_reuse 1")
		s.refresh(next.RefreshToken).Status(401)
		expect("a session that has ended", "WARN session_use_after_expire 1")

		ada = s.signIn("ada@example.com")
		s.change(ada.AccessToken, another, another).Status(403)
		s.change(ada.AccessToken, phrase, another).Status(204)
		expect("a change of password", "INFO authn_login_success 1", "WARN authn_password_change_fail 1", "INFO authn_password_change 1")

		var key struct {
			ID string `json:"id"`
		}
		r := s.as(ada.AccessToken).Post("/v1/auth/keys", `{"name":"x","scopes":["people:read"]}`).Status(201)
		if err := json.Unmarshal(r.Body, &key); err != nil {
			s.t.Fatal(err)
		}
		s.as(ada.AccessToken).Delete("/v1/auth/keys/" + key.ID).Status(204)
		expect("an API key", "INFO authn_token_created 1", "INFO authn_token_revoked 1")
		s.as(ada.AccessToken).Post("/v1/auth/logout", nil).Status(204)
		expect("a logout", "INFO session_expired 1")

		for range 11 {
			s.login("bob@example.com", "wrong")
		}
		if got := s.events(); len(got) != 11 || got[9] != "WARN authn_login_fail 2" || got[10] != "WARN authn_login_lock 2" {
			s.t.Errorf("eleven tries: %q", got)
		}
	})
}
