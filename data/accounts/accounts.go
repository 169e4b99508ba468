package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
)

// Users are the users of a service, in a table of its own. Methods are called by many requests at once, within the transaction that q is. They return
// data.ErrNoRows where there is nobody.
type Users interface {
	// ByLogin finds who signs in with an e-mail address, which is in lower case.
	ByLogin(ctx context.Context, q data.Querier, email string) (Account, error)
	// BySubject finds somebody by the id that ByLogin told.
	BySubject(ctx context.Context, q data.Querier, subject string) (Account, error)
	// SetPassword keeps another hash for somebody.
	SetPassword(ctx context.Context, tx *data.Tx, subject string, hash password.Hash) error
}

// Account is what a service knows of one of its users.
type Account struct {
	// Subject is the id, which never becomes another's. Required, at most 255 bytes.
	Subject string
	// Roles are what the user is in this service now.
	Roles []string
	// Active reports whether the user may sign in, and what they hold counts.
	Active bool
	// Password is the hash that is stored; that of nobody lets no password in.
	Password password.Hash
	// Words are what others know of the person, such as the address and the name: a new password must be more than those.
	Words []string
}

// Database is a *data.DB, or what embeds one that is opened later.
type Database interface {
	data.Querier
	// Read runs f within a snapshot.
	Read(ctx context.Context, f func(ctx context.Context, v *data.View) error) error
	// Write runs f within a transaction.
	Write(ctx context.Context, f func(ctx context.Context, tx *data.Tx) error, isolation ...sql.IsolationLevel) error
	// Engine is the kind of database.
	Engine() string
}

// Config says whose accounts they are, and what tokens are made.
type Config struct {
	// Users are those of the service; NewUsers can sign up. Required.
	Users Users
	// Tokens says how access tokens are made. Its Standing is that of the accounts, and must be nil. Required.
	Tokens auth.TokensConfig[auth.Access]
	// Passwords hashes passwords; share it with what else does, so that they wait in one queue. Default: one of its own.
	Passwords *password.Hasher
	// Words are those of the service, such as its name: a new password must be more than those. Default none.
	Words []string
	// Judge holds a new password to rules of the service beside password.Rules, such as a list of passwords that were stolen; it is called by many requests
	// at once. A problem.Fault with a code and a message refuses the password; other errors fail the request. who has Words, and of somebody who is there
	// the rest. Default none.
	Judge func(ctx context.Context, who Account, secret tenon.Secret) error
	// Scopes are those that API keys can have. Default none: there are no API keys.
	Scopes []Scope
	// Limits are how many passwords may be tried.
	Limits Limits
	// Realm is told to clients. Default "api".
	Realm string
	// Logger receives who signs in and who is refused. Default slog.Default().
	Logger *slog.Logger
	// Now is the clock. Default time.Now.
	Now func() time.Time
}

// mostSessions is how many sessions of one user go on at once.
const mostSessions = 100

// How long a session lasts.
const (
	idle     = 14 * 24 * time.Hour // since its last refresh
	absolute = 30 * 24 * time.Hour // since the login
	grace    = 10 * time.Second    // in which a token that was just used still gives the one that took its place
)

// Accounts sign users in and out. Make them with New. They are safe for concurrent use.
type Accounts struct {
	db        Database
	cfg       Config
	tokens    *auth.Tokens[auth.Access]
	standing  *standing
	challenge string
	sweeper   sweeper
}

// New makes Accounts on a database with the tables of Models, or returns all that is wrong with the configuration.
func New(db Database, cfg Config) (*Accounts, error) {
	var errs []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf("accounts: "+format, args...))
		}
	}
	fault(db == nil, "there is no database")
	fault(cfg.Users == nil, "there are no Users")
	fault(cfg.Tokens.Standing != nil, "Tokens.Standing is that of the accounts; leave it nil")
	fault(strings.ContainsFunc(cfg.Realm, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }),
		"Realm is not of printable ASCII without quotes and backslashes")
	errs = append(errs, cfg.Limits.check(), checkScopes(cfg.Scopes))
	if cfg.Passwords == nil {
		var err error
		cfg.Passwords, err = password.New(password.Config{})
		errs = append(errs, err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.Realm == "" {
		cfg.Realm = "api"
	}
	cfg.Limits = cfg.Limits.withDefaults()
	a := &Accounts{db: db, cfg: cfg, challenge: `Bearer realm="` + cfg.Realm + `"`}
	a.standing = newStanding(a)
	cfg.Tokens.Standing = a.standing
	tokens, err := auth.NewTokens(cfg.Tokens)
	a.tokens = tokens
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return a, nil
}

// Tokens are the access tokens, for auth.Bearer. A session that ended, a user who is kept out and a role that was taken away are noticed at once where
// something is changed or a rule asks for a role, and within five seconds elsewhere, by every replica.
func (a *Accounts) Tokens() *auth.Tokens[auth.Access] { return a.tokens }

// now is the time as it is stored: in UTC and in whole microseconds, so that it reads back as the same on every database.
func (a *Accounts) now() time.Time { return a.cfg.Now().UTC().Truncate(time.Microsecond) }

// write runs f in a transaction whose statements and constraints keep by themselves what must hold, so that writers of one row wait for each other.
func (a *Accounts) write(ctx context.Context, f func(ctx context.Context, tx *data.Tx) error) error {
	return a.db.Write(ctx, f, sql.LevelReadCommitted)
}

// account finds an account; nobody is the zero Account.
func account(found Account, err error) (Account, error) {
	if errors.Is(err, data.ErrNoRows) {
		return Account{}, nil
	}
	return found, err
}
