package store

import (
	"context"
	"errors"
	"log/slog"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
)

// Access is what a user may do.
type Access struct {
	Role   Role `json:"role" doc:"What the user may do." example:"editor"`
	Active bool `json:"active" doc:"Whether the user may sign in, and tokens that they have count." example:"true"`
}

func (r userRow) access() *Access { return &Access{r.Role, r.Active} }

func (s *users) access(ctx context.Context, in *userPath) (*Access, error) {
	row, err := one(ctx, s.db, userTable.Where(userID.Is(in.ID)))
	if err == nil && row == nil {
		return nil, ErrUserNotFound
	}
	if err != nil {
		return nil, err
	}
	return row.access(), nil
}

// changeAccess is a request to change what one user may do.
type changeAccess struct {
	byUser
	userPath
	Access Access `body:""`
}

func (s *users) changeAccess(ctx context.Context, in *changeAccess) (*Access, error) {
	err := s.another(ctx, in.byUser, in.ID, func(ctx context.Context, tx *data.Tx, row userRow) error {
		if in.Access.Role != roleAdmin || !in.Access.Active {
			if err := notLastAdmin(ctx, tx, row); err != nil {
				return err
			}
		}
		if !in.Access.Active { // who is let in again later begins anew, and so does a thief
			if err := s.acc.EndSessions(ctx, tx, subject(row.ID)); err != nil {
				return err
			}
		}
		tx.AfterCommit(func(ctx context.Context) { s.tellAccess(ctx, in, row) })
		_, err := tx.Exec(ctx, data.SQL(`UPDATE users SET role = ?, active = ? WHERE id = ?`, in.Access.Role, in.Access.Active, row.ID))
		return err
	})
	if err != nil {
		return nil, err
	}
	return &in.Access, nil
}

// tellAccess logs what became of a user, for those who watch over the service.
func (s *users) tellAccess(ctx context.Context, in *changeAccess, before userRow) {
	who, by := subject(before.ID), slog.String("by", in.Caller.Subject())
	if in.Access.Role != before.Role {
		s.acc.Event(ctx, "privilege_permissions_changed", who, by, slog.String("from", string(before.Role)), slog.String("to", string(in.Access.Role)))
	}
	switch {
	case before.Active && !in.Access.Active:
		s.acc.Event(ctx, "user_archived", who, by)
	case !before.Active && in.Access.Active:
		s.acc.Event(ctx, "user_updated", who, by, slog.Bool("active", true))
	}
}

// deleteUser is a request to delete one user.
type deleteUser struct {
	byUser
	userPath
}

func (s *users) delete(ctx context.Context, in *deleteUser) (*tenon.NoContent, error) {
	return nil, s.another(ctx, in.byUser, in.ID, func(ctx context.Context, tx *data.Tx, row userRow) error {
		if err := notLastAdmin(ctx, tx, row); err != nil {
			return err
		}
		_, err := userTable.Where(userID.Is(row.ID)).Delete(ctx, tx)
		if data.IsForeignKey(err) {
			return ErrUserInUse
		}
		if err != nil {
			return err
		}
		tx.AfterCommit(func(ctx context.Context) {
			s.acc.Event(ctx, "user_deleted", subject(row.ID), slog.String("by", in.Caller.Subject()))
		})
		return s.acc.EndSessions(ctx, tx, subject(row.ID))
	})
}

// another does something to a user who is not the caller, in a transaction. Of two admins who remove each other at once, the second is none any more: the
// transactions follow one another, and each asks for the caller again.
func (s *users) another(ctx context.Context, caller byUser, id int64, do func(ctx context.Context, tx *data.Tx, row userRow) error) error {
	if id == caller.id() {
		return ErrYourself
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
		if err := s.still(ctx, tx, caller.Caller); err != nil {
			return err
		}
		row, err := userTable.Where(userID.Is(id)).One(ctx, tx)
		if errors.Is(err, data.ErrNoRows) {
			return ErrUserNotFound
		}
		if err != nil {
			return err
		}
		return do(ctx, tx, row)
	})
}

// notLastAdmin refuses to go on with the only admin, whoever asks for it.
func notLastAdmin(ctx context.Context, tx *data.Tx, row userRow) error {
	if row.Role != roleAdmin || !row.Active {
		return nil
	}
	n, err := userTable.Where(userRole.Is(roleAdmin), userActive.Is(true)).Count(ctx, tx)
	if err == nil && n < 2 {
		return ErrLastAdmin
	}
	return err
}
