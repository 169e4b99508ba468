package accounts

import (
	"context"
	"errors"
	"net/http"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/ratelimit"
)

// ErrEmailTaken is answered to whoever signs up with the address of somebody.
var ErrEmailTaken = problem.Define(http.StatusConflict, "email-taken", "The e-mail address is already in use.")

// NewUsers is what Users can be, too: then Routes has POST sign-up, for everybody. A service that asks for more than an address and a password has an
// operation of its own, which calls SignUp.
type NewUsers interface {
	Users
	// Add keeps a new user, who may sign in, and returns the subject. The column of the address is unique.
	Add(ctx context.Context, tx *data.Tx, email string, hash password.Hash) (subject string, err error)
}

// Newcomer is who signs up.
type Newcomer struct {
	// Email is the address to sign in with, in lower case. Required.
	Email string
	// Password is the new one. Required.
	Password tenon.Secret
	// Words are what others know of the person beside the address, such as the name. Default none.
	Words []string
}

// SignUp keeps somebody new: it judges the password, asks whether the address is taken, hashes the password, and has add keep both in a transaction, in that
// order, so that an address that is taken costs no hash, and nobody waits for one. add returns the subject; it runs again as data.DB.Write says. A
// password that breaks a rule is a problem with a fault at body /password, an address that is taken ErrEmailTaken, also of two who come at once, and a service
// that has too much to do password.ErrBusy. Its operation has auth.Public, and a limit such as ratelimit.SignUp.
func (a *Accounts) SignUp(
	ctx context.Context, n Newcomer, add func(ctx context.Context, tx *data.Tx, hash password.Hash) (subject string, err error),
) error {
	if err := a.judge(ctx, Account{Words: append([]string{n.Email}, n.Words...)}, n.Password, "/password"); err != nil {
		return err
	}
	if err := a.free(ctx, n.Email); err != nil {
		return err
	}
	hash, err := a.cfg.Passwords.Hash(ctx, n.Password)
	if err != nil {
		return err
	}
	var subject string
	err = a.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		subject, err = add(ctx, tx, hash)
		return err
	})
	if broken, ok := errors.AsType[*data.ConstraintError](err); ok && broken.Kind == data.Unique {
		err = errors.Join(a.free(ctx, n.Email), err) // somebody was quicker
	}
	if err != nil {
		return err
	}
	a.event(ctx, "user_created", subject, nil)
	return nil
}

// free refuses an address that somebody has.
func (a *Accounts) free(ctx context.Context, email string) error {
	return a.db.Read(ctx, func(ctx context.Context, v *data.View) error {
		switch _, err := a.cfg.Users.ByLogin(ctx, v, email); {
		case err == nil:
			return ErrEmailTaken
		case errors.Is(err, data.ErrNoRows):
			return nil
		default:
			return err
		}
	})
}

// judge holds a new password to the rules; pointer is where it stands in the body.
func (a *Accounts) judge(ctx context.Context, who Account, secret tenon.Secret, pointer string) error {
	err := password.Rules{Words: a.cfg.Words}.Judge(secret, who.Words...)
	if err == nil && a.cfg.Judge != nil {
		err = a.cfg.Judge(ctx, who, secret)
	}
	if fault, bad := errors.AsType[problem.Fault](err); bad {
		fault.In = "body"
		return problem.Invalid(fault.At(pointer))
	}
	return err
}

// NewCredentials are the address and the password of who signs up.
type NewCredentials struct {
	Email    string       `json:"email" transform:"lower" format:"email" doc:"Unique. Case makes no difference; kept in lower case." example:"ada@example.com"`
	Password tenon.Secret `json:"password" minLength:"15" maxLength:"128" format:"password" writeOnly:"true" doc:"None that is guessed first."`
}

// SignedUp is who signed up.
type SignedUp struct {
	Subject string `json:"subject" doc:"Names the user." example:"7"`
}

// signUp is the operation.
func (a *Accounts) signUp(users NewUsers) tenon.Handler[NewCredentials, SignedUp] {
	return func(ctx context.Context, in *NewCredentials) (*SignedUp, error) {
		var out SignedUp
		add := func(ctx context.Context, tx *data.Tx, hash password.Hash) (_ string, err error) {
			out.Subject, err = users.Add(ctx, tx, in.Email, hash)
			return out.Subject, err
		}
		err := a.SignUp(ctx, Newcomer{Email: in.Email, Password: in.Password}, add)
		if err != nil {
			return nil, err
		}
		return &out, nil
	}
}

// signingUp is the operation for new users, where Users keeps such.
func (a *Accounts) signingUp(g *tenon.Group) {
	users, ok := a.cfg.Users.(NewUsers)
	if !ok {
		return
	}
	g.Post("/sign-up", a.signUp(users), auth.Public("sign-up"), ratelimit.SignUp(), tenon.Fails(ErrEmailTaken, password.ErrBusy), tenon.Summary("Sign up"),
		tenon.Description("Keeps a new user, who signs in by an e-mail address and a password from now on."))
}
