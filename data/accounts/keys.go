package accounts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// Scope is something that an API key may be good for.
type Scope struct {
	// Name is that of auth.Scope. Required.
	Name string
	// Roles are those of which the owner of the key needs one, now and whenever the key is shown. Default: anybody may have it.
	Roles []string
}

// open reports whether somebody with the roles may have the scope.
func (s Scope) open(roles []string) bool {
	return len(s.Roles) == 0 || slices.ContainsFunc(s.Roles, func(role string) bool { return slices.Contains(roles, role) })
}

func checkScopes(all []Scope) error {
	var errs []error
	seen := map[string]bool{}
	for i, s := range all {
		if s.Name == "" || strings.ContainsFunc(s.Name, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) || len(s.Name) > 100 {
			errs = append(errs, fmt.Errorf("accounts: Scopes[%d] has the name %q, want printable ASCII without spaces, quotes and backslashes", i, s.Name))
		}
		if seen[s.Name] {
			errs = append(errs, fmt.Errorf("accounts: Scopes has %q twice", s.Name))
		}
		seen[s.Name] = true
	}
	return errors.Join(errs...)
}

var (
	// ErrNoKey is answered for a key that the caller has not, or that has ended.
	ErrNoKey = problem.Define(http.StatusNotFound, "no-key", "There is no such key.")
	// ErrScopeRefused is answered to a wish for a scope that there is not, or that needs a role which the caller has not. Its faults say which.
	ErrScopeRefused = problem.Define(http.StatusForbidden, "scope-refused", "Keys of the caller cannot have one of the scopes.")
	// ErrTooManyKeys is answered to a caller who has a hundred.
	ErrTooManyKeys = problem.Define(http.StatusConflict, "too-many-keys", "There are a hundred keys. End one first.")
)

const mostKeys = 100

// NewKey is a wish for an API key.
type NewKey struct {
	Name   string   `json:"name" minLength:"1" maxLength:"100" doc:"Tells it from others in the list." example:"nightly report"`
	Scopes []string `json:"scopes" minItems:"1" maxItems:"50" uniqueItems:"true" doc:"What it is good for, beside what asks for no role, scope or session."`
	Days   int      `json:"days" minimum:"1" maximum:"365" default:"90" doc:"When it expires, in days from now."`
}

// KeyView is an API key as its owner sees it.
type KeyView struct {
	ID        string    `json:"id" doc:"Names the key. It is no secret."`
	Name      string    `json:"name" doc:"What the owner calls it." example:"nightly report"`
	Scopes    []string  `json:"scopes" doc:"What it is good for."`
	CreatedAt time.Time `json:"created_at" doc:"When it was made, in UTC."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends, in UTC."`
}

func (r keyRow) view() KeyView {
	return KeyView{r.KID, r.Name, strings.Fields(r.Scopes), r.Created, r.Expires}
}

// CreatedKey is a KeyView and the key.
type CreatedKey struct {
	KeyView
	Key string `json:"key" doc:"The key. It is shown this once, and kept nowhere."`
}

// keyAnswer is a key, which nobody between may keep.
type keyAnswer struct {
	CacheControl string     `header:"Cache-Control" doc:"no-store: nobody may keep the key but the client."`
	Key          CreatedKey `body:""`
}

// keyRequest is a NewKey of the caller.
type keyRequest struct {
	inSession
	Key NewKey `body:""`
}

func (a *Accounts) createKey(ctx context.Context, in *keyRequest) (*keyAnswer, error) {
	secret, now := random(secretBytes), a.now()
	row := keyRow{
		KID: encoded(random(12)), Subject: in.Caller.Subject(), Name: in.Key.Name, Hash: hashed("key", secret), Scopes: strings.Join(in.Key.Scopes, " "),
		Created: now, Expires: now.AddDate(0, 0, in.Key.Days),
	}
	err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		who, err := a.caller(ctx, tx, in.Caller)
		if err != nil {
			return err
		}
		if faults := a.judgeScopes(who, in.Key.Scopes); faults != nil {
			return ErrScopeRefused.WithFaults(faults...)
		}
		n, err := keys.Where(a.liveKeys(row.Subject)).Count(ctx, tx)
		if err != nil {
			return err
		}
		if n >= mostKeys {
			return ErrTooManyKeys
		}
		_, err = keys.Insert(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	a.event(ctx, "authn_token_created", row.Subject, nil)
	return &keyAnswer{"no-store", CreatedKey{row.view(), seal(keyPrefix, secret)}}, nil
}

// judgeScopes finds scopes that there are not, or that the owner may not have.
func (a *Accounts) judgeScopes(who Account, names []string) (faults []problem.Fault) {
	for i, name := range names {
		if !slices.ContainsFunc(a.cfg.Scopes, func(s Scope) bool { return s.Name == name && s.open(who.Roles) }) {
			faults = append(faults, problem.Fault{
				In: "body", Pointer: fmt.Sprintf("/scopes/%d", i), Code: "scope", Message: "is no scope that your keys can have",
			})
		}
	}
	return faults
}

func (a *Accounts) liveKeys(subject string) data.Cond {
	return data.And(bySubject.Is(subject), ended.IsNull(), expires.Greater(a.now()))
}

func (a *Accounts) listKeys(ctx context.Context, in *listRequest) (*page.Of[KeyView], error) {
	var rows []keyRow
	var total int64
	err := a.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		rows, total, err = keys.Where(a.liveKeys(in.Caller.Subject())).Page(ctx, v, in.Limit(), in.Offset())
		return err
	})
	if err != nil {
		return nil, err
	}
	return page.New(in.Query, rows, total).Map(keyRow.view), nil
}

func (a *Accounts) endKey(ctx context.Context, in *idRequest) (*tenon.NoContent, error) {
	err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		n, err := tx.Exec(ctx, data.SQL(`UPDATE account_keys SET ended_at = ? WHERE kid = ? AND subject = ? AND ended_at IS NULL`,
			a.now(), in.ID, in.Caller.Subject()))
		if err == nil && n == 0 {
			return ErrNoKey
		}
		return err
	})
	if err == nil {
		a.event(ctx, "authn_token_revoked", in.Caller.Subject(), nil)
	}
	return nil, err
}

// VerifyKey says whom an API key is of, for auth.APIKeyConfig. The caller is a machine (auth.KindMachine), with the scopes of the key that its owner may still
// have, no role and no session: rules of roles, permissions and SignedIn refuse it, and one that asks for none of these lets it in as it does every
// caller, with what is its owner's. The database is asked each time, so a key that was ended counts for nothing at once.
func (a *Accounts) VerifyKey(ctx context.Context, _ string, key auth.Secret, _ bool) (*auth.Principal, error) {
	secret, err := unseal(keyPrefix, secretBytes, key)
	if err != nil {
		return nil, auth.ErrMalformed
	}
	var row keyRow
	var who Account
	err = a.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		row, who, err = a.key(ctx, v, keyHash.Is(hashed("key", secret)))
		return err
	})
	switch {
	case errors.Is(err, data.ErrNoRows):
		return nil, auth.ErrUnknown
	case err != nil:
		return nil, err
	case row.Ended.Valid || !who.Active:
		return nil, auth.ErrRevoked
	case !a.now().Before(row.Expires):
		return nil, auth.ErrExpired
	}
	return auth.NewPrincipal(a.keyIdentity(row, who))
}

// key finds a key and whose it is.
func (a *Accounts) key(ctx context.Context, q data.Querier, which data.Cond) (row keyRow, who Account, err error) {
	if row, err = keys.Where(which).One(ctx, q); err != nil {
		return row, who, err
	}
	who, err = account(a.cfg.Users.BySubject(ctx, q, row.Subject))
	return row, who, err
}

// keyIdentity is who calls by a key, with the scopes that its owner may have now.
func (a *Accounts) keyIdentity(row keyRow, who Account) auth.Identity {
	scopes := slices.DeleteFunc(strings.Fields(row.Scopes), func(name string) bool { return a.judgeScopes(who, []string{name}) != nil })
	return auth.Identity{Subject: row.Subject, Kind: auth.KindMachine, Scopes: scopes, Credential: row.KID, IssuedAt: row.Created, Expires: row.Expires}
}
