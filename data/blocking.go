package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// blocked refuses migrations that say of a table of PostgreSQL that others wait for as long as it is large, where it is. How large is what the server
// last counted.
func (m *Migrator) blocked(ctx context.Context, to int64) error {
	if m.engine.kind() != migration.Postgres {
		return nil
	}
	now, err := m.Status(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, pending := range now.In(migration.Pending) {
		if pending.Number > to {
			continue
		}
		for _, table := range m.set.Find(pending.Number).Blocking {
			var rows int64
			err := m.db.QueryRowContext(ctx, `SELECT reltuples::BIGINT FROM pg_class
				WHERE relname = $1 AND relnamespace = current_schema()::regnamespace`, table).Scan(&rows)
			switch {
			case errors.Is(err, sql.ErrNoRows): // a migration before this one makes it
			case err != nil:
				faults = append(faults, err)
			case rows > m.blocking:
				faults = append(faults, fmt.Errorf("%s makes others wait for the table %s, which has about %d rows: "+
					"apply it when nobody is there, by migrate up --blocking", pending.Name, table, rows))
			}
		}
	}
	return errors.Join(faults...)
}
