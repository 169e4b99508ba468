package valkey_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/valkey"
)

// FuzzURL reads what may have been set: whatever it is, the fault does not tell the password, and with an escaped password there is none.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{"", "localhost", "a,b", "[::1]:1,b:2/0", "a@b", "/", "?x#y", ":", "[", "%zz", "a:b:c", ",", "\x00"} {
		f.Add("us:er@", seed)
	}
	f.Fuzz(func(t *testing.T, password, rest string) {
		const secret = "5ecret"
		for _, user := range []string{"u:" + password + secret, url.UserPassword("u", password+secret).String()} {
			s, err := valkey.New(valkey.Config{URL: "valkeys://" + user + "@" + rest, Cluster: true})
			if err != nil {
				if strings.Contains(err.Error(), secret) && !strings.Contains(rest, secret) {
					t.Errorf("the fault tells the password: %v", err)
				}
				continue
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		s, err := valkey.New(valkey.Config{URL: "valkeys://" + url.UserPassword("u", password).String() + "@valkey.example"})
		if err != nil {
			t.Fatalf("an escaped password: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
