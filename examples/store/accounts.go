package store

import (
	"context"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
)

// Tokens are for this service, and made by it.
const (
	issuer   = "urn:tenon:store"
	audience = "store"
)

// scopeProducts lets a program keep the products: by an API key of an admin.
const scopeProducts = "products:write"

// passwords are the rules for new ones: none that is little else than the name of the service.
func passwords() password.Rules {
	return password.Rules{Words: []string{"tenon", "store"}}
}

// newAccounts signs the users in and out.
func newAccounts(db *database, cfg Config, keys auth.Keys[auth.Access], hasher *password.Hasher) (*accounts.Accounts, error) {
	return accounts.New(db, accounts.Config{
		Users: directory{}, Passwords: hasher, Logger: cfg.Logger, Now: cfg.Now,
		Tokens: auth.TokensConfig[auth.Access]{Keys: keys, Issuer: issuer, Audience: audience},
		Words:  passwords().Words,
		Scopes: []accounts.Scope{{Name: scopeProducts, Roles: []string{roleAdmin}}},
	})
}

// directory tells accounts of the users.
type directory struct{}

// ByLogin finds a user by the address.
func (directory) ByLogin(ctx context.Context, q data.Querier, email string) (accounts.Account, error) {
	return account(userTable.Where(userEmail.Is(email)).One(ctx, q))
}

// BySubject finds a user by the id.
func (directory) BySubject(ctx context.Context, q data.Querier, subject string) (accounts.Account, error) {
	return account(userTable.Where(userID.Is(idOf(subject))).One(ctx, q))
}

// SetPassword keeps another hash for a user.
func (directory) SetPassword(ctx context.Context, tx *data.Tx, subject string, hash password.Hash) error {
	_, err := tx.Exec(ctx, data.SQL(`UPDATE users SET password_hash = ? WHERE id = ?`, hash, idOf(subject)))
	return err
}

func account(row userRow, err error) (accounts.Account, error) {
	return accounts.Account{
		Subject: subject(row.ID), Roles: []string{string(row.Role)}, Active: row.Active, Password: row.PasswordHash,
		Words: []string{row.Email.Open(), row.Name},
	}, err
}
