package store_test

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/tenon-go/tenon"
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

// TestPasswordsQueueUpOnlySoFar floods the sign-up: what does not fit into the queue is told to come back, and costs no hash.
func TestPasswordsQueueUpOnlySoFar(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		const callers, waiting, working = 10, 3, 2
		release := make(chan struct{})
		var hashed atomic.Int64
		app, err := store.NewHashing(store.Config{DB: db, Logger: tenontest.Logger(t)}, waiting, working, func(_, salt []byte) []byte {
			<-release
			hashed.Add(1)
			return salt
		})
		if err != nil {
			t.Fatal(err)
		}
		s := tenontest.New(t, app)
		answers := make(chan *tenontest.Response, callers)
		for i := range callers {
			go func() { answers <- s.Post("/api/v2/users", newUser("Ada", fmt.Sprintf("a%d@example.com", i))) }()
		}
		for range callers - waiting - working { // nothing is hashed before these have their answer
			(<-answers).Status(503).Problem("busy").Header("Retry-After", "1")
		}
		close(release)
		for range waiting + working {
			(<-answers).Status(201)
		}
		if hashed.Load() != waiting+working {
			t.Errorf("%d passwords were hashed, want %d", hashed.Load(), waiting+working)
		}
	})
}

func TestSD140SecretsNeverLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		var log bytes.Buffer
		app, err := store.New(store.Config{DB: db, Logger: slog.New(slog.NewTextHandler(&locked{w: &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if err != nil {
			t.Fatal(err)
		}
		s := tenontest.New(t, app)
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

func TestSD140HashesCannotBePrintedOrEncoded(t *testing.T) {
	t.Parallel()
	var hash store.PasswordHash
	if err := hash.Scan("hash-text"); err != nil {
		t.Fatal(err)
	}
	holder := struct{ hash store.PasswordHash }{hash}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "hash", hash, "holder", holder)
	for _, text := range []string{fmt.Sprint(hash), fmt.Sprintf("%v %+v %#v %s %q", hash, hash, hash, hash, hash),
		fmt.Sprintf("%v %+v %#v", holder, &holder, holder), log.String()} {
		if strings.Contains(text, "hash-text") {
			t.Errorf("printed: %s", text)
		}
	}
	type view struct {
		Hash store.PasswordHash `json:"hash"`
	}
	if out, err := json.Marshal(view{hash}); err == nil {
		t.Errorf("encoding/json gives %s", out)
	}
	if out, err := jsonv2.Marshal(view{hash}); err == nil {
		t.Errorf("encoding/json/v2 gives %s", out)
	}
	if got, err := hash.Value(); err != nil || got != "hash-text" {
		t.Errorf("the database gets %v, %v", got, err)
	}
	if _, err := new(store.PasswordHash).Value(); err == nil {
		t.Error("an empty hash reaches the database")
	}
}

func TestSD140AnOutputWithAHashDoesNotCompile(t *testing.T) {
	t.Parallel()
	type view struct {
		Users []struct {
			Hash store.PasswordHash `json:"hash"`
		} `json:"users"`
	}
	app := tenon.New(tenon.Config{})
	app.Get("/users", func(context.Context, *struct{}) (*view, error) { return &view{}, nil })
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "PasswordHash") {
		t.Errorf("error is %v, want one that names the type", err)
	}
}
