package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// lock has what depends on the password, the sessions and the keys of somebody happen one after another: whoever locks them too waits until tx ends, or, in
// a serializable transaction, runs again. The row that is locked is one of account_attempts, as the users are in a table of the service.
func (a *Accounts) lock(ctx context.Context, tx *data.Tx, subject string) error {
	now := a.now()
	_, err := tx.Exec(ctx, data.SQL(`INSERT INTO account_attempts (bucket, tries, last_at, day_tries, day_since, not_before, forget_at)
		VALUES (?, 0, ?, 0, ?, ?, ?) ON CONFLICT (bucket) DO UPDATE SET forget_at = excluded.forget_at`,
		bucketOf("lock", subject), now, now, now, now.Add(time.Hour))) // no transaction lasts as long
	return err
}

// locked is who somebody is, from here to the end of tx.
func (a *Accounts) locked(ctx context.Context, tx *data.Tx, subject string) (Account, error) {
	if err := a.lock(ctx, tx, subject); err != nil {
		return Account{}, err
	}
	return account(a.cfg.Users.BySubject(ctx, tx, subject))
}

// caller is who calls, locked. One whose session has ended since the request came, or who is kept out, is refused.
func (a *Accounts) caller(ctx context.Context, tx *data.Tx, p *auth.Principal) (Account, error) {
	if err := a.lock(ctx, tx, p.Subject()); err != nil {
		return Account{}, err
	}
	who, live, err := a.stands(ctx, tx, p)
	if err == nil && !live {
		err = a.revoked()
	}
	return who, err
}

// stands reports who a caller is now, and whether what they show still counts. A token without a session is of a program that issued it by Tokens; it counts
// as long as the user does.
func (a *Accounts) stands(ctx context.Context, q data.Querier, p *auth.Principal) (who Account, live bool, err error) {
	if who, err = account(a.cfg.Users.BySubject(ctx, q, p.Subject())); err != nil || p.Session() == "" {
		return who, who.Active, err
	}
	row, err := sessions.Where(sessionSID.Is(p.Session())).One(ctx, q)
	if errors.Is(err, data.ErrNoRows) {
		return who, false, nil
	}
	return who, who.Active && row.Subject == p.Subject() && row.live(a.now()), err
}

func (a *Accounts) revoked() error {
	return problem.New(problem.CodeUnauthorized, "").WithHeader("WWW-Authenticate", a.challenge).Wrap(auth.ErrRevoked)
}

// same reports whether two hashes are one.
func same(a, b password.Hash) bool {
	if a.IsZero() || b.IsZero() {
		return a.IsZero() && b.IsZero()
	}
	one, errOne := a.Value()
	other, errOther := b.Value()
	return errOne == nil && errOther == nil && one == other
}
