package accounts

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// refreshToken is a refresh token, taken apart.
type refreshToken struct {
	family []byte // the same for all of a session
	secret []byte // of this one
}

func (t refreshToken) String() string {
	return seal(refreshPrefix, append(append([]byte{}, t.family...), t.secret...))
}

func parseRefresh(token tenon.Secret) (refreshToken, error) {
	raw, err := unseal(refreshPrefix, familyBytes+secretBytes, token)
	if err != nil {
		return refreshToken{}, err
	}
	return refreshToken{raw[:familyBytes], raw[familyBytes:]}, nil
}

func (t refreshToken) familyHash() string { return hashed("family", t.family) }
func (t refreshToken) secretHash() string { return hashed("refresh", t.secret) }

// begin makes a session. Of more than mostSessions the oldest end.
func (a *Accounts) begin(ctx context.Context, tx *data.Tx, subject string, from visitor) (sessionRow, refreshToken, error) {
	now := a.now()
	token := refreshToken{random(familyBytes), random(secretBytes)}
	row := sessionRow{
		SID: encoded(random(16)), Subject: subject, Family: token.familyHash(), Current: token.secretHash(), Client: from.client, Address: from.address,
		Created: now, Rotated: now, Expires: now.Add(idle),
	}
	if _, err := sessions.Insert(ctx, tx, row); err != nil {
		return row, token, err
	}
	_, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET ended_at = ? WHERE ended_at IS NULL AND id IN (SELECT id FROM account_sessions
		WHERE subject = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 1000 OFFSET ?)`, now, subject, now, mostSessions))
	return row, token, err
}

var (
	errUnknownToken = errors.New("accounts: no session has the refresh token")
	errEnded        = errors.New("accounts: the session has ended")
	errReused       = errors.New("accounts: a refresh token was used again; its session is ended")
)

// rotate gives the refresh token that takes the place of one. refused says why there is none; what was done then is to be committed.
func (a *Accounts) rotate(ctx context.Context, tx *data.Tx, token refreshToken) (row sessionRow, next refreshToken, refused, err error) {
	for range 3 { // somebody else may have been quicker, of whom the next look tells
		row, err = sessions.Where(sessionFamily.Is(token.familyHash())).One(ctx, tx)
		switch {
		case errors.Is(err, data.ErrNoRows):
			return row, next, errUnknownToken, nil
		case err != nil:
			return row, next, nil, err
		case !row.live(a.now()):
			return row, next, errEnded, nil
		}
		now, err := a.common(ctx, tx)
		if err != nil {
			return row, next, nil, err
		}
		switch {
		case row.Current == token.secretHash():
			done, next, err := a.replace(ctx, tx, &row, token, now)
			if done || err != nil {
				return row, next, nil, err
			}
			continue
		case row.Last == token.secretHash() && now.Sub(row.Rotated) <= grace:
			nonce, err := base64.RawURLEncoding.DecodeString(row.Nonce)
			return row, refreshToken{token.family, successor(token.secret, nonce)}, nil, err
		}
		return row, next, errReused, a.end(ctx, tx, row.SID)
	}
	return row, next, errUnknownToken, nil
}

// common is the time by the clock of the database, which is one for all replicas: what one of them wrote a moment ago is a moment old for the others, whatever
// their own clocks say.
func (a *Accounts) common(ctx context.Context, tx *data.Tx) (time.Time, error) {
	query := data.SQL(`SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)`)
	if a.db.Engine() == "postgres" {
		query = data.SQL(`SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`)
	}
	since, err := data.One[int64](ctx, tx, query)
	return time.UnixMicro(since).UTC(), err
}

// replace puts the successor of a token in its place, unless somebody else has. now is by the clock of the database.
func (a *Accounts) replace(ctx context.Context, tx *data.Tx, row *sessionRow, token refreshToken, now time.Time) (done bool, next refreshToken, err error) {
	nonce := random(secretBytes)
	next = refreshToken{token.family, successor(token.secret, nonce)}
	last := row.Current
	row.Last, row.Current, row.Nonce, row.Rotated = last, next.secretHash(), encoded(nonce), now
	row.Expires = a.now().Add(idle)
	if most := row.Created.Add(absolute); row.Expires.After(most) {
		row.Expires = most
	}
	n, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET last_hash = ?, current_hash = ?, nonce = ?, rotated_at = ?, expires_at = ?
		WHERE id = ? AND current_hash = ? AND ended_at IS NULL`, row.Last, row.Current, row.Nonce, row.Rotated, row.Expires, row.ID, last))
	return n == 1, next, err
}

// live reports whether a session goes on.
func (r *sessionRow) live(now time.Time) bool { return !r.Ended.Valid && now.Before(r.Expires) }

// end ends a session, if it has not ended.
func (a *Accounts) end(ctx context.Context, tx *data.Tx, sid string) error {
	_, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET ended_at = ? WHERE sid = ? AND ended_at IS NULL`, a.now(), sid))
	tx.AfterCommit(func(context.Context) { a.standing.forget() })
	return err
}

// endOthers ends all sessions of somebody but one; "" is no exception.
func (a *Accounts) endOthers(ctx context.Context, tx *data.Tx, subject, but string) error {
	_, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET ended_at = ? WHERE subject = ? AND sid <> ? AND ended_at IS NULL`, a.now(), subject, but))
	tx.AfterCommit(func(context.Context) { a.standing.forget() })
	return err
}

// EndSessions ends all sessions of somebody, and their API keys, within a transaction of the service: when the user is deleted or kept out, or
// somebody else has their password.
func (a *Accounts) EndSessions(ctx context.Context, tx *data.Tx, subject string) error {
	if err := a.lock(ctx, tx, subject); err != nil {
		return err
	}
	if err := a.endOthers(ctx, tx, subject, ""); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, data.SQL(`UPDATE account_keys SET ended_at = ? WHERE subject = ? AND ended_at IS NULL`, a.now(), subject))
	return err
}
