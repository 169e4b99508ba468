package password_test

import (
	"bytes"
	"context"
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
)

func TestSD140HashesCannotBePrintedOrEncoded(t *testing.T) {
	t.Parallel()
	var hash password.Hash
	if err := hash.Scan([]byte("hash-text")); err != nil {
		t.Fatal(err)
	}
	holder := struct{ hash password.Hash }{hash}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "hash", hash, "holder", holder)
	for _, text := range []string{fmt.Sprint(hash), fmt.Sprintf("%v %+v %#v %s %q", hash, hash, hash, hash, hash),
		fmt.Sprintf("%v %+v %#v", holder, &holder, holder), log.String()} {
		if strings.Contains(text, "hash-text") {
			t.Errorf("printed: %s", text)
		}
	}
	type view struct {
		Hash password.Hash `json:"hash"`
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
	if _, err := (password.Hash{}).Value(); err == nil {
		t.Error("the hash of nobody reaches the database")
	}
	if err := hash.Scan(nil); err != nil || !hash.IsZero() {
		t.Errorf("NULL is %v, %v", hash.IsZero(), err)
	}
	if err := hash.Scan(7); err == nil {
		t.Error("a number is a hash")
	}
	app := tenon.New(tenon.Config{})
	app.Get("/hash", func(context.Context, *struct{}) (*view, error) { return &view{}, nil })
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "Hash") {
		t.Errorf("error is %v, want one that names the type", err)
	}
}

// FuzzStored: whatever stands in the database is read or refused.
func FuzzStored(f *testing.F) {
	for _, stored := range []string{cheap, "argon2" + cheap, "$2b$04$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"bcrypt$$2b$06$CCCCCCCCCCCCCCCCCCCCC.Efs38Nm60Do0Lj0pewsqwJ4ctDErlDq",
		"$bcrypt-sha256$v=2,t=2b,r=6$CCCCCCCCCCCCCCCCCCCCC.$bv94GSMTcK0dcbCYj3iWwRizT2XLE1C",
		"pbkdf2_sha256$2$saltsaltsalt1234$9KmqdHOimqYqN3Lafbp6QEMwO8r6DKTLlAu07dkLp6g=", "$pbkdf2-sha256$2$MDEy$HwysB", "$$", "bcrypt$$2b$"} {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		memory, passes, err := password.Cost(stored)
		if err != nil && !errors.Is(err, password.ErrUnreadable) || memory > 128<<10 || passes > 10 {
			t.Errorf("%q: %d KiB, %d passes, %v", stored, memory, passes, err)
		}
	})
}
