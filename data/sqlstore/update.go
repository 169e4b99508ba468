package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/raw"
	"github.com/tenon-go/tenon/store"
)

// held is a row that this transaction has locked.
type held struct {
	Value []byte `db:"value"`
	Fresh bool   `db:"fresh"` // there is a value, and it has not outlived its ttl
	Now   int64  `db:"now"`
}

var errKeep = errors.New("nothing is to be changed")

// Update implements store.Store. The row is locked while change runs, one that is not there by making it.
func (s *Store) Update(ctx context.Context, key string, change store.Change) error {
	if err := check(ctx, key); err != nil {
		return err
	}
	err := s.write(ctx, func(ctx context.Context, tx *data.Tx) error {
		is, err := s.hold(ctx, tx, key)
		if err != nil {
			return err
		}
		var old []byte
		if is.Fresh {
			old = present(is.Value)
		}
		value, ttl, keep := change(time.UnixMicro(is.Now), old)
		if keep || value == nil && old == nil {
			return errKeep // rolls back, and with that the row that was made to be locked
		}
		if value == nil {
			_, err := tx.Exec(ctx, among(s.texts().remove, []string{key}))
			return err
		}
		if err := store.CheckValue(value, ttl); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, raw.SQL(s.texts().put, []byte(key), value, is.Now+microseconds(ttl)))
		return err
	})
	if errors.Is(err, errKeep) {
		return nil
	}
	return err
}

func (s *Store) hold(ctx context.Context, tx *data.Tx, key string) (held, error) {
	is, err := data.One[held](ctx, tx, raw.SQL(s.texts().hold, []byte(key)))
	if errors.Is(err, data.ErrNoRows) {
		is, err = data.One[held](ctx, tx, raw.SQL(s.texts().occupy, []byte(key)))
	}
	return is, err
}
