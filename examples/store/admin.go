package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// adminAge is that of an admin whom nobody asked.
const adminAge = 18

// adminEmail is the address of one.
const adminEmail = "admin@example.com"

// adminRules are those of sign-up, and one character more: as it stands in the settings, the password is held to what production asks of secrets (T013).
var adminRules = password.Rules{Min: 16, Words: passwords().Words}

// Admin says who may do everything.
type Admin struct {
	// Email is their address. Default "admin@example.com".
	Email string
	// Password is theirs: 16 characters or more, and what sign-up asks. Default: a random one.
	Password tenon.Secret
}

// check is what is wrong with what was said.
func (a Admin) check() error {
	var errs []error
	if address, err := mail.ParseAddress(a.Email); a.Email != "" && (err != nil || address.Address != a.Email) {
		errs = append(errs, fmt.Errorf("admin_email: %q is not an e-mail address", a.Email))
	}
	if !a.Password.Equal(tenon.Secret{}) {
		if fault, bad := errors.AsType[problem.Fault](adminRules.Judge(a.Password, cmp.Or(a.Email, adminEmail))); bad {
			errs = append(errs, fmt.Errorf("admin_password: %s", fault.Message))
		}
	}
	return errors.Join(errs...)
}

// complete fills in what is not said; drawn is a password that nobody else knows, "" is that there was one.
func (a Admin) complete() (whole Admin, drawn string) {
	a.Email = strings.ToLower(cmp.Or(a.Email, adminEmail))
	if a.Password.Equal(tenon.Secret{}) {
		drawn = rand.Text()
		a.Password = tenon.NewSecret(drawn)
	}
	return a, drawn
}

// FirstAdmin makes an admin where there is none yet. drawn is a password that was drawn for them, to be shown once; "" is that there is nothing to show. An
// address that another user has is an error: nobody becomes an admin by signing up first.
func FirstAdmin(ctx context.Context, db *data.DB, admin Admin) (email, drawn string, err error) {
	there, err := hasAdmin(ctx, db)
	if err != nil || there {
		return "", "", err
	}
	admin, drawn = admin.complete()
	hash, err := hashed(ctx, admin.Password)
	if err != nil {
		return "", "", fmt.Errorf("store: first admin: %w", err)
	}
	row := userRow{
		Name: "Admin", Email: auth.NewPII(admin.Email), Age: adminAge, PasswordHash: hash, CreatedAt: instant(time.Now()), Version: 1,
		Role: roleAdmin, Active: true,
	}
	err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		_, err := userTable.Insert(ctx, tx, row)
		return err
	})
	if data.IsUnique(err, "users_email_key") {
		if there, err := hasAdmin(ctx, db); err != nil || there { // another replica started at the same time
			return "", "", err
		}
		err = errors.New("a user who is no admin has the address " + admin.Email + "; set STORE_ADMIN_EMAIL, or make an admin by createadmin")
	}
	if err != nil {
		return "", "", fmt.Errorf("store: first admin: %w", err)
	}
	return admin.Email, drawn, nil
}

func hasAdmin(ctx context.Context, db *data.DB) (there bool, err error) {
	n, err := userTable.Where(userRole.Is(roleAdmin)).Count(ctx, db)
	return n > 0, err
}

// MakeAdmin makes an admin, also of a user who has the address: with the password, whatever theirs was, and without the sessions that they had. drawn is a
// password that was drawn; "" is that there is nothing to show.
func MakeAdmin(ctx context.Context, db *data.DB, admin Admin) (email, drawn string, err error) {
	admin, drawn = admin.complete()
	hash, err := hashed(ctx, admin.Password)
	if err != nil {
		return "", "", fmt.Errorf("store: admin: %w", err)
	}
	keys, _ := auth.LateKeys[auth.Access]() // nothing is signed here
	acc, err := newAccounts(&database{db}, Config{}, keys, nil)
	if err != nil {
		return "", "", err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		id, err := data.One[int64](ctx, tx, data.SQL(`INSERT INTO users (name, email, age, password_hash, created_at, role)
			VALUES ('Admin', ?, ?, ?, ?, 'admin') ON CONFLICT (email)
			DO UPDATE SET role = 'admin', active = TRUE, password_hash = excluded.password_hash RETURNING id`,
			admin.Email, adminAge, hash, instant(time.Now())))
		if err != nil {
			return err
		}
		return acc.EndSessions(ctx, tx, subject(id))
	})
	if err != nil {
		return "", "", fmt.Errorf("store: admin: %w", err)
	}
	return admin.Email, drawn, nil
}

// hashed is the hash of a password that no client sent.
func hashed(ctx context.Context, text tenon.Secret) (password.Hash, error) {
	hasher, err := password.New(password.Config{})
	if err != nil {
		return password.Hash{}, err
	}
	return hasher.Hash(ctx, text)
}
