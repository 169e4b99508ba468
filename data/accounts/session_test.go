package accounts_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD060LoginGivesTokens(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		r := s.login("Ada@Example.com", phrase).Status(200).Header("Cache-Control", "no-store")
		got := s.token(r)
		if got.TokenType != "bearer" || got.ExpiresIn != 600 || !strings.HasPrefix(got.RefreshToken, "tenon_refresh_") {
			s.t.Errorf("token is %+v", got)
		}
		s.as(got.AccessToken).Get("/v1/me").Status(200).JSON(`{"subject":"1","roles":["user"]}`)
	})
}

// TestSD060OneAnswerForAllThatIsWrong: who is asked about cannot be told from who is not.
func TestSD060OneAnswerForAllThatIsWrong(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.exec(data.SQL(`UPDATE people SET active = FALSE WHERE id = 2`))
		s.add("zoe@example.com", "user")
		s.exec(data.SQL(`UPDATE people SET password_hash = '!unusable' WHERE email = 'zoe@example.com'`))
		var bodies []string
		for _, r := range []*tenontest.Response{
			s.login("ada@example.com", another), s.login("nobody@example.com", phrase), s.login("bob@example.com", phrase), s.login("zoe@example.com", phrase),
			s.login("ada@example.com", strings.Repeat("x", 1000)), s.login("' OR '1'='1", phrase),
		} {
			r.Status(401).Problem("wrong-credentials").Header("WWW-Authenticate", `Bearer realm="api"`).Header("Cache-Control", "no-store")
			body, _, _ := strings.Cut(string(r.Body), `"instance"`)
			bodies = append(bodies, body)
		}
		for _, body := range bodies {
			if body != bodies[0] {
				s.t.Errorf("answers differ: %s and %s", body, bodies[0])
			}
		}
	})
}

func TestSD064TheHashIsReplacedAtLogin(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		s.signIn("ada@example.com")
		first := s.hash("ada@example.com")
		s.signIn("ada@example.com")
		if again := s.hash("ada@example.com"); first == quick || again != first || !strings.Contains(first, "m=19456,t=2,p=1") {
			s.t.Errorf("hashes are %s, then %s", first, again)
		}
	})
}

func TestSD066RefreshRotates(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		tokens := []token{s.signIn("ada@example.com")}
		for range 4 {
			s.clock.advance(time.Minute)
			next := s.token(s.refresh(tokens[len(tokens)-1].RefreshToken).Header("Cache-Control", "no-store"))
			for _, old := range tokens {
				if old.RefreshToken == next.RefreshToken || old.AccessToken == next.AccessToken {
					s.t.Error("a token was given twice")
				}
			}
			tokens = append(tokens, next)
		}
		newest := tokens[len(tokens)-1]
		s.as(newest.AccessToken).Get("/v1/me").Status(200)

		s.sinceRefresh(time.Minute)
		s.refresh(tokens[3].RefreshToken).Status(401).Problem("refresh-refused").Header("WWW-Authenticate", `Bearer realm="api"`) // used a minute ago
		s.refresh(newest.RefreshToken).Status(401).Problem("refresh-refused")
		s.as(newest.AccessToken).Post("/v1/me", nil).Status(401)
		if !strings.Contains(s.log.String(), "authn_token_reuse") {
			s.t.Error("the reuse is not logged")
		}
		s.signIn("ada@example.com") // nobody is locked out
	})
}

func TestSD066TheLastRefreshMayBeRepeatedForTenSeconds(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		first := s.signIn("ada@example.com")
		second := s.token(s.refresh(first.RefreshToken))
		s.sinceRefresh(3 * time.Second)
		if again := s.token(s.refresh(first.RefreshToken)); again.RefreshToken != second.RefreshToken {
			s.t.Error("a repeated refresh begins a chain of its own")
		}
		third := s.token(s.refresh(second.RefreshToken))
		s.refresh(first.RefreshToken).Status(401) // not the last any more, however young
		s.refresh(third.RefreshToken).Status(401)

		first = s.signIn("ada@example.com")
		second = s.token(s.refresh(first.RefreshToken))
		s.sinceRefresh(11 * time.Second)
		s.refresh(first.RefreshToken).Status(401)
		s.refresh(second.RefreshToken).Status(401)
	})
}

// TestSD066ReplicasWhoseClocksDiffer by half a minute, one way and the other, take a refresh that is repeated at the other for what it is.
func TestSD066ReplicasWhoseClocksDiffer(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		of := shared{s.keys, &clock{}}
		of.clock.advance(30 * time.Second)
		ahead := newService(s.t, s.db, of, nil)
		for _, pair := range [][2]*service{{s, ahead}, {ahead, s}} {
			first := s.signIn("ada@example.com")
			second := s.token(pair[0].refresh(first.RefreshToken))
			again := s.token(pair[1].refresh(first.RefreshToken))
			if again.RefreshToken != second.RefreshToken {
				s.t.Error("a repeated refresh begins a chain of its own")
			}
			s.sinceRefresh(11 * time.Second)
			pair[1].refresh(first.RefreshToken).Status(401)
			pair[0].refresh(second.RefreshToken).Status(401)
		}
	})
}

// TestSD066TwentyRefreshesInParallel, over two replicas whose clocks differ, leave one live chain.
func TestSD066TwentyRefreshesInParallel(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		of := shared{s.keys, &clock{}}
		of.clock.advance(30 * time.Second)
		replicas := []*service{s, newService(s.t, s.db, of, nil)}
		first := s.signIn("ada@example.com")
		var mu sync.Mutex
		given := map[string]int{}
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				next := s.token(replicas[i%2].refresh(first.RefreshToken))
				mu.Lock()
				defer mu.Unlock()
				given[next.RefreshToken]++
			})
		}
		all.Wait()
		if len(given) != 1 {
			s.t.Fatalf("20 refreshes gave %d tokens, want one", len(given))
		}
		for next := range given {
			s.refresh(next).Status(200)
		}
	})
}

func TestSD066SessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		idle := s.signIn("ada@example.com")
		s.clock.advance(14*24*time.Hour + time.Second)
		s.refresh(idle.RefreshToken).Status(401).Problem("refresh-refused")

		busy := s.signIn("ada@example.com")
		for range 29 {
			s.clock.advance(24 * time.Hour)
			busy = s.token(s.refresh(busy.RefreshToken))
		}
		s.clock.advance(24*time.Hour + time.Second)
		s.refresh(busy.RefreshToken).Status(401).Problem("refresh-refused")
	})
}

// TestAnAccountHasAHundredSessions: a login beyond them ends the oldest.
func TestAnAccountHasAHundredSessions(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		oldest, bob := s.signIn("ada@example.com"), s.signIn("bob@example.com")
		now := s.clock.now()
		for i := range 99 {
			s.exec(data.SQL(`INSERT INTO account_sessions (sid, subject, family, current_hash, created_at, rotated_at, expires_at)
				VALUES (?, '1', ?, '-', ?, ?, ?)`, fmt.Sprint("s", i), fmt.Sprint("f", i), now, now, now.Add(time.Hour)))
		}
		s.as(oldest.AccessToken).Post("/v1/me", nil).Status(201)
		newest := s.signIn("ada@example.com")
		s.as(oldest.AccessToken).Post("/v1/me", nil).Status(401)
		s.refresh(oldest.RefreshToken).Status(401)
		s.as(newest.AccessToken).Get("/v1/auth/sessions").Status(200).At("/total", "100")
		s.as(bob.AccessToken).Post("/v1/me", nil).Status(201)
	})
}

func TestSD066LogoutHereAndEverywhere(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		one, two, three, bob := s.signIn("ada@example.com"), s.signIn("ada@example.com"), s.signIn("ada@example.com"), s.signIn("bob@example.com")
		s.as(one.AccessToken).Post("/v1/auth/logout", nil).Status(204)
		s.refresh(one.RefreshToken).Status(401)
		s.as(one.AccessToken).Get("/v1/me").Status(401)
		two = s.token(s.refresh(two.RefreshToken))

		s.as(two.AccessToken).Delete("/v1/auth/sessions").Status(204)
		for _, ended := range []token{two, three} {
			s.refresh(ended.RefreshToken).Status(401)
			s.as(ended.AccessToken).Get("/v1/me").Status(401)
		}
		s.refresh(bob.RefreshToken).Status(200)
		s.Post("/v1/auth/logout", nil).Status(401)
	})
}

// TestSD073ChangesTakeEffect on a replica that did not make them: at once where something is changed or a role is asked for, in five seconds elsewhere.
func TestSD073ChangesTakeEffect(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		eve, ada := s.signIn("eve@example.com"), s.signIn("ada@example.com")
		s.as(eve.AccessToken).Get("/v1/admin").Status(200)
		s.as(eve.AccessToken).Get("/v1/me").Status(200).JSON(`{"subject":"3","roles":["admin"]}`)
		s.as(ada.AccessToken).Get("/v1/me").Status(200)
		s.exec(data.SQL(`UPDATE people SET role = 'user' WHERE id = 3`))
		s.exec(data.SQL(`UPDATE people SET active = FALSE WHERE id = 1`))
		s.as(eve.AccessToken).Get("/v1/admin").Status(403)
		s.as(eve.AccessToken).Post("/v1/me", nil).Status(201).JSON(`{"subject":"3","roles":["user"]}`)
		s.as(ada.AccessToken).Post("/v1/me", nil).Status(401)
		s.refresh(ada.RefreshToken).Status(401)
		s.clock.advance(5 * time.Second)
		s.as(eve.AccessToken).Get("/v1/me").Status(200).JSON(`{"subject":"3","roles":["user"]}`)
		s.as(ada.AccessToken).Get("/v1/me").Status(401)

		s.exec(data.SQL(`UPDATE people SET active = TRUE WHERE id = 1`))
		ada = s.signIn("ada@example.com")
		s.as(ada.AccessToken).Get("/v1/me").Status(200)
		s.exec(data.SQL(`UPDATE account_sessions SET ended_at = created_at WHERE subject = '1'`)) // as another replica does
		s.as(ada.AccessToken).Post("/v1/me", nil).Status(401)
		s.clock.advance(5 * time.Second)
		s.as(ada.AccessToken).Get("/v1/me").Status(401)
		s.exec(data.SQL(`DELETE FROM people WHERE id = 3`))
		s.as(eve.AccessToken).Post("/v1/me", nil).Status(401)
		s.refresh(eve.RefreshToken).Status(401)
	})
}

func TestFA15OAuthForm(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		form := s.With("Content-Type", "application/x-www-form-urlencoded")
		const (
			path = "/v1/auth/token"
			good = "grant_type=password&username=Ada%40example.com&password=correct+horse+battery"
		)
		for _, more := range []string{
			"", "&scope=&client_id=string&client_secret=string", "&scope=people%3Aread", "&audience=a&audience=b", "&refresh_token=",
			"&" + strings.Repeat("x", 300) + "=" + strings.Repeat("y", 3000), "&__proto__=1&client_id=",
		} {
			s.as(s.token(form.Post(path, good+more).Header("Cache-Control", "no-store")).AccessToken).Get("/v1/me").Status(200)
		}
		var parts strings.Builder
		parts.WriteString("--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a.png\"\r\n\r\nx\r\n")
		for _, pair := range [][2]string{{"grant_type", "password"}, {"username", "ada@example.com"}, {"password", phrase}} {
			fmt.Fprintf(&parts, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", pair[0], pair[1])
		}
		s.token(s.With("Content-Type", "multipart/form-data; boundary=b").Post(path, parts.String()+"--b--\r\n"))
		refresh := "grant_type=refresh_token&refresh_token=" + s.token(form.Post(path, good)).RefreshToken
		s.refresh(s.token(form.Post(path, refresh+"&username=&password=&scope=x")).RefreshToken).Status(200)
		for _, tt := range []struct{ body, want string }{
			{"grant_type=password&username=ada%40example.com&password=wrong", "invalid_grant"},
			{"grant_type=password&username=nobody&password=wrong", "invalid_grant"},
			{"grant_type=refresh_token&refresh_token=x", "invalid_grant"},
			{"", "invalid_request"},
			{"scope=x", "invalid_request"},
			{"username=ada%40example.com&password=wrong", "invalid_request"},
			{"grant_type=&username=ada%40example.com&password=wrong", "invalid_request"},
			{"grant_type=password&username=ada%40example.com", "invalid_request"},
			{"grant_type=password&username=ada%40example.com&password=", "invalid_request"},
			{"grant_type=password&password=wrong", "invalid_request"},
			{"grant_type=password&username=&password=wrong", "invalid_request"},
			{"grant_type=password&username=+&password=wrong", "invalid_request"},
			{"grant_type=refresh_token", "invalid_request"},
			{"grant_type=refresh_token&refresh_token=", "invalid_request"},
			{good + "&grant_type=password", "invalid_request"},
			{good + "&grant_type=client_credentials", "invalid_request"},
			{"grant_type=client_credentials&" + good, "invalid_request"},
			{good + "&username=ada%40example.com", "invalid_request"},
			{good + "&password=correct+horse+battery", "invalid_request"},
			{good + "&username=", "invalid_request"},
			{refresh + "&refresh_token=x", "invalid_request"},
			{good + "&x=%zz", "invalid_request"},
			{"grant_type=password&password=x&username=" + strings.Repeat("a", 255), "invalid_request"},
			{"grant_type=client_credentials", "unsupported_grant_type"},
			{"grant_type=authorization_code&code=x", "unsupported_grant_type"},
			{"grant_type=Password&username=ada%40example.com&password=wrong", "unsupported_grant_type"},
		} {
			var said struct {
				Error       string `json:"error"`
				Description string `json:"error_description"`
			}
			r := form.Post(path, tt.body).Status(400).Header("Cache-Control", "no-store").Problem("oauth-refused")
			if err := json.Unmarshal(r.Body, &said); err != nil || said.Error != tt.want || said.Description == "" {
				s.t.Errorf("%.200s: %s, want %s", tt.body, r.Body, tt.want)
			}
		}
		const schema = "/paths/~1v1~1auth~1token/post/requestBody/content/application~1x-www-form-urlencoded/schema"
		s.Get("/openapi.json").At(schema+"/required", `["grant_type"]`).At(schema+"/properties", `{"grant_type":"<<any>>","username":"<<any>>",
			"password":"<<any>>","refresh_token":"<<any>>"}`)
	})
}
