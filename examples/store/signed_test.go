package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// root is the key of the services of the tests.
func root(t *testing.T) auth.Root {
	t.Helper()
	sum := sha256.Sum256([]byte("the tests of the store"))
	root, err := auth.ParseRoot(hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// signed is the field Authorization of a user.
func signed(t *testing.T, id int, role string) string {
	t.Helper()
	return inSession(t, "", id, role)
}

// inSession is the same of a user in a session; "" is none.
func inSession(t *testing.T, session string, id int, role string) string {
	t.Helper()
	token, err := store.Issue(root(t), auth.Identity{
		Subject: strconv.Itoa(id), Roles: []string{role}, Session: session, AuthenticatedAt: time.Now().Truncate(time.Second),
	})
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

// as is a client of the same service who is signed in as a user.
func as(t *testing.T, s *tenontest.Server, id int, role string) *tenontest.Server {
	t.Helper()
	return s.With("Authorization", signed(t, id, role))
}

// nobody is a client of the same service who is not signed in.
func nobody(s *tenontest.Server) *tenontest.Server { return s.With("Authorization", "") }
