package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

// ErrNoSession is answered for a session that the caller has not, or that has ended.
var ErrNoSession = problem.Define(http.StatusNotFound, "no-session", "There is no such session.")

// SessionView is a session as its owner sees it.
type SessionView struct {
	ID        string    `json:"id" doc:"Names the session." example:"3q2-7wEjRWeJq83vASNFZw"`
	Current   bool      `json:"current" doc:"Whether it is that of this request."`
	Client    string    `json:"client" doc:"What the client called itself." example:"curl/8.5.0"`
	Address   string    `json:"address" doc:"Where it signed in from; of IPv6, the network." example:"198.51.100.7"`
	CreatedAt time.Time `json:"created_at" doc:"When it signed in, in UTC."`
	UsedAt    time.Time `json:"used_at" doc:"When it last got tokens, in UTC."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends, unless it gets new tokens, in UTC."`
}

// listRequest is a request for a list of what the caller has. One person has few of anything, so there are pages and no cursors.
type listRequest struct {
	inSession
	page.Query
}

func (a *Accounts) listSessions(ctx context.Context, in *listRequest) (*page.Of[SessionView], error) {
	var rows []sessionRow
	var total int64
	err := a.db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
		own := sessions.Where(bySubject.Is(in.Caller.Subject()), ended.IsNull(), expires.Greater(a.now()))
		rows, total, err = own.Page(ctx, v, in.Limit(), in.Offset())
		return err
	})
	if err != nil {
		return nil, err
	}
	return page.New(in.Query, rows, total).Map(func(r sessionRow) SessionView {
		return SessionView{r.SID, r.SID == in.Caller.Session(), r.Client, r.Address, r.Created, r.Rotated, r.Expires}
	}), nil
}

// idRequest is a request about one thing of the caller.
type idRequest struct {
	inSession
	ID string `path:"id" minLength:"1" maxLength:"64" doc:"Names it, as the list does."`
}

func (a *Accounts) endSession(ctx context.Context, in *idRequest) (*tenon.NoContent, error) {
	err := a.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		n, err := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET ended_at = ? WHERE sid = ? AND subject = ? AND ended_at IS NULL`,
			a.now(), in.ID, in.Caller.Subject()))
		if err == nil && n == 0 {
			return ErrNoSession
		}
		tx.AfterCommit(func(context.Context) { a.standing.forget() })
		return err
	})
	if err == nil {
		a.event(ctx, "session_expired", in.Caller.Subject(), nil)
	}
	return nil, err
}
