package accounts

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
)

// ErrWrongPassword is answered to a caller whose current password is another one.
var ErrWrongPassword = problem.Define(http.StatusForbidden, "wrong-password", "The current password is wrong.")

// PasswordChange is a new password, and the proof that its owner is at the keyboard.
type PasswordChange struct {
	Current tenon.Secret `json:"current_password" minLength:"1" maxLength:"1024" format:"password" writeOnly:"true" doc:"The one that counts so far."`
	New     tenon.Secret `json:"new_password" minLength:"15" maxLength:"128" format:"password" writeOnly:"true" doc:"password_common is guessed first."`
}

// changeRequest is a PasswordChange of the caller.
type changeRequest struct {
	inSession
	Change PasswordChange `body:""`
}

// changePassword also ends the other sessions of the caller: whoever has the old password may have one.
func (a *Accounts) changePassword(ctx context.Context, in *changeRequest) (*tenon.NoContent, error) {
	subject := in.Caller.Subject()
	who, c, err := a.tryAgain(ctx, subject)
	if err != nil {
		return nil, err
	}
	if err := a.judge(ctx, who, in.Change.New, "/new_password"); err != nil {
		return nil, errors.Join(err, a.giveBack(ctx, c))
	}
	ok, _, err := a.cfg.Passwords.Verify(ctx, in.Change.Current, who.Password)
	switch {
	case errors.Is(err, password.ErrUnreadable), err == nil && !ok:
		a.event(ctx, "authn_password_change_fail", subject, err)
		return nil, ErrWrongPassword
	case err != nil:
		return nil, errors.Join(err, a.giveBack(ctx, c))
	}
	hash, err := a.cfg.Passwords.Hash(ctx, in.Change.New)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		now, err := a.caller(ctx, tx, in.Caller)
		if err != nil {
			return err
		}
		if !same(now.Password, who.Password) { // somebody was quicker
			return ErrWrongPassword.Wrap(errChanged)
		}
		err = a.cfg.Users.SetPassword(ctx, tx, subject, hash)
		return errors.Join(err, a.endOthers(ctx, tx, subject, in.Caller.Session()), a.settle(ctx, tx, c))
	})
	switch {
	case err == nil:
		a.event(ctx, "authn_password_change", subject, nil)
	case errors.Is(err, errChanged):
		a.event(ctx, "authn_password_change_fail", subject, errChanged)
	}
	return nil, err
}

// tryAgain counts a try of somebody who has signed in to say their password again: who has a token must not guess it.
func (a *Accounts) tryAgain(ctx context.Context, subject string) (who Account, c counted, err error) {
	var wait time.Duration
	err = a.write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if who, err = account(a.cfg.Users.BySubject(ctx, tx, subject)); err != nil {
			return err
		}
		wait, c, err = a.count(ctx, tx, bucketOf("again", subject), a.cfg.Limits.tryAccount)
		return err
	})
	switch {
	case err != nil:
		return who, c, err
	case !who.Active: // since a moment ago
		return who, c, a.revoked()
	case wait > 0:
		a.event(ctx, "authn_login_lock", subject, nil)
		return who, c, tooMany(wait)
	}
	return who, c, nil
}
