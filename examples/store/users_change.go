package store

import (
	"context"
	"errors"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
)

// UserChange holds what changes of a user; what is absent stays as it is.
type UserChange struct {
	Name  tenon.Opt[string] `json:"name" transform:"nfc" minLength:"1" maxLength:"100" doc:"Not only white space." example:"Ada King"`
	Email tenon.Opt[string] `json:"email" transform:"lower" format:"email" doc:"Unique, and kept in lower case." example:"ada@example.com"`
	Age   tenon.Opt[int]    `json:"age" minimum:"1" maximum:"149" doc:"In years." example:"37"`
}

// ValidateNeeds names what Validate reads.
func (*UserChange) ValidateNeeds() []string { return []string{"name"} }

// Validate refuses a name that nobody can see.
func (c *UserChange) Validate(context.Context) error { return notBlank("/name", c.Name.Or("there")) }

// to is the row as it is after the change.
func (c *UserChange) to(row userRow) userRow {
	row.Name = c.Name.Or(row.Name)
	row.Email = auth.NewPII(c.Email.Or(row.Email.Open()))
	row.Age = c.Age.Or(row.Age)
	return row
}

// changeUser is a request to change one user as the caller has last seen them.
type changeUser struct {
	byUser
	ofUser
	tenon.IfMatch
	Change UserChange `body:""`
}

func (s *users) change(ctx context.Context, in *changeUser) (*userAnswer, error) {
	return s.save(ctx, in.byUser, userTable.Where(userID.Is(in.User.Row().ID), of(userID, in.User.Whose())), in.IfMatch, in.Change)
}

// byUser is a request of the user who calls.
type byUser struct {
	Caller *auth.Principal `dep:""`
}

func (in byUser) id() int64 { return idOf(in.Caller.Subject()) }

func (s *users) me(ctx context.Context, in *byUser) (*userAnswer, error) {
	row, err := one(ctx, s.db, userTable.Where(userID.Is(in.id())))
	if err == nil && row == nil {
		return nil, ErrUserNotFound
	}
	if err != nil {
		return nil, err
	}
	return row.answer(), nil
}

// changeMe is a request of a user to change themselves as they have last seen themselves.
type changeMe struct {
	byUser
	tenon.IfMatch
	Change UserChange `body:""`
}

func (s *users) changeMe(ctx context.Context, in *changeMe) (*userAnswer, error) {
	return s.save(ctx, in.byUser, userTable.Where(userID.Is(in.id())), in.IfMatch, in.Change)
}

// save compares the version and writes the next one in a single transaction. Write transactions wait for each other, so of
// two changes of one version the second finds another.
func (s *users) save(ctx context.Context, caller byUser, which data.Selection[userRow], seen tenon.IfMatch, change UserChange) (*userAnswer, error) {
	var row userRow
	ctx = data.AllowRepeats(ctx, "asks for the caller and for the user, who may be one, before the transaction and within it")
	err := s.db.Write(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
		if err = s.still(ctx, tx, caller.Caller); err != nil {
			return err
		}
		if row, err = which.One(ctx, tx); err != nil {
			return err
		}
		if err = seen.Check(row.etag()); err != nil {
			return err
		}
		changed := change.to(row)
		if changed.Name == row.Name && changed.Email.Open() == row.Email.Open() && changed.Age == row.Age {
			return nil
		}
		changed.Version++
		row = changed
		_, err = tx.Exec(ctx, data.SQL(`UPDATE users SET name = ?, email = ?, age = ?, version = ? WHERE id = ?`,
			row.Name, row.Email, row.Age, row.Version, row.ID))
		return err
	})
	switch {
	case errors.Is(err, data.ErrNoRows):
		return nil, ErrUserNotFound
	case data.IsUnique(err, "users_email_key"):
		return nil, ErrEmailTaken
	case err != nil:
		return nil, err
	}
	return row.answer(), nil
}
