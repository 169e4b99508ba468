package accounts_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/tenontest"
)

type createdKey struct {
	ID  string `json:"id"`
	Key string `json:"key"`
}

// key makes an API key.
func (s *service) key(access, body string) createdKey {
	s.t.Helper()
	var out createdKey
	r := s.as(access).Post("/v1/auth/keys", body).Status(201).Header("Cache-Control", "no-store")
	if err := json.Unmarshal(r.Body, &out); err != nil || !strings.HasPrefix(out.Key, "tenon_key_") {
		s.t.Fatalf("%v: %s", err, r.Body)
	}
	return out
}

// with is a client with an API key.
func (s *service) with(key string) *tenontest.Server { return s.With("X-API-Key", key) }

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada, bob := s.signIn("ada@example.com"), s.signIn("bob@example.com")
		key := s.key(ada.AccessToken, `{"name":"report","scopes":["people:read"],"days":7}`)
		s.with(key.Key).Get("/v1/me").Status(200).JSON(`{"subject":"1","roles":[]}`)
		s.with(key.Key).Get("/v1/read").Status(200)
		s.with(key.Key).Get("/v1/write").Status(403)
		s.with(key.Key).Get("/v1/admin").Status(403)
		for _, path := range []string{"/v1/auth/keys", "/v1/auth/sessions"} { // a key is no way to more of them
			s.with(key.Key).Get(path).Status(403)
		}
		s.with(key.Key).Post("/v1/auth/keys", `{"name":"x","scopes":["people:read"]}`).Status(403)
		s.with(key.Key).Post("/v1/auth/logout", nil).Status(403)

		list := s.as(ada.AccessToken).Get("/v1/auth/keys").Status(200)
		if body := string(list.Body); strings.Contains(body, key.Key) || !strings.Contains(body, key.ID) || !strings.Contains(body, `"total":1`) {
			s.t.Errorf("list is %s", body)
		}
		s.as(bob.AccessToken).Get("/v1/auth/keys").Status(200).JSON(`{"items":[],"total":0,"page":1,"size":20,"pages":0}`)
		s.as(bob.AccessToken).Delete("/v1/auth/keys/" + key.ID).Status(404).Problem("no-key")
		s.as(ada.AccessToken).Delete("/v1/auth/keys/" + key.ID).Status(204)
		s.with(key.Key).Get("/v1/read").Status(401)
		s.as(ada.AccessToken).Delete("/v1/auth/keys/" + key.ID).Status(404)

		late := s.key(ada.AccessToken, `{"name":"late","scopes":["people:read"],"days":1}`)
		s.clock.advance(24*time.Hour + time.Second)
		s.with(late.Key).Get("/v1/read").Status(401)
	})
}

func TestAPIKeysEndWithTheirOwnersRights(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada, eve := s.signIn("ada@example.com"), s.signIn("eve@example.com")
		for _, scopes := range []string{`["people:write"]`, `["people:read","admin"]`, `["people:read people:write"]`} {
			s.as(ada.AccessToken).Post("/v1/auth/keys", `{"name":"x","scopes":`+scopes+`}`).Status(403).Problem("scope-refused")
		}
		key := s.key(eve.AccessToken, `{"name":"x","scopes":["people:read","people:write"]}`)
		s.with(key.Key).Get("/v1/write").Status(200)
		s.exec(data.SQL(`UPDATE people SET role = 'user' WHERE id = 3`))
		s.with(key.Key).Get("/v1/write").Status(403)
		s.with(key.Key).Get("/v1/read").Status(200)
		s.exec(data.SQL(`UPDATE people SET active = FALSE WHERE id = 3`))
		s.with(key.Key).Get("/v1/read").Status(401)
	})
}

// TestMalformedTokensAreRefused: none of what is made of a good token by changing it is one.
func TestMalformedTokensAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada := s.signIn("ada@example.com")
		key := s.key(ada.AccessToken, `{"name":"x","scopes":["people:read"]}`).Key
		for _, good := range []string{ada.RefreshToken, key} {
			for _, bad := range append(mutations(good), ada.AccessToken, ada.RefreshToken[:20]+key, strings.Replace(key, "tenon_key_", "tenon_refresh_", 1)) {
				if printable(bad) {
					s.with(bad).Get("/v1/read").Status(401)
				}
				body, err := json.Marshal(map[string]string{"refresh_token": bad})
				if err != nil {
					s.t.Fatal(err)
				}
				if got := s.Post("/v1/auth/refresh", string(body)); bad != "" && len(bad) <= 512 && !strings.Contains(bad, "\x00") {
					got.Status(401)
				} else {
					got.Status(422)
				}
			}
		}
		s.refresh(ada.RefreshToken).Status(200) // none of them ended the session
		s.with(key).Get("/v1/read").Status(200)
	})
}

func printable(text string) bool {
	return text != "" && strings.TrimSpace(text) == text && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// mutations are a token changed in one way each.
func mutations(good string) []string {
	all := []string{
		"", " ", good + " ", " " + good, good + "=", good + "==", good + "A", good + good, good[1:], good[:len(good)-1], "x" + good, strings.ToUpper(good),
		strings.ToLower(good), strings.ReplaceAll(good, "_", "-"), strings.TrimPrefix(good, "tenon_"), "tenon_refresh_", "tenon_key_", "null", "0",
		good + "\x00", "\u00e4" + good, good + "\n", good + "\r\nX-A: b", strings.Repeat("A", len(good)), strings.Repeat("A", 600), "' OR '1'='1", "../" + good,
		"tenon_" + good, good[:len(good)/2] + " " + good[len(good)/2:], good[:len(good)/2] + "+" + good[len(good)/2+1:], `{"$ne":null}`, "%00", "Bearer " + good,
	}
	at := strings.LastIndex(good, "_") + 1
	for i := range good {
		if i >= 6 && (i < at+8 || i > len(good)-20 || i%7 == 0) {
			other := byte('A')
			if good[i] == 'A' {
				other = 'B'
			}
			all = append(all, good[:i]+string(other)+good[i+1:])
		}
	}
	return all
}

// TestEveryTokenInThePlaceOfEveryOther shows access tokens, refresh tokens and API keys where each of the others belongs.
func TestEveryTokenInThePlaceOfEveryOther(t *testing.T) {
	t.Parallel()
	each(t, func(s *service) {
		ada := s.signIn("ada@example.com")
		tokens := []string{ada.AccessToken, ada.RefreshToken, s.key(ada.AccessToken, `{"name":"x","scopes":["people:read"]}`).Key}
		places := []func(token string) *tenontest.Response{
			func(token string) *tenontest.Response { return s.as(token).Get("/v1/me") }, s.refresh,
			func(token string) *tenontest.Response { return s.with(token).Get("/v1/read") },
		}
		for i, token := range tokens {
			for j, place := range places {
				if i == j {
					place(token).Status(200)
					continue
				}
				if got := place(token); got.Code != 401 && got.Code != 422 { // an access token is too long for a refresh token
					s.t.Errorf("token %d in the place of %d is answered %d: %s", i, j, got.Code, got.Body)
				}
			}
		}
	})
}
