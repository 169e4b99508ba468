package store_test

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

func TestPasswordsAreStoredAsHashes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		s := serve(t, db)
		s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201)
		s.Post("/api/v2/users", newUser("Bob", "bob@example.com")).Status(201)
		stored := hashes(t, db)
		if stored[0] == stored[1] {
			t.Error("equal passwords have equal hashes: there is no salt")
		}
		for _, text := range stored {
			parts := strings.Split(text, "$")
			if len(parts) != 6 || strings.Join(parts[:4], "$") != "$argon2id$v=19$m=19456,t=2,p=1" {
				t.Fatalf("hash %q is not argon2id in the PHC form with OWASP's cost", text)
			}
			salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
			tag, err2 := base64.RawStdEncoding.DecodeString(parts[5])
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			if len(salt) != 16 || subtle.ConstantTimeCompare(tag, argon2.IDKey([]byte(password), salt, 2, 19456, 1, 32)) != 1 {
				t.Error("the hash is not that of the password")
			}
		}
	})
}

func TestSD140SecretsNeverLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		var log bytes.Buffer
		app, err := store.NewTrusting(store.Config{DB: db, Root: root(t), Logger: slog.New(slog.NewTextHandler(&locked{w: &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if err != nil {
			t.Fatal(err)
		}
		s := as(t, tenontest.New(t, app), 1, "admin")
		var answers []*tenontest.Response
		answers = append(answers,
			s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(201),
			s.Post("/api/v2/users", newUser("Ada", "ada@example.com")).Status(409),
			s.Post("/api/v2/users", `{"name":"","email":"x","age":0,"password":"`+password+`"}`).Status(422),
			s.Post("/api/v2/users", `{"password":"`+password+`","x":"`+password+`"}`).Status(422),
			s.Post("/api/v2/users", `{"password":"`+password+`"`).Status(400),
			s.Post("/api/v2/users", `{"password":{"a":"`+password+`"}}`).Status(422),
			s.With("Content-Type", "text/plain").Post("/api/v2/users", password).Status(415),
			s.Get("/api/v2/users").Status(200), s.Get("/api/v2/users/1").Status(200), s.Get("/api/v2/users/search?name=Ada").Status(200),
			s.Get("/openapi.json").Status(200))
		tag := hashes(t, db)[0]
		for i, answer := range answers {
			for _, secret := range []string{password, tag, tag[len(tag)-20:], "argon2", "password_hash"} {
				if strings.Contains(string(answer.Body), secret) {
					t.Errorf("answer %d shows %q: %s", i, secret, answer.Body)
				}
			}
		}
		if strings.Contains(log.String(), password) || strings.Contains(log.String(), "argon2") {
			t.Errorf("the log shows a secret:\n%s", log.String())
		}
	})
}

type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
