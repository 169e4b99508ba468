package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// ErrTooManyAttempts is answered when too many passwords were tried, for an account or from an address. Retry-After says when one may be tried
// again. It is the same for an account that is not there.
var ErrTooManyAttempts = problem.Define(http.StatusTooManyRequests, "too-many-attempts", "Too many passwords were tried. Try again later.").
	WithHeader("Cache-Control", "no-store")

// Limits are how many passwords may be tried. Those who have signed in already notice nothing of them.
type Limits struct {
	// PerAccount is how many for one account before who tries must wait: 30 seconds, then twice as long each time, up to 15 minutes. 15 minutes
	// without a try after that wait, or the right password, begin anew. At most 100. Default 10.
	PerAccount int
	// PerDay is how many for one account within 24 hours, 100 at most (NIST SP 800-63B-4, section 3.2.2). Default 100.
	PerDay int
	// PerAddress is how many from one address within a minute, or of IPv6 from one network of 64 bits. Default 30.
	PerAddress int
}

func (l Limits) check() error {
	var errs []error
	if l.PerAccount < 0 || l.PerAccount > 100 {
		errs = append(errs, fmt.Errorf("accounts: Limits.PerAccount is %d, want 0 (10) to 100", l.PerAccount))
	}
	if l.PerDay < 0 || l.PerDay > 100 {
		errs = append(errs, fmt.Errorf("accounts: Limits.PerDay is %d, want 0 (100) to 100", l.PerDay))
	}
	if l.PerAddress < 0 {
		errs = append(errs, fmt.Errorf("accounts: Limits.PerAddress is %d, want 0 (30) or more", l.PerAddress))
	}
	return errors.Join(errs...)
}

func (l Limits) withDefaults() Limits {
	if l.PerAccount == 0 {
		l.PerAccount = 10
	}
	if l.PerDay == 0 {
		l.PerDay = 100
	}
	if l.PerAddress == 0 {
		l.PerAddress = 30
	}
	return l
}

const (
	firstDelay = 30 * time.Second
	mostDelay  = 15 * time.Minute
	quiet      = 15 * time.Minute // after which tries are forgotten
	day        = 24 * time.Hour
	familiar   = 30 * day // how long an address is known since the last login from there
)

// tryAccount counts a try for an account, or says how long to wait for one. Who must wait changes nothing by asking.
func (l Limits) tryAccount(r *attemptRow, now time.Time) (wait time.Duration) {
	if now.Sub(r.DaySince) >= day {
		r.DayTries, r.DaySince = 0, now
	}
	if now.Sub(later(r.Last, r.NotBefore)) >= quiet {
		r.Tries = 0
	}
	if r.DayTries >= int64(l.PerDay) {
		return max(r.DaySince.Add(day).Sub(now), time.Second)
	}
	if now.Before(r.NotBefore) {
		return r.NotBefore.Sub(now)
	}
	r.Tries, r.DayTries, r.Last = r.Tries+1, r.DayTries+1, now
	if beyond := r.Tries - int64(l.PerAccount); beyond >= 0 {
		r.NotBefore = now.Add(min(firstDelay<<min(beyond, 10), mostDelay))
	}
	r.Forget = now.Add(day)
	return 0
}

// tryAddress counts a try from an address.
func (l Limits) tryAddress(r *attemptRow, now time.Time) (wait time.Duration) {
	if now.Sub(r.DaySince) >= time.Minute {
		r.Tries, r.DaySince = 0, now
	}
	if r.Tries >= int64(l.PerAddress) {
		return max(r.DaySince.Add(time.Minute).Sub(now), time.Second)
	}
	r.Tries, r.Last = r.Tries+1, now
	r.Forget = now.Add(time.Minute)
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// counted is a try that was counted: it can be given back.
type counted struct {
	id     int64
	before time.Time // the account's NotBefore without it
}

// door is what is known of a try before it is counted.
type door struct {
	who     Account // whose password it would be; nobody is the zero Account
	address string  // the bucket of the address
	account string  // that of the account
}

// admit counts a try and finds whose password it is of. It is counted before the password is looked at, so that any number at once is bounded. What
// cannot be counted is an error. Who must wait is told so by a transaction that only reads: a flood of tries keeps nobody from writing.
func (a *Accounts) admit(ctx context.Context, email string, from visitor) (who Account, c counted, err error) {
	var d door
	var wait time.Duration
	err = a.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		if d, err = a.door(ctx, v, email, from); err == nil {
			wait, err = a.mustWait(ctx, v, d)
		}
		return err
	})
	if err == nil && wait == 0 {
		err = a.write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
			if wait, _, err = a.count(ctx, tx, d.address, a.cfg.Limits.tryAddress); err == nil && wait == 0 {
				wait, c, err = a.count(ctx, tx, d.account, a.cfg.Limits.tryAccount)
			}
			return err
		})
	}
	if err != nil {
		return Account{}, c, err
	}
	if wait > 0 {
		a.event(ctx, "authn_login_lock", d.who.Subject, nil)
		return Account{}, c, tooMany(wait)
	}
	a.sweepSometimes(ctx)
	return d.who, c, nil
}

func tooMany(wait time.Duration) *problem.Error {
	return ErrTooManyAttempts.WithHeader("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
}

// door finds who is meant, and what is counted. Tries from an address from which somebody has signed in within the last month are counted apart:
// strangers, wherever they are, cannot use them up.
func (a *Accounts) door(ctx context.Context, q data.Querier, email string, from visitor) (d door, err error) {
	if d.who, err = account(a.cfg.Users.ByLogin(ctx, q, email)); err != nil {
		return d, err
	}
	lately := created.Greater(a.now().Add(-familiar))
	known, err := sessions.Where(bySubject.Is(d.who.Subject), sessionAddress.Is(from.address), sessionAddress.IsNot(""), lately).Count(ctx, q)
	d.address, d.account = bucketOf("address", from.address), bucketOf("account", email)
	if known > 0 {
		d.account = bucketOf("account", email, from.address)
	}
	return d, err
}

// mustWait looks at the counts without counting.
func (a *Accounts) mustWait(ctx context.Context, q data.Querier, d door) (wait time.Duration, err error) {
	rows, _, err := attempts.Where(attemptBucket.In(d.address, d.account)).Page(ctx, q, 2, 0)
	now := a.now()
	for _, row := range rows {
		if row.Bucket == d.address {
			wait = max(wait, a.cfg.Limits.tryAddress(&row, now))
		} else {
			wait = max(wait, a.cfg.Limits.tryAccount(&row, now))
		}
	}
	return wait, err
}

// count counts a try in a bucket. Others who count there wait until this transaction ends.
func (a *Accounts) count(ctx context.Context, tx *data.Tx, bucket string, try func(*attemptRow, time.Time) time.Duration) (time.Duration, counted, error) {
	now := a.now()
	row, err := data.One[attemptRow](ctx, tx, data.SQL(`INSERT INTO account_attempts (bucket, tries, last_at, day_tries, day_since, not_before, forget_at)
		VALUES (?, 0, ?, 0, ?, ?, ?) ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket
		RETURNING id, bucket, tries, last_at, day_tries, day_since, not_before, forget_at`, bucket, now, now, now, now.Add(day)))
	if err != nil {
		return 0, counted{}, err
	}
	c := counted{row.ID, row.NotBefore}
	if wait := try(&row, now); wait > 0 {
		return wait, c, nil
	}
	_, err = tx.Exec(ctx, data.SQL(`UPDATE account_attempts SET tries = ?, last_at = ?, day_tries = ?, day_since = ?, not_before = ?, forget_at = ?
		WHERE id = ?`,
		row.Tries, row.Last, row.DayTries, row.DaySince, row.NotBefore, row.Forget, row.ID))
	return 0, c, err
}

// settle forgets the tries for an account whose password was right.
func (a *Accounts) settle(ctx context.Context, tx *data.Tx, c counted) error {
	_, err := attempts.Where(rowID.Is(c.id)).Delete(ctx, tx)
	return err
}

// giveBack takes back a try for an account of which nothing was learned, as the service had too much to do.
func (a *Accounts) giveBack(ctx context.Context, c counted) error {
	return a.write(context.WithoutCancel(ctx), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL(`UPDATE account_attempts SET tries = tries - 1, day_tries = day_tries - 1, not_before = ?
			WHERE id = ? AND tries > 0 AND day_tries > 0`, c.before, c.id))
		return err
	})
}

// bucketOf names what is counted, without saying what it is: the table holds nobody's address.
func bucketOf(kind string, parts ...string) string {
	return hashed("bucket", []byte(kind+"\x00"+strings.Join(parts, "\x00")))
}
